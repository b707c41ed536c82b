"""What must hold on any device and in any precision: each check compares with transformers' own default, there.

Used by the tests of this folder and by `tests.benchmarks.gpu`. Each raises AssertionError that says what differs.
"""

from functools import cache
from typing import Any

import numpy as np
import torch
from accelerate import dispatch_model
from jaxtyping import Float32
from numpy import ndarray

from models import load
from models.engine.language_model import LanguageModel
from models.errors import Unsupported
from models.generation.sampling import Sampling
from models.lenses.grid import lens_grid
from models.loading.assembly import assemble
from models.loading.devices import BEST_FIRST, PROCESSOR, count_of
from models.loading.loader import kind_of
from tests.models.families import FAMILIES, build, text_of, words

# The largest difference, as a part of the largest number compared.
LOGITS = {torch.float32: 1e-4, torch.bfloat16: 3e-2, torch.float16: 1e-2}
WEIGHTS = {torch.float32: 1e-4, torch.bfloat16: 3e-2, torch.float16: 1e-2}
SUMS = {torch.float32: 1e-3, torch.bfloat16: 0.1, torch.float16: 0.03}
LENGTH, WRITTEN = 9, 6


def gpu() -> str | None:
    """The best device of this machine that is not the processor; None where there is none."""
    return next((kind for kind in BEST_FIRST if count_of(kind)), None)


@cache
def placed(case: str, device: str, precision: torch.dtype) -> LanguageModel:
    """The network of one family there, as the explorer reads it."""
    network = build(case).to(device=device, dtype=precision)
    return assemble(case, network, words(), kind=kind_of(network.config), revision="test")


def check_family(case: str, device: str, precision: torch.dtype) -> None:
    """Logits against the default attention of transformers, patterns against its eager attention, on this device."""
    model = placed(case, device, precision)
    assert model.device == torch.device(device).type
    trace = model.trace(text_of(LENGTH), _target(model))
    plain = build(case, eager=True).to(device=device, dtype=precision)
    wanted = _run(plain, model, output_attentions=True)
    near(trace.logits, wanted.logits[0], LOGITS[precision], "logits")
    names = {"self": "attentions", "encoder": "encoder_attentions", "decoder": "decoder_attentions"}
    for kind in trace.attention_kinds:
        layers = getattr(wanted, names.get(kind, "cross_attentions"), None) or ()
        for layer, pattern in enumerate(layers):
            if pattern is not None and trace.heads_by_layer(kind)[layer]:
                near(
                    trace.attention(layer, kind=kind),
                    pattern[0],
                    WEIGHTS[precision],
                    f"{kind} attention, layer {layer}",
                )


def check_changes(case: str, device: str, precision: torch.dtype) -> None:
    """A head switched off: what transformers computes if that head's columns of the output projection are zero."""
    model = placed(case, device, precision)
    trace = model.trace(text_of(LENGTH), changes=[{"kind": "head", "layer": 1, "head": 2}])
    plain = build(case, eager=True).to(device=device, dtype=precision)
    size = model.width // model.heads
    columns = slice(2 * size, 3 * size)
    for name, module in plain.named_modules():
        if name.endswith("layers.1.self_attn.o_proj"):
            module.weight.data[:, columns] = 0
        if name.endswith("h.1.attn.c_proj"):  # gpt2 keeps its matrices the other way round
            module.weight.data[columns] = 0
    near(trace.logits, _run(plain, model).logits[0], LOGITS[precision], "logits without a head")


def check_lens(case: str, device: str, precision: torch.dtype) -> None:
    """The logit lens at every depth: the network's own final norm and output embedding of its own hidden states."""
    model = placed(case, device, precision)
    trace = model.trace(text_of(LENGTH))
    plain = build(case, eager=True).to(device=device, dtype=precision)
    states = _run(plain, model, output_hidden_states=True).hidden_states
    norm = plain.base_model.norm if hasattr(plain.base_model, "norm") else plain.base_model.ln_f
    for depth, state in enumerate(states[:-1]):
        with torch.no_grad():
            wanted = plain.get_output_embeddings()(norm(state))[0]
        near(trace.lens(depth), wanted, 2 * LOGITS[precision], f"lens at depth {depth}")


def check_sums(case: str, device: str, precision: torch.dtype) -> None:
    """What the parts, heads, sources and neurons add to a logit is that logit."""
    model = placed(case, device, precision)
    trace = model.trace(text_of(LENGTH), _target(model))
    for by in ("part", "head", "source", "neuron"):
        try:
            found = trace.contributions(-1, "w20", by=by, count=10_000)
        except Unsupported:  # in half precision some are refused, in one sentence
            if precision == torch.float32:
                raise
            continue
        scale = max(abs(found.logit), *(abs(part.value) for part in found.parts))
        assert abs(found.remainder) <= SUMS[precision] * scale, f"{by}: {found.remainder} of {scale}"
        assert abs(found.logit - float(trace.logits_at(-1)[20])) <= SUMS[precision] * scale


def check_seeds(case: str, device: str, precision: torch.dtype, *, company: int = 5, length: int = 12) -> None:
    """A seed gives the same text alone and in company, greedy the text of `generate`."""
    model = placed(case, device, precision)
    texts = [text_of(3 + number) for number in range(company)]
    alone = [written(model, text, seed, length) for seed, text in enumerate(texts)]
    running = [model.complete(text, Sampling(seed=seed), length) for seed, text in enumerate(texts)]
    together: list[list[int]] = [[] for _ in texts]
    for _ in range(length):
        for number, steps in enumerate(running):
            step = next(steps, None)
            if step is not None:
                together[number].append(step.token.id)
    assert together == alone, f"alone {alone}, in company {together}"
    if precision == torch.float32:
        plain = build(case, eager=True).to(device=device)
        ids = torch.tensor([[token.id for token in model.tokenize(texts[0])]], device=device)
        wanted = plain.generate(ids, max_new_tokens=length, do_sample=False, attention_mask=torch.ones_like(ids))
        found = [step.token.id for step in model.complete(texts[0], Sampling(greedy=True), length)]
        assert found == wanted[0, ids.shape[1] :].tolist()


