"""Every lens ends in the model's own logits, and reads what its definition says before that."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy import ndarray
from safetensors import safe_open
from safetensors.numpy import save_file
from transformers.modeling_outputs import BaseModelOutput

from models import load
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import CorruptModel, InputError, Unsupported
from models.lenses import grid as grids
from models.lenses.fitted import Faithfulness, FittedLens, file_of, save
from models.lenses.grid import lens_grid
from models.lenses.tally import largest_of
from tests.models.families import FAMILIES, model, reference, text_of

LENGTH = 7
READ = [case for case in FAMILIES if model(case).architecture.unembedding is not None]
PAIRED = [case for case in READ if model(case).kind == "encoder-decoder"]


def traced(one: LanguageModel) -> Trace:
    return one.trace(text_of(LENGTH), text_of(4, seed=1) if one.kind == "encoder-decoder" else "")


def with_lenses(case: str, folder: Path) -> LanguageModel:
    """A copy of a network of one case with files and two lenses of random numbers beside them."""
    one = replace(model(case), name=case, folder=folder)
    random = np.random.default_rng(0)
    shape = (one.layers, one.width, one.width)
    save_file({"weights": random.normal(size=3).astype(np.float32)}, folder / "model.safetensors")
    told = {"logit": Faithfulness(agreement=(0.5,), kl=(1.0,))}
    for lens in ("tuned", "jacobian"):
        matrices = random.normal(size=shape).astype(np.float16).astype(np.float32) * 0.1
        biases = random.normal(size=shape[:2]).astype(np.float16).astype(np.float32) if lens == "tuned" else None
        save(FittedLens(lens=lens, matrices=matrices, biases=biases, faithfulness=told), folder, case)
    return one


@pytest.mark.parametrize("case", READ)
def test_the_last_depth_is_the_models_own_in_every_family(case: str) -> None:
    one = model(case)
    trace, inputs = traced(one), one._inputs(one.tokenize(text_of(LENGTH)), ())
    if one.kind == "encoder-decoder":
        inputs = one._inputs(trace.tokens, trace.target_tokens)
    with torch.no_grad():
        own = reference(case)(**inputs).logits[0].numpy()
    scale = np.abs(own).max()
    for lens in ("logit", *(["decoder"] if case in PAIRED else [])):
        last = trace.lens(trace.lens_depths(lens) - 1, lens)
        assert np.abs(last - own).max() <= 1e-4 * scale
        grid = lens_grid(one, trace, lens, top=3)
        assert grid.ids[-1, :, 0].tolist() == own.argmax(-1).tolist()
        assert (grid.kl[-1] == 0).all()
        assert (grid.rank[-1] == 1).all()


@pytest.mark.parametrize("entries", [30, grids.ENTRIES])
@pytest.mark.parametrize("case", ["gpt2", "llama", "gemma2", "modernbert", "t5", "t5, gated and untied", "bart"])
def test_the_grid_says_what_the_whole_distribution_says(
    case: str, entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = model(case)
    monkeypatch.setattr(grids, "ENTRIES", entries)
    trace = traced(one)
    grid = lens_grid(one, trace, "logit", top=4)
    own = shares(trace.logits)
    for depth in range(trace.layers + 1):
        read = shares(trace.lens(depth))
        order = np.argsort(-read, axis=-1, kind="stable")
        assert grid.ids[depth].tolist() == order[:, :4].tolist()
        np.testing.assert_allclose(grid.probabilities[depth], np.take_along_axis(read, order[:, :4], 1), rtol=1e-4)
        np.testing.assert_allclose(grid.entropy[depth], -(read * np.log2(read)).sum(-1), atol=1e-4)
        np.testing.assert_allclose(grid.kl[depth], (own * np.log2(own / read)).sum(-1), atol=1e-4)
        winners = own.argmax(-1)
        mine = np.take_along_axis(read, winners[:, None], 1)
        np.testing.assert_allclose(grid.winner[depth], mine[:, 0], rtol=1e-4)
        assert grid.rank[depth].tolist() == ((read > mine).sum(-1) + 1).tolist()


@pytest.mark.parametrize("case", PAIRED)
def test_the_decoder_lens_is_the_decoder_reading_an_earlier_encoder_depth(case: str) -> None:
    trace, network = traced(model(case)), reference(case)
    encoder = network.get_encoder()
    norm = next((getattr(encoder, n) for n in ("final_layer_norm", "layer_norm") if hasattr(encoder, n)), lambda x: x)
    said = torch.tensor([[token.id for token in trace.target_tokens]])
    assert trace.encoder_residual is not None
    for depth in range(trace.lens_depths("decoder")):
        read = BaseModelOutput(last_hidden_state=norm(torch.tensor(trace.encoder_residual[depth])[None]))
        with torch.no_grad():
            expected = network(encoder_outputs=read, decoder_input_ids=said).logits[0].numpy()
        found = trace.lens(depth, "decoder")
        assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max()
        rows = trace.lens(depth, "decoder", slice(1, 3))
        assert np.abs(rows - found[1:3]).max() <= 1e-5 * np.abs(expected).max()


def shares(logits: ndarray) -> ndarray:
    exact = np.exp(logits.astype(np.float64) - logits.max(-1, keepdims=True))
    return exact / exact.sum(-1, keepdims=True)


@pytest.mark.parametrize("case", ["gpt2", "t5, gated and untied", "gemma2"])
def test_a_fitted_lens_is_its_formula_before_the_norm_and_the_unembedding(case: str, tmp_path: Path) -> None:
    one = with_lenses(case, tmp_path)
    trace, unembedding = traced(one), one.architecture.unembedding
    assert unembedding is not None
    for lens in ("tuned", "jacobian"):
        with safe_open(file_of(tmp_path, lens), framework="numpy") as opened:
            stored = {name: opened.get_tensor(name).astype(np.float64) for name in opened.keys()}  # noqa: SIM118
        for depth in range(trace.layers):
            h = trace.residual[depth].astype(np.float64)
            carried = h @ stored["matrices"][depth].T
            if lens == "tuned":
                carried += h + stored["biases"][depth]
            with torch.no_grad():
                expected = unembedding(torch.tensor(carried, dtype=torch.float32)[None])[0].numpy()
            found = trace.lens(depth, lens)
            assert np.abs(found - expected).max() <= 1e-4 * np.abs(expected).max()
        assert np.array_equal(trace.lens(trace.layers, lens), trace.logits)
    assert one.lenses.faithfulness("logit") == Faithfulness(agreement=(0.5,), kl=(1.0,))
    assert one.lenses.faithfulness("decoder") is None


def test_a_lens_of_other_weights_is_refused(tmp_path: Path) -> None:
    one = with_lenses("gpt2", tmp_path)
    save_file({"weights": np.ones(3, np.float32)}, tmp_path / "model.safetensors")
    with pytest.raises(Unsupported, match=r"other weights .* fit it again with python -m models\.training\.lenses"):
        traced(one).lens(0, "tuned")


@pytest.mark.parametrize("content", [b"", b"no lens", b"\xff" * 100])
def test_a_damaged_lens_is_told_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    one = with_lenses("gpt2", tmp_path)
    file_of(tmp_path, "jacobian").write_bytes(content)
    with pytest.raises(CorruptModel, match="damaged"):
        traced(one).lens(0, "jacobian")


def test_what_a_model_has_not_is_told_with_the_command_that_makes_it() -> None:
    trace = traced(model("llama"))
    with pytest.raises(Unsupported, match=r"no tuned lens yet; fit one with python -m models\.training\.lenses llama"):
        trace.lens(0, "tuned")
    with pytest.raises(Unsupported, match="DecoderLens is for"):
        trace.lens(0, "decoder")
    with pytest.raises(InputError, match="must be one of logit, tuned, jacobian, decoder"):
        trace.lens(0, "magnifying")
    with pytest.raises(InputError, match="must be a whole number from 0 to 3"):
        trace.lens(4)


def test_one_token_has_a_grid_of_one_column() -> None:
    one = model("gpt2")
    grid = lens_grid(one, one.trace("w9"), top=200)
    assert grid.ids.shape == (one.layers + 1, 1, one.vocab)
    np.testing.assert_allclose(grid.probabilities.sum(-1), 1, rtol=1e-5)


@pytest.mark.parametrize("vocab", [640, 1001, 50_257])
def test_the_largest_are_found_in_any_vocabulary(vocab: int) -> None:
    logits = torch.randn(5, vocab, generator=torch.Generator().manual_seed(vocab))
    logits[0, -1] = 99.0
    logits[1, 0] = 99.0
    values, ids = largest_of(logits, 4)
    expected = logits.topk(4)
    assert torch.equal(values, expected.values)
    assert torch.equal(ids, expected.indices)


def test_half_precision_ends_in_its_own_logits_and_reads_the_same_words() -> None:
    text = "The wolf knocked at the door. The wolf knocked at the"
    half, full = (load("storybook-llama", precision=precision, device="cpu") for precision in ("bfloat16", "float32"))
    trace, exact = half.trace(text), full.trace(text)
    for lens in ("logit", "tuned", "jacobian"):
        np.testing.assert_array_equal(trace.lens(half.layers, lens), trace.logits)
        grid, wanted = lens_grid(half, trace, lens), lens_grid(full, exact, lens)
        assert (grid.rank[-1] == 1).all()
        # Two words that are as likely may change places; nothing else may.
        assert np.abs(grid.probabilities[..., 0] - wanted.probabilities[..., 0]).max() < 0.05
        assert (grid.ids[..., 0] == wanted.ids[..., 0]).mean() > 0.9
