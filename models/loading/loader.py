"""From a name, a Hub id or a folder to a LanguageModel, or to one sentence why not."""

import errno
import logging
import re
from collections.abc import Callable
from threading import Lock
from typing import Any

import torch
from transformers import (
    AutoConfig,
    AutoModel,
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    AutoModelForSeq2SeqLM,
    AutoModelForTextEncoding,
    AutoTokenizer,
    ByT5Tokenizer,
)
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
    MODEL_MAPPING_NAMES,
)

from models.engine.language_model import LanguageModel
from models.errors import CorruptModel, ModelError, RemoteCode, TooLarge, Unsupported
from models.loading.assembly import assemble, preferred_attention
from models.loading.devices import PROCESSOR, SEVERAL, choose_device, choose_precision, place
from models.loading.hub import BUNDLED, Located, Progress, locate
from models.loading.precautions import check_files, check_layers, rehearse
from models.loading.weights import read_config, read_weights
from models.text.text_tokenizer import TextTokenizer
from models.translation import _

__all__ = ["Progress", "kind_of", "load", "load_tokenizer"]

BYTES = "byt5"  # the tokenizer of bytes: Xue et al. 2022, "ByT5: Towards a Token-Free Future"
FOLDERS = re.compile(r"(?<![\w:/.\\-])(?:[A-Za-z]:)?[/\\](?:[^\s'\",;:/\\]+[/\\])+")
"""The folders of an absolute path, of either kind."""
_reading = Lock()
log = logging.getLogger(__name__)

AUTOMATIC = {
    "decoder": AutoModelForCausalLM,
    "encoder": AutoModelForMaskedLM,
    "encoder-decoder": AutoModelForSeq2SeqLM,
}
HEADS = frozenset(
    {
        *MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values(),
        *MODEL_FOR_MASKED_LM_MAPPING_NAMES.values(),
        *MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES.values(),
    }
)
HEAD_ENDINGS = ("ForCausalLM", "LMHeadModel", "ForMaskedLM", "ForConditionalGeneration", "ForPreTraining")
"""Classes that have a head which turns vectors into words, and how the names of others that have one end."""
SENTENCES = "modules.json"
"""Lies in the folders of sentence encoders: sentence-transformers' list of what comes after the network."""


def load(
    name: str,
    *,
    device: str | None = None,
    precision: str | None = None,
    hosted: bool = False,
    progress: Progress | None = None,
) -> LanguageModel:
    """Load a model by catalogue name, Hub id or (not when `hosted`) folder.

    `device` is "cpu", "cuda", "cuda:1", "mps", "xpu", or "auto" or None for the best there is; `precision` "float32",
    "bfloat16", "float16" or None for what suits the device. What cannot be read on a device nobody asked for runs on
    the processor. `progress` is told the fraction done and what is being done. Only safetensors are read, a
    repository's own code never runs, and every refusal is a ModelError.
    """
    chosen = choose_device(device)
    fixed = device not in (None, "auto")
    try:
        return _load(name, chosen, precision, fixed=fixed, hosted=hosted, progress=progress)
    except ModelError as error:
        if fixed or chosen.partition(":")[0] in (PROCESSOR, "cuda"):
            raise
        log.warning("%s was not read on %s and is read on the processor: %s", name, chosen, error)
    return _load(name, PROCESSOR, precision, fixed=True, hosted=hosted, progress=progress)


