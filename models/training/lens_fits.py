"""Fitting lenses: residuals of a batch at every depth, the tuned lens by descent, the Jacobian lens by averaging."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel

from models.engine.language_model import LanguageModel
from models.engine.points import Edit, Point, editing
from models.errors import Unsupported
from models.lenses.fitted import FittedLens
from models.training.lens_texts import Reading

Tell = Callable[[str], None]

LOGITS = 16_000_000
"""Logits of one step of the tuned lens, over all depths: what 64 MB hold."""

RATE, MOST, CHECK, ENOUGH = 2e-3, 300, 30, 0.002
"""Adam's first rate, falling to nothing in so many steps; how many lie between two looks at held-out text, and how much
of the divergence each look must find gone (a share) for the fit to go on."""


def residuals(
    model: LanguageModel, reading: Reading, *, graph: bool = False
) -> list[Float[Tensor, "batch position width"]]:
    """The residual of every depth, in one run; with `graph`, the later ones can be differentiated by the earlier."""
    found: list[Tensor] = []

    def note(value: Tensor, *, leaf: bool = False) -> Tensor:
        taken = value.detach().requires_grad_() if leaf and graph else value
        found.append(taken)
        return taken

    edits: dict[Point, Edit] = {Point(layer=0, part="input"): partial(note, leaf=True)}
    edits |= {Point(layer=layer, part="output"): note for layer in range(model.layers)}
    plain = sdpa_kernel(SDPBackend.MATH) if graph else nullcontext()  # which is differentiated twice as fast here
    with model.lock, torch.set_grad_enabled(graph), editing(edits), plain:
        model.network(**reading.inputs, **({"use_cache": False} if hasattr(model.network.config, "use_cache") else {}))
    return found


def fit_jacobian(model: LanguageModel, batches: Iterable[Reading], tell: Tell) -> FittedLens:
    """J of each depth: the mean over prompts of 1/|V| Σ_t Σ_t' ∂(last residual at t') / ∂(residual at t), t, t' in V.

    V are a decoder's positions from 16 to the last but one, where t' ≥ t by causality (Gurnee et al. 2026). For an
    encoder, and for the short targets of an encoder-decoder, V are all positions, before t too: a reading of ours.
    """
    total, before, prompts = np.zeros(0, np.float32), np.zeros(0, np.float32), 0
    for batch in batches:
        with fast(model):
            sums = _jacobian_sums(residuals(model, batch, graph=True), batch.counted)
        total = sums if prompts == 0 else total + sums
        prompts += len(batch.counted)
        mean = (total / prompts).astype(np.float32)
        tell(f"jacobian: {prompts} prompts{_change(mean, before)}")
        before = mean
    return FittedLens(lens="jacobian", matrices=before, about={"prompts": str(prompts)})


def _change(now: np.ndarray, before: np.ndarray) -> str:
    """How far the last batch moved the mean, relative to it, over all depths."""
    if before.shape != now.shape:
        return ""
    moved = [np.linalg.norm(a - b) / np.linalg.norm(a) for a, b in zip(now, before, strict=True)]
    return f", moved by {np.mean(moved):.4f}"


def _jacobian_sums(depths: Sequence[Tensor], counted: Tensor) -> Float32[np.ndarray, "depth width width"]:
    """The sum over a batch's prompts; one backward pass per row of the matrices gives all depths."""
    *earlier, last = depths
    valid = counted.to(last.dtype)
    share = (valid / valid.sum(dim=1, keepdim=True))[..., None]
    found = torch.zeros(len(earlier), last.shape[-1], last.shape[-1])
    for row in range(last.shape[-1]):
        slopes = torch.autograd.grad((last[..., row] * valid).sum(), earlier, retain_graph=True)
        for depth, slope in enumerate(slopes):
            found[depth, row] = (slope * share).sum(dim=(0, 1)).float().cpu()
    return found.numpy()


