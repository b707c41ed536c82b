"""One model of one class against transformers by itself: logits, depths, attention, context and completions."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.generation.completion import follow
from models.generation.sampling import Sampling
from models.generation.steps import Step
from models.loading import loader
from tests.models.families import text_of, words

LENGTH, TARGET_LENGTH = 23, 9
NEW_TOKENS = 8
TOLERANCE = 1e-3
"""Largest difference, as a part of the largest value."""
OUTPUTS = {
    "self": "attentions",
    "encoder": "encoder_attentions",
    "decoder": "decoder_attentions",
    "cross": "cross_attentions",
}


class DiffersError(Exception):
    """A number is not the network's own; the text says which."""


def saved(network: Any, folder: Path) -> None:
    """Weights that are no trifles (fresh norms do nearly nothing), and a folder of them."""
    torch.manual_seed(len(type(network).__name__))
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn_like(parameter) * 0.2)
            elif parameter.is_floating_point():
                parameter.copy_(torch.randn_like(parameter) * 0.8 * parameter.shape[-1] ** -0.5)
    network.save_pretrained(folder)


def opened(folder: Path) -> LanguageModel:
    """The folder as the explorer opens it, with words of its own: tokenizers are another matter."""
    vars(loader)["AutoTokenizer"] = SimpleNamespace(from_pretrained=lambda *_, **__: words())
    return loader.load(str(folder), device="cpu", precision="float32")


def compare(model: LanguageModel, automatic: Any, folder: Path) -> list[str]:
    """What was compared and agrees; raises `DiffersError` where a number is not the network's own."""
    network = automatic.from_pretrained(folder, dtype=torch.float32).eval()
    checked = []
    for length in (LENGTH, model.context or 80):
        trace = traced(model, length)
        output = run(network, trace)
        if "words" not in model.closed:
            close("logits", trace.logits, output.logits[0])
            close("the last row", trace.last_logits, output.logits[0, -1])
        checked += ["logits", *_depths(trace, output)]
    checked += _attention(model, automatic, folder, output.logits)
    if model.kind != "encoder":
        checked += _completions(model, network)
    return sorted(set(checked))


def traced(model: LanguageModel, length: int) -> Trace:
    """A trace of so many tokens."""
    if model.kind == "encoder-decoder":
        return model.trace(text_of(length), text_of(min(length - 2, TARGET_LENGTH), seed=1))
    return model.trace(text_of(length))


def run(network: Any, trace: Trace, **settings: Any) -> Any:
    """What transformers computes for the same tokens."""
    inputs = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if trace.target_tokens:
        inputs["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    cache = {"use_cache": False} if hasattr(network.config, "use_cache") else {}
    with torch.no_grad():
        return network(**inputs, **cache, output_hidden_states=True, return_dict=True, **settings)


def close(name: str, found: Any, wanted: Any) -> None:
    """Raise `DiffersError` unless two arrays are equal to rounding."""
    wanted = np.asarray(wanted.detach().float() if isinstance(wanted, torch.Tensor) else wanted)
    if found is None or found.shape != wanted.shape:
        raise DiffersError(f"{name} has the shape {None if found is None else found.shape}, not {wanted.shape}")
    scale = max(float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0)), 1e-6)
    both = np.isfinite(wanted)
    apart = float(np.abs(found[both] - wanted[both]).max(initial=0)) / scale
    if not apart <= TOLERANCE or not np.array_equal(np.isfinite(found), both):
        raise DiffersError(f"{name}: {apart:.2g} apart")


def _depths(trace: Trace, output: Any) -> Iterator[str]:
    """The last hidden state has often been through the final norm."""
    states = getattr(output, "decoder_hidden_states", None) or getattr(output, "hidden_states", None) or ()
    pairs = [("depth", trace.residual, states)]
    if trace.encoder_residual is not None:
        pairs.append(("encoder depth", trace.encoder_residual, output.encoder_hidden_states))
    for name, residual, told in pairs:
        if len(told) != len(residual):
            continue
        for depth, state in enumerate(told[:-1]):
            close(f"{name} {depth}", residual[depth], state[0])
        yield "depths"


def _attention(model: LanguageModel, automatic: Any, folder: Path, logits: torch.Tensor) -> Iterator[str]:
    """Against eager attention, where that gives the default implementation's logits."""
    if "attention" in model.closed:
        return
    eager = automatic.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    trace = traced(model, model.context or 80)
    run(eager, trace)  # BigBird settles how it attends in its first run
    output = run(eager, trace, output_attentions=True)
    if (output.logits - logits).abs().max() > TOLERANCE * logits.abs().max():
        yield "attention by the fused kernel"
        return
    for kind in trace.attention_kinds:
        patterns = [pattern for pattern in getattr(output, OUTPUTS[kind], None) or () if pattern is not None]
        if not patterns:  # BigBird hands none out once it has settled how it attends
            yield "attention without a reference"
            return
        attending = [layer for layer, heads in enumerate(trace.heads_by_layer(kind)) if heads]
        if len(patterns) != len(attending):
            raise DiffersError(f"{kind} attention of {len(attending)} layers, not {len(patterns)}")
        for layer, pattern in zip(attending, patterns, strict=True):
            close(f"{kind} attention of layer {layer}", trace.attention(layer, kind=kind), pattern[0])
    yield "attention"


def _completions(model: LanguageModel, network: Any) -> Iterator[str]:
    """Greedy, alone and in company, against a pass over the whole text for every token."""
    texts = [text_of(7, seed=3), text_of(12, seed=4)]
    wanted = [_greedy(model, network, text) for text in texts]
    for text, ids in zip(texts, wanted, strict=True):
        found = [step.token.id for step in model.complete(text, Sampling(greedy=True), max_new_tokens=NEW_TOKENS)]
        if found != ids[: len(found)] or (len(found) < NEW_TOKENS and found[-1:] != [2]):
            raise DiffersError(f"a completion alone: {found}, not {ids}")
    together = _in_company(model, texts)
    for found, ids in zip(together, wanted, strict=True):
        if found != ids[: len(found)]:
            raise DiffersError(f"a completion in company: {found}, not {ids}")
    yield "completions"


def _greedy(model: LanguageModel, network: Any, text: str) -> list[int]:
    both = model.kind == "encoder-decoder"
    source = [token.id for token in model.tokenize(text)]
    ids = [token.id for token in model.tokenize("", target=True)] if both else source
    cache = {"use_cache": False} if hasattr(network.config, "use_cache") else {}
    start = len(ids)
    for _ in range(NEW_TOKENS):
        name = "decoder_input_ids" if both else "input_ids"
        inputs = ({"input_ids": torch.tensor([source])} if both else {}) | {name: torch.tensor([ids])}
        with torch.no_grad():
            ids = [*ids, int(network(**inputs, **cache).logits[0, -1].argmax())]
    return ids[start:]


def _in_company(model: LanguageModel, texts: list[str]) -> list[list[int]]:
    """Completions that are asked for in turns, so that they share the batch."""
    streams = [follow(model, text, Sampling(greedy=True), max_new_tokens=NEW_TOKENS) for text in texts]
    found: list[list[int]] = [[] for _ in texts]
    with closing(streams[0]), closing(streams[1]):
        for _ in range(2 * NEW_TOKENS):
            for stream, ids in zip(streams, found, strict=True):
                ids += [step.token.id for step in [next(stream, None)] if isinstance(step, Step)]
    return found