def _load(
    name: str, chosen: str, precision: str | None, *, fixed: bool, hosted: bool, progress: Progress | None
) -> LanguageModel:
    tell = progress or (lambda *_news: None)
    dtype = choose_precision(precision, chosen)
    tell(0.0, _("Looking up {name}…", name=name))
    located = locate(
        name,
        hosted=hosted,
        progress=lambda fraction, text: tell(0.05 + 0.6 * fraction, text),
        check=lambda called, numbers: place(called, numbers * dtype.itemsize, chosen, fixed=fixed),
    )
    look_at(located)
    config_read = read_config(located.folder, located.name)
    weights = read_weights(located.folder, located.name)
    check_layers(config_read, weights.tensors, located.name)
    placed = place(located.name, weights.parameters * dtype.itemsize, chosen, fixed=fixed)
    tell(0.65, _("Reading {name}…", name=located.name))
    if placed == PROCESSOR != chosen:
        too_large = _("{name} does not fit on {device}: it runs on the processor, slowly.", name=name, device=chosen)
        log.warning("%s", too_large)
        tell(0.65, too_large)
    config, tokenizer = _guarded(lambda: _read_words(located), located.name, _("its configuration or tokenizer"))
    network, kind = _guarded(lambda: _read_network(located, config, dtype, placed), located.name, _("its weights"))
    tell(0.9, _("Looking at the architecture of {name}…", name=located.name))
    return _guarded(
        lambda: assemble(
            located.name,
            network,
            tokenizer,
            kind=kind,
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
    _config, tokenizer = _guarded(lambda: _read_words(located), located.name, _("its configuration or tokenizer"))
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
    both_ways = set(MODEL_FOR_MASKED_LM_MAPPING_NAMES.values())  # XLM's one class is for either
    one_way = any(name.endswith(("ForCausalLM", "LMHeadModel")) and name not in both_ways for name in names)
    speaks = one_way or getattr(config, "is_decoder", False) or getattr(config, "causal", False)
    if config.model_type in MODEL_FOR_MASKED_LM_MAPPING_NAMES and not speaks:
        return "encoder"
    if config.model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        return "decoder"
    if config.model_type in MODEL_MAPPING_NAMES and not has_head(config):
        return "encoder"
    raise _no_language_model(config)


def _no_language_model(config: Any) -> Unsupported:
    return Unsupported(
        _("Models of the type {type} are not language models the explorer can read.", type=repr(config.model_type))
    )


def has_head(config: Any) -> bool:
    """True unless a configuration names classes, and none of them has a head that turns vectors into words."""
    names = getattr(config, "architectures", None) or []
    return not names or any(name in HEADS or name.endswith(HEAD_ENDINGS) for name in names)


def _read_words(located: Located) -> tuple[Any, Any]:
    folder = located.folder
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    try:
        return config, AutoTokenizer.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
    except Exception as error:
        settings = folder / "tokenizer_config.json"
        if settings.is_file() and '"auto_map"' in settings.read_text(encoding="utf-8", errors="replace"):
            raise _own_code(located.name) from error
        raise


def _own_code(name: str) -> RemoteCode:
    return RemoteCode(
        _("{name} runs only with code from its own repository, and the explorer never runs that.", name=name)
    )


def _read_network(located: Located, config: Any, dtype: torch.dtype, device: str) -> tuple[Any, str]:
    """The weights on their device, and their kind: with a head for words where the file has one, else without.

    Refused if the file lacks parts of the network itself, for those would be random numbers.
    """
    kind = kind_of(config)
    missing: list[str] = []
    for automatic in _classes(located, config, kind):
        network, missing = _from_pretrained(automatic, located, config, dtype, device)
        if not missing:
            alone = automatic is AutoModelForTextEncoding and kind == "encoder-decoder"
            return network if device == SEVERAL else network.to(device), "encoder" if alone else kind
    raise CorruptModel(
        _(
            "The weights of {name} lack {count} parts of the network (the first: {first}), so what it computes would "
            "be random; download it again, or choose another model.",
            name=located.name,
            count=len(missing),
            first=missing[0],
        )
    )


def _classes(located: Located, config: Any, kind: str) -> list[Any]:
    """The classes to try on these weights: first with a head for words, unless the folder says it has none."""
    names = getattr(config, "architectures", None) or [""]
    bare = [AutoModel, AutoModelForTextEncoding] if kind == "encoder-decoder" else [AutoModel]
    bare = [automatic for automatic in bare if _reads_text(automatic, config)]
    if not bare and not _has_class(AUTOMATIC[kind], config):
        raise _no_language_model(config)
    if any(name.endswith("EncoderModel") for name in names):
        return [AutoModelForTextEncoding]
    # A decoder or encoder-decoder saved without its head, which is its table of embeddings, has lost nothing.
    whole = kind != "encoder" and any(name.endswith("Model") for name in names)
    headless = not has_head(config) and (not whole or (located.folder / SENTENCES).is_file())
    return [*([] if headless else [AUTOMATIC[kind]]), *bare] if _has_class(AUTOMATIC[kind], config) else bare


def _has_class(automatic: Any, config: Any) -> bool:
    return type(config) in automatic._model_mapping  # noqa: SLF001 - no public way from configuration to class


def _reads_text(automatic: Any, config: Any) -> bool:
    """True if there is a class for this configuration, and what it reads first is token ids, not sound or pictures."""
    if not _has_class(automatic, config):
        return False
    found = automatic._model_mapping[type(config)]  # noqa: SLF001
    return bool((found[0] if isinstance(found, tuple) else found).main_input_name == "input_ids")


def _from_pretrained(
    automatic: Any, located: Located, config: Any, dtype: torch.dtype, device: str
) -> tuple[Any, list[str]]:
    """One class with these weights, and the names of the parts they lack; a pooler is a part nobody reads."""
    if not _has_class(automatic, config):
        return None, [automatic.__name__]
    settings: dict[str, Any] = {
        "dtype": dtype,
        "device_map": "auto" if device == SEVERAL else None,
        "trust_remote_code": False,
        "use_safetensors": True,
        "local_files_only": True,
        "output_loading_info": True,
    }
    attention = preferred_attention(automatic, config)
    # transformers switches initialising and tying of weights off for the whole process while it reads one model.
    with _reading:
        try:
            network, report = automatic.from_pretrained(
                located.folder, config=config, attn_implementation=attention, **settings
            )
        except KeyError:  # a table of its own of ways to attend (GIT)
            network, report = automatic.from_pretrained(located.folder, config=config, **settings)
    return network, sorted(name for name in report["missing_keys"] if "pooler" not in name.split("."))


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
        if "trust_remote_code" in str(error):
            raise _own_code(name) from error
        raise _unreadable(name, part, error) from error


def _unreadable(name: str, part: str, error: Exception) -> CorruptModel:
    reason = _first_line(error)
    return CorruptModel(_("{name} cannot be read: {part} failed ({reason}).", name=name, part=part, reason=reason))


def _first_line(error: Exception) -> str:
    """What a library says, in one line, of files by their names alone: where they lie is the machine's own affair."""
    line = FOLDERS.sub("", (str(error).strip().splitlines() or [type(error).__name__])[0])
    return line if len(line) <= 160 else line[:159] + "…"
