"""A fitted Jacobian is the average of the Jacobians autograd gives; a tuned lens brings the model closer."""

from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.engine.language_model import LanguageModel
from models.lenses.fitted import FITTED, read
from models.loading.loader import load
from models.training.lens_fits import fit_jacobian, fit_tuned, residuals
from models.training.lens_scores import faithfulness
from models.training.lens_texts import FIRST, Reading, readings
from tests.models.families import model, text_of

LENGTH, ROWS = 22, 2
BUNDLED = ("storybook", "storybook-llama", "storybook-bert", "storybook-t5")


def batches(one: LanguageModel, count: int = 1) -> list[Reading]:
    texts = [text_of(LENGTH, seed=seed) for seed in range(ROWS * count)]
    return list(readings(one, texts, LENGTH, ROWS, np.random.default_rng(0)))


def from_depth(one: LanguageModel, mask: Tensor | None, depth: int, start: Tensor) -> Tensor:
    """The last residual as a function of the residual of one depth, run by the network's own blocks."""
    found: list[Tensor] = []

    def put(_module: torch.nn.Module, arguments: tuple, keywords: dict) -> tuple[tuple, dict]:
        return (start, *arguments[1:]), keywords

    block, last = one.architecture.blocks["decoder"][depth], one.architecture.blocks["decoder"][-1]
    handles = [
        block.register_forward_pre_hook(put, with_kwargs=True),
        last.register_forward_hook(lambda _m, _a, out: found.append(out[0] if isinstance(out, tuple) else out)),
    ]
    try:
        one.network(input_ids=mask)
    finally:
        for handle in handles:
            handle.remove()
    return found[-1]


@pytest.mark.parametrize("case", ["gpt_neo, local", "modernbert"])
def test_the_jacobian_lens_is_the_mean_of_autograds_jacobians(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: False)
    one = model(case)
    (batch,) = batches(one)
    fitted = fit_jacobian(one, [batch], lambda _told: None)
    counted = slice(FIRST, LENGTH - 1) if one.kind == "decoder" else slice(None)
    depth = one.layers - 2
    expected = np.zeros_like(fitted.matrices[0])
    for row, states in zip(batch.inputs["input_ids"], residuals(one, batch)[depth], strict=True):
        run = partial(from_depth, one, row[None], depth)
        jacobian: Any = torch.autograd.functional.jacobian
        whole = jacobian(lambda start, run=run: run(start)[0, counted].sum(0), states[None])
        expected += whole[:, 0, counted].mean(1).numpy() / len(batch.real)
    np.testing.assert_allclose(fitted.matrices[depth], expected, atol=2e-4 * np.abs(expected).max())


@pytest.mark.parametrize("case", ["llama", "t5"])
def test_a_tuned_lens_brings_every_depth_closer_to_the_model(case: str) -> None:
    one = model(case)
    if one.kind == "encoder-decoder":
        texts = [text_of(70, seed=seed) for seed in range(4)]
        held = list(readings(one, texts, LENGTH, ROWS, np.random.default_rng(0)))
    else:
        held = batches(one, 2)
    fitted = fit_tuned(one, held * 31, held, lambda _told: None)
    found = faithfulness(one, held, [fitted])
    assert all(tuned < logit for tuned, logit in zip(found["tuned"].kl[:-1], found["logit"].kl[:-1], strict=True))
    assert {told.agreement[-1] for told in found.values()} == {1.0}
    assert {told.kl[-1] for told in found.values()} == {0.0}
    assert ("decoder" in found) == (one.kind == "encoder-decoder")


@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_model_comes_with_both_lenses_and_how_far_to_trust_them(name: str) -> None:
    one = load(name, device="cpu")
    for lens in FITTED:
        fitted = read(one.folder, name, lens)
        assert fitted.matrices.shape == (one.layers, one.width, one.width)
        told = fitted.faithfulness
        assert set(told) >= {"logit", "tuned", "jacobian"}
        assert np.mean(told["tuned"].kl) < np.mean(told["logit"].kl)
        assert "held_out" in fitted.about
