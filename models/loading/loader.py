"""From a name, a Hub id or a folder to a LanguageModel, or to one sentence why not."""

import errno
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    ByT5Tokenizer,
)
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, MODEL_FOR_MASKED_LM_MAPPING_NAMES

from models.engine.language_model import LanguageModel
from models.errors import CorruptModel, ModelError, TooLarge, Unsupported
from models.loading.assembly import assemble, preferred_attention
from models.loading.devices import SEVERAL, choose_device, choose_precision, place
from models.loading.hub import BUNDLED, Located, Progress, locate
from models.loading.precautions import check_files, check_layers, rehearse
from models.loading.weights import read_config, read_weights
from models.text.text_tokenizer import TextTokenizer
from models.translation import _

__all__ = ["Progress", "kind_of", "load", "load_tokenizer"]

BYTES = "byt5"  # the tokenizer of bytes: Xue et al. 2022, "ByT5: Towards a Token-Free Future"
_reading = Lock()

AUTOMATIC = {
    "decoder": AutoModelForCausalLM,
    "encoder": AutoModelForMaskedLM,
    "encoder-decoder": AutoModelForSeq2SeqLM,
}


def load(
    name: str,
    *,
    device: str | None = None,
    precision: str | None = None,
    hosted: bool = False,
    progress: Progress | None = None,
) -> LanguageModel:
    """Load a model by catalogue name, Hub id or (not when `hosted`) folder.

    `device` is "cpu", "cuda", "cuda:1", "mps" or None for the best there is; `precision` "float32", "bfloat16",
    "float16" or None for what suits the device. `progress` is told the fraction done and what is being done. Only
    safetensors are read, a repository's own code never runs, and every refusal is a ModelError.
    """
    tell = progress or (lambda *_news: None)
    chosen = choose_device(device)
    dtype = choose_precision(precision, chosen)
    tell(0.0, _("Looking up {name}…", name=name))
    located = locate(
        name,
        hosted=hosted,
        progress=lambda fraction, text: tell(0.05 + 0.6 * fraction, text),
        check=lambda called, numbers: place(called, numbers * dtype.itemsize, chosen, fixed=device is not None),
    )
    look_at(located)
    config_read = read_config(located.folder, located.name)
    weights = read_weights(located.folder, located.name)
    check_layers(config_read, weights.tensors, located.name)
    chosen = place(located.name, weights.parameters * dtype.itemsize, chosen, fixed=device is not None)
    tell(0.65, _("Reading {name}…", name=located.name))
    config, tokenizer = _guarded(lambda: _read_words(located.folder), located.name, _("its configuration or tokenizer"))
    network = _guarded(lambda: _read_network(located, config, dtype, chosen), located.name, _("its weights"))
    tell(0.9, _("Looking at the architecture of {name}…", name=located.name))
    return _guarded(
        lambda: assemble(
            located.name,
            network,
            tokenizer,
            kind=kind_of(config),
            revision=located.revision,
            folder=located.folder,
        ),
        located.name,
        _("a first run of it"),
    )


def load_tokenizer(name: str, *, hosted: bool = False, progress: Progress | None = None) -> TextTokenizer:
    """Load the tokenizer of a model, named as in `load`, and none of its weights; every refusal is a ModelError.

    `BYTES` names ByT5's, which has a token for each byte and needs no file.
    """
    if name.strip().casefold() == BYTES:
        return TextTokenizer(name=BYTES, revision="transformers", tokenizer=ByT5Tokenizer())
    tell = progress or (lambda *_news: None)
    located = locate(name, hosted=hosted, progress=tell, check=lambda *_size: None, weights=False)
    look_at(located)
    read_config(located.folder, located.name)
    _config, tokenizer = _guarded(
        lambda: _read_words(located.folder), located.name, _("its configuration or tokenizer")
    )
    return TextTokenizer(name=located.name, revision=located.revision, tokenizer=tokenizer)


def look_at(located: Located) -> None:
    """Look at a stranger's files before any library believes them; what came with the program is known."""
    if located.revision != BUNDLED:
        check_files(located.folder, located.name)
        rehearse(located.folder, located.name)


def kind_of(config: Any) -> str:
    """Say "decoder", "encoder" or "encoder-decoder", from the architecture named in a configuration."""
    if config.is_encoder_decoder:
        return "encoder-decoder"
    names = getattr(config, "architectures", None) or []
    speaks = getattr(config, "is_decoder", False) or any(n.endswith(("ForCausalLM", "LMHeadModel")) for n in names)
    if config.model_type in MODEL_FOR_MASKED_LM_MAPPING_NAMES and not speaks:
        return "encoder"
    if config.model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        return "decoder"
    raise Unsupported(
        _("Models of the type {type} are not language models the explorer can read.", type=repr(config.model_type))
    )


def _read_words(folder: Path) -> tuple[Any, Any]:
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    return config, AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)


def _read_network(located: Located, config: Any, dtype: torch.dtype, device: str) -> Any:
    """The weights on their device; refused if the file lacks some, for those would be random numbers."""
    automatic = AUTOMATIC[kind_of(config)]
    # transformers switches initialising and tying of weights off for the whole process while it reads one model.
    with _reading:
        network, report = automatic.from_pretrained(
            located.folder,
            config=config,
            dtype=dtype,
            attn_implementation=preferred_attention(automatic, config),
            device_map="auto" if device == SEVERAL else None,
            trust_remote_code=False,
            use_safetensors=True,
            local_files_only=True,
            output_loading_info=True,
        )
    missing = sorted(report["missing_keys"])
    if missing:
        raise CorruptModel(
            _(
                "The weights of {name} lack {count} parts of a language model (the first: {first}), so its words would "
                "be random; choose a model with a language modelling head.",
                name=located.name,
                count=len(missing),
                first=missing[0],
            )
        )
    return network if device == SEVERAL else network.to(device)


def _guarded(read: Callable[[], Any], name: str, part: str) -> Any:
    """Calls `read`, and turns what a library raises on a damaged or unusual file into a sentence."""
    try:
        return read()
    except ModelError:
        raise
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise TooLarge(_("The memory ran out while {name} was read; choose a smaller model.", name=name)) from error
    except ImportError as error:
        sentence = _("{name} needs a Python package that is not installed here:", name=name)
        raise Unsupported(f"{sentence} {_first_line(error)}") from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise TooLarge(
                _("The disk is full, so {name} cannot be read; make room and try again.", name=name)
            ) from error
        raise _unreadable(name, part, error) from error
    except Exception as error:  # the libraries below raise every kind, bare Exception too, on damaged files
        raise _unreadable(name, part, error) from error


def _unreadable(name: str, part: str, error: Exception) -> CorruptModel:
    reason = _first_line(error)
    return CorruptModel(_("{name} cannot be read: {part} failed ({reason}).", name=name, part=part, reason=reason))


def _first_line(error: Exception) -> str:
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return line if len(line) <= 160 else line[:159] + "…"
