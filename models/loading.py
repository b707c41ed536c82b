"""From a name, a Hub id or a folder to a LanguageModel, or to one sentence why not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM, AutoTokenizer
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES, MODEL_FOR_MASKED_LM_MAPPING_NAMES

from models.anatomy import discover, listen
from models.attention import CAPTURE, EAGER, register
from models.catalog import find
from models.errors import Unsupported
from models.language_model import LanguageModel
from models.run import implementation, run

Progress = Callable[[float, str], None]

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
    """Loads a model by catalogue name, Hub id or (not when `hosted`) folder.

    `device` is "cpu", "cuda", "mps" or None for the best there is; `precision` "float32", "bfloat16", "float16" or None for
    what suits the device. `progress` is told the fraction done and what is being done. Every refusal is a ModelError.
    """
    tell = progress or (lambda fraction, text: None)
    entry = find(name)
    source = str(entry.folder if entry is not None and entry.bundled else Path(name).expanduser())
    tell(0.05, f"Looking up {name}…")
    place = device or "cpu"
    config = AutoConfig.from_pretrained(source, trust_remote_code=False)
    tell(0.1, "Reading the tokenizer…")
    tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False)
    tell(0.2, "Reading the weights…")
    network = read_network(config, source, torch.float32, place)
    tell(0.9, "Looking at its anatomy…")
    return assemble(name if entry is None else entry.name, network, tokenizer, revision="local")


def kind_of(config: Any) -> str:
    """ "decoder", "encoder" or "encoder-decoder", from the architecture named in a configuration."""
    names = getattr(config, "architectures", None) or [""]
    if config.is_encoder_decoder:
        return "encoder-decoder"
    masked, causal = MODEL_FOR_MASKED_LM_MAPPING_NAMES, MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    speaks = getattr(config, "is_decoder", False) or any(n.endswith(("ForCausalLM", "LMHeadModel")) for n in names)
    if config.model_type in masked and not speaks:
        return "encoder"
    if config.model_type in causal:
        return "decoder"
    raise Unsupported(f"Models of type {config.model_type!r} are not language models the explorer can read.")


def read_network(config: Any, source: str, precision: torch.dtype, device: str) -> Any:
    """The weights, with attention captured where the family allows it."""
    register()
    automatic = AUTOMATIC[kind_of(config)]
    network = automatic.from_pretrained(
        source,
        config=config,
        dtype=precision,
        attn_implementation=preferred_attention(automatic, config),
        trust_remote_code=False,
        use_safetensors=True,
        local_files_only=True,
    )
    return network.to(device).eval()


def preferred_attention(automatic: Any, config: Any) -> str:
    """Captured attention for families that take their attention function from the registry, else eager."""
    network_class = automatic._model_mapping[type(config)]  # noqa: SLF001 - no public way from configuration to class
    return CAPTURE if network_class._can_set_attn_implementation() else EAGER  # noqa: SLF001


def assemble(name: str, network: Any, tokenizer: Any, *, revision: str) -> LanguageModel:
    """Finds the anatomy of a network and makes sure captured attention is the attention it computes."""
    network.eval().requires_grad_(requires_grad=False)
    inputs = probe_inputs(network)
    anatomy = discover(network, inputs)
    listen(anatomy)
    noted = run(network, anatomy, inputs)
    layers = noted.scores[list(noted.scores)[-1]]
    weight = next(network.parameters())
    return LanguageModel(
        name=name,
        revision=revision,
        kind=kind_of(network.config),
        family=network.config.model_type,
        network=network,
        tokenizer=tokenizer,
        anatomy=anatomy,
        device=weight.device.type,
        precision=str(weight.dtype).removeprefix("torch."),
        context=context_of(network.config),
        layers=anatomy.depths["decoder"] - 1,
        heads=layers[0].shape[0],
    )


def probe_inputs(network: Any) -> dict[str, torch.Tensor]:
    """A few tokens to run once; source and target differ in length so that the two cannot be confused."""
    place = network.get_input_embeddings().weight.device
    inputs = {"input_ids": torch.arange(5, 12, device=place)[None]}
    if network.config.is_encoder_decoder:
        inputs["decoder_input_ids"] = torch.arange(6, 11, device=place)[None]
    return inputs


def context_of(config: Any) -> int | None:
    """How many tokens the model can read; None where positions have no end (T5's biases, ALiBi)."""
    names = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len")
    found = (getattr(config, name, None) for name in names)
    return next((int(count) for count in found if count), None)


__all__ = ["implementation", "load"]