def check_bundled(device: str) -> None:
    """The bundled model there, in single precision, says what it says on the processor."""
    there, here = load("storybook", device=device, precision="float32"), load("storybook", device="cpu")
    text = "Once upon a time there was a king who had three daughters"
    traces = there.trace(text), here.trace(text)
    near(traces[0].logits, torch.from_numpy(np.array(traces[1].logits)), 1e-3, "logits")
    for layer in range(here.layers):
        near(traces[0].attention(layer), torch.from_numpy(np.array(traces[1].attention(layer))), 1e-3, "attention")


def written(model: LanguageModel, text: str, seed: int, length: int) -> list[int]:
    """The tokens a seed gives."""
    return [step.token.id for step in model.complete(text, Sampling(seed=seed), length)]


def near(found: Float32[ndarray, "..."], wanted: torch.Tensor, tolerance: float, what: str) -> None:
    """Raise unless the largest difference is at most `tolerance` of the largest number wanted."""
    exact = wanted.detach().cpu().float().numpy()
    assert found.shape == exact.shape, f"{what}: {found.shape}, wanted {exact.shape}"
    difference, largest = np.abs(found - exact).max(), np.abs(exact).max()
    assert difference <= tolerance * largest, f"{what}: {difference:.2e} apart, where the largest is {largest:.2e}"


def speaking() -> list[str]:
    """The families that write: decoders."""
    return [case for case in FAMILIES if kind_of(build(case).config) == "decoder"]


def _target(model: LanguageModel) -> str:
    return text_of(WRITTEN, seed=1) if model.kind == "encoder-decoder" else ""


def _run(network: Any, model: LanguageModel, **options: Any) -> Any:
    """The network by itself over what the model reads of the same texts."""
    device = network.get_input_embeddings().weight.device
    ids = [token.id for token in model.tokenize(text_of(LENGTH))]
    inputs = {"input_ids": torch.tensor([ids], device=device)}
    if model.kind == "encoder-decoder":
        target = [token.id for token in model.tokenize(_target(model), target=True)]
        inputs["decoder_input_ids"] = torch.tensor([target], device=device)
    with torch.no_grad():
        return network(**inputs, **options)


def spread(case: str, kind: str) -> LanguageModel:
    """The network of one family over two devices of a kind: the later half of each stack's blocks on the second one."""
    network, places = build(case), dict[str, str]()
    _spread(network, "", kind, places)
    output, table = network.get_output_embeddings(), network.get_input_embeddings()
    tied = {name for name, module in network.named_modules() if module is output and output.weight is table.weight}
    places |= dict.fromkeys(tied, f"{kind}:0")
    network = dispatch_model(network, places, force_hooks=True)
    return assemble(case, network, words(), kind=kind_of(network.config), revision="test")


def _spread(module: torch.nn.Module, before: str, kind: str, places: dict[str, str]) -> None:
    for name, part in module.named_children():
        whole = before + name
        if isinstance(part, torch.nn.ModuleList):
            places |= {f"{whole}.{layer}": f"{kind}:{2 * layer // len(part)}" for layer in range(len(part))}
        elif any(isinstance(one, torch.nn.ModuleList) for one in part.modules()):
            _spread(part, f"{whole}.", kind, places)
        else:
            places[whole] = f"{kind}:1" if any(word in whole for word in ("norm", "ln_f", "lm_head")) else f"{kind}:0"


def check_spread(case: str, kind: str) -> None:
    """A network spread over two devices computes what it computes on the processor, and so does all that is asked."""
    there, here = spread(case, kind), placed(case, PROCESSOR, torch.float32)
    assert {parameter.device.index for parameter in there.network.parameters()} == {0, 1}
    assert there.closed == here.closed
    traces = [model.trace(text_of(LENGTH), _target(model)) for model in (there, here)]
    near(traces[0].logits, torch.tensor(traces[1].logits), LOGITS[torch.float32], "logits")
    for attention in traces[1].attention_kinds:
        near(
            traces[0].attention(1, kind=attention),
            torch.tensor(traces[1].attention(1, kind=attention)),
            1e-4,
            attention,
        )
    change = {"kind": "head", "layer": 1, "head": 0}
    changed = [model.trace(text_of(LENGTH), _target(model), [change]) for model in (there, here)]
    near(changed[0].logits, torch.tensor(changed[1].logits), LOGITS[torch.float32], "logits without a head")
    sums = [trace.contributions(-1, "w20", by="head", count=5) for trace in traces]
    assert abs(sums[0].total - sums[1].total) <= 1e-4 * max(1.0, abs(sums[1].total))
    found = [trace.attribution("integrated_gradients", "w20", steps=4).values for trace in traces]
    near(found[0], torch.tensor(found[1]), 1e-3, "integrated gradients")
    grids = [lens_grid(model, trace) for model, trace in zip((there, here), traces, strict=True)]
    near(grids[0].kl, torch.tensor(grids[1].kl), 1e-3, "divergences of the lens")
    texts = [
        [step.token.id for step in model.complete(text_of(5), Sampling(seed=1), 6, _target(model))]
        for model in (there, here)
    ]
    assert texts[0] == texts[1]
