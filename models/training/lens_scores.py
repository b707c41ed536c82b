"""How far each lens agrees with its model on held-out text, by depth."""

from collections.abc import Callable, Sequence
from functools import partial
from math import log

import numpy as np
import torch
from jaxtyping import Float32
from numpy import ndarray
from torch import Tensor

from models.engine.language_model import LanguageModel
from models.lenses.decoder_lens import decoder_states
from models.lenses.fitted import Faithfulness, FittedLens
from models.training.lens_fits import residuals
from models.training.lens_texts import Reading

ROWS = 256
"""Positions whose logits are compared at once."""

States = Callable[[Reading], Sequence[Float32[ndarray, "position width"]]]


def faithfulness(
    model: LanguageModel, held_out: Sequence[Reading], fitted: Sequence[FittedLens]
) -> dict[str, Faithfulness]:
    """For each lens by name: the logit lens, those `fitted`, and an encoder-decoder's DecoderLens."""
    found = {"logit": _measured(model, held_out, partial(_residuals, model))}
    for one in fitted:
        found[one.lens] = _measured(model, held_out, partial(_carried, model, one))
    if model.kind == "encoder-decoder":
        found["decoder"] = _measured(model, held_out, partial(_decoded, model))
    return found


def _measured(model: LanguageModel, held_out: Sequence[Reading], states: States) -> Faithfulness:
    agreement, divergence = [], []
    for reading in held_out:
        depths = [torch.from_numpy(np.array(one)) for one in states(reading)]
        for start in range(0, len(depths[-1]), ROWS):
            own = _logarithms(model, depths[-1][start : start + ROWS])
            read = [_logarithms(model, one[start : start + ROWS]) for one in depths]
            agreement.append(torch.stack([one.argmax(-1) == own.argmax(-1) for one in read]))
            divergence.append(torch.stack([(own.exp() * (own - one)).sum(-1) for one in read]))
    agreed, bits = torch.cat(agreement, 1).double().mean(1), torch.cat(divergence, 1).double().mean(1) / log(2)
    return Faithfulness(agreement=_rounded(agreed), kl=_rounded(bits))


def _rounded(values: Tensor) -> tuple[float, ...]:
    return tuple(round(float(value), 4) + 0.0 for value in values)


@torch.no_grad()
def _logarithms(model: LanguageModel, states: Tensor) -> Tensor:
    unembedding = model.architecture.unembedding
    assert unembedding is not None, "whoever fitted a lens has read with it"
    weight = next(model.architecture.blocks["decoder"][-1].parameters())
    return unembedding(states[None].to(weight.device, weight.dtype))[0].float().log_softmax(-1).cpu()


def _residuals(model: LanguageModel, reading: Reading) -> list[Float32[ndarray, "position width"]]:
    return [depth[reading.real].float().cpu().numpy() for depth in residuals(model, reading)]


def _carried(model: LanguageModel, lens: FittedLens, reading: Reading) -> list[Float32[ndarray, "position width"]]:
    depths = _residuals(model, reading)
    return [*(lens.states(states, depth) for depth, states in enumerate(depths[:-1])), depths[-1]]


def _decoded(model: LanguageModel, reading: Reading) -> list[Float32[ndarray, "position width"]]:
    rows = [
        decoder_states(model.network, model.architecture, model.lock, model.trace(source, target))
        for source, target in reading.texts
    ]
    return list(np.concatenate(rows, axis=1))