def fit_tuned(model: LanguageModel, batches: Iterable[Reading], held_out: Sequence[Reading], tell: Tell) -> FittedLens:
    """A and b of each depth, from zero, by Adam on KL(model ‖ lens); of every depth the best seen on held-out text."""
    unembedding = _unembedding(model)
    weight = next(model.architecture.blocks["decoder"][-1].parameters())
    shape = (model.layers, model.width, model.width)
    matrices = torch.zeros(shape, device=weight.device, requires_grad=True)
    biases = torch.zeros(shape[:2], device=weight.device, requires_grad=True)
    optimizer = torch.optim.Adam([matrices, biases], lr=RATE)
    judged = [_sample(model, reading, None) for reading in held_out]
    best = torch.full((model.layers,), torch.inf)
    kept = [matrices.detach().clone(), biases.detach().clone()]
    tokens = 0
    random = np.random.default_rng(0)
    for step, batch in enumerate(batches):
        if step % CHECK == 0:
            with torch.no_grad():
                found = torch.stack([_divergence(unembedding, one, matrices, biases) for one in judged]).mean(0)
            gained = float(((best - found).clamp_min(0) / best).nan_to_num(1).mean())
            for depth in torch.nonzero(found < best).flatten().tolist():
                best[depth], kept[0][depth], kept[1][depth] = (
                    found[depth],
                    matrices[depth].detach(),
                    biases[depth].detach(),
                )
            tell(f"tuned: step {step}, held-out KL {' '.join(f'{one / np.log(2):.3f}' for one in best)} bits")
            if gained < ENOUGH or step >= MOST:
                break
        sample = _sample(model, batch, random)
        tokens += sample.shape[1]
        optimizer.param_groups[0]["lr"] = RATE * (1 - step / MOST)
        optimizer.zero_grad()
        with fast(model):
            _divergence(unembedding, sample, matrices, biases).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return FittedLens(
        lens="tuned", matrices=kept[0].cpu().numpy(), biases=kept[1].cpu().numpy(), about={"tokens": str(tokens)}
    )


def _sample(
    model: LanguageModel, reading: Reading, random: np.random.Generator | None
) -> Float[Tensor, "depth position width"]:
    """The residuals of some of a batch's positions, of all depths; without `random`, always the same ones."""
    together = torch.stack([depth[reading.real] for depth in residuals(model, reading)])
    most = max(32, LOGITS // (model.vocab * model.layers))
    chosen = (random or np.random.default_rng(1)).permutation(together.shape[1])[:most]
    return together[:, torch.from_numpy(chosen).to(together.device)]


def _divergence(unembedding: Any, sample: Tensor, matrices: Tensor, biases: Tensor) -> Float[Tensor, " depth"]:
    """KL(model ‖ lens) of each depth before the last, in nats, mean over positions."""
    with torch.no_grad(), torch.autocast(sample.device.type, enabled=False):
        own = unembedding(sample[-1:])[0].float().log_softmax(-1)
        shares = own.exp()
        certain = (shares * own).sum(-1)
    earlier = sample[:-1].to(matrices.dtype)
    carried = earlier + earlier @ matrices.mT + biases[:, None]
    read = (unembedding(one[None].to(sample.dtype))[0].float().log_softmax(-1) for one in carried)
    return torch.stack([(certain - torch.einsum("pv,pv->p", shares, logs)).mean() for logs in read])


def _unembedding(model: LanguageModel) -> Any:
    if model.architecture.unembedding is None:
        raise Unsupported(f"The way from the residual stream of {model.name} to its logits is not known.")
    return model.architecture.unembedding


def fast(model: LanguageModel) -> AbstractContextManager[None]:
    """Products in bfloat16 where the processor has units for them; what is added up stays in float32."""
    device = next(model.network.parameters()).device.type
    has = device == "cuda" or (device == "cpu" and torch.cpu._is_avx512_bf16_supported())  # noqa: SLF001 -- no other way
    return torch.autocast(device, torch.bfloat16, enabled=has)
