"""Training: each part against a worked example or an independent reference, and short runs that learn and resume."""

import dataclasses
import json
import lzma
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModelForCausalLM, AutoTokenizer

import models
from models.errors import InputError
from models.training import attention, compilation, gaps, heads, loss, objectives, optimizer, presets, schedule
from models.training import tokenizer as vocabulary
from models.training.beginnings import begin
from models.training.completions import loops
from models.training.corpus import Corpus, encoded, prepare
from models.training.exactness import gap_texts
from models.training.publish import SLICE, publish
from models.training.rows import Rows, repeated
from models.training.session import Budget, Session
from models.training.validation import bits_per_byte, token_bytes, windows

SMALL: dict[str, dict[str, Any]] = {
    "storybook": {"n_embd": 64, "n_layer": 2, "n_head": 2, "n_positions": 128, "vocab_size": 1200},
    "storybook-llama": {
        "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 32, "vocab_size": 1200,
    },
    "storybook-bert": {
        "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "head_dim": 16, "max_position_embeddings": 32, "vocab_size": 1200,
        "rms_norm_eps": 1e-6,  # as in Llama's, for comparison
    },
    "storybook-t5": {
        "d_model": 64, "d_kv": 16, "d_ff": 96, "num_layers": 2, "num_decoder_layers": 2, "num_heads": 4,
        "vocab_size": 1200,
    },
}  # fmt: skip


def small(name: str) -> presets.Preset:
    preset = presets.PRESETS[name]
    config = type(preset.config).from_dict(preset.config.to_dict() | SMALL[name])
    return dataclasses.replace(preset, config=config, rows=8, context=32)


@pytest.fixture(autouse=True)
def _uncompiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same functions without fusing, on one thread: a C++ compiler would take longer than the tests."""
    monkeypatch.setattr(compilation, "available", lambda: False)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return vocabulary.train([SLICE.read_text()], 600)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """A corpus in the real layout, from the slice of held-out text."""
    folder = tmp_path_factory.mktemp("corpus")
    text = (SLICE.read_text() + "<|endoftext|>\n") * 2
    for name in ("train-000", "train-012", "valid"):
        (folder / f"{name}.txt.xz").write_bytes(lzma.compress(text.encode()))
    vocabulary.train([text], 1200).save(str(_made(folder / "cache") / "tokenizer.json"))
    return prepare(folder, folder / "cache")


# Words and rows


@pytest.mark.parametrize("text", ["Once upon a time\n\nthere was", "naïve 🦊 emoji", "مرحبا", "<b>&amp;</b>", " \t "])
def test_any_text_survives_the_tokenizer(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_special_tokens_have_their_declared_ids(tokenizer: Tokenizer) -> None:
    assert [tokenizer.token_to_id(text) for text in vocabulary.SPECIALS] == list(range(19))
    assert tokenizer.token_to_id(vocabulary.MASK) == vocabulary.MASK_ID
    assert tokenizer.token_to_id(vocabulary.SENTINELS[0]) == vocabulary.FIRST_SENTINEL_ID


def test_a_mask_stands_for_a_word_with_its_space(tokenizer: Tokenizer) -> None:
    masked, whole = tokenizer.encode("the [MASK] ran").ids, tokenizer.encode("the ran").ids
    assert [token for token in masked if token != vocabulary.MASK_ID] == whole


def test_bytes_of_tokens_add_up_to_the_bytes_of_the_text(tokenizer: Tokenizer) -> None:
    text = SLICE.read_text()
    ids = encoded(iter([text]), tokenizer)
    assert token_bytes(tokenizer)[ids].sum() == len(text.encode())
    assert ids[-1] == vocabulary.END_ID


def test_a_folder_without_a_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no corpus.*--corpus"):
        prepare(tmp_path, tmp_path / "cache")


def test_rows_depend_on_seed_and_step_alone(corpus: Corpus) -> None:
    one, other = (Rows(corpus, length=33, rows=4, seed=1) for _ in range(2))
    assert np.array_equal(one.batch(7), other.batch(7))
    assert one.batch(7).shape == one.batch(8).shape == (4, 33)
    assert not np.isin(one.batch(8).view("V264"), one.batch(7).view("V264")).any()
    assert not np.array_equal(one.batch(7), Rows(corpus, length=33, rows=4, seed=2).batch(7))


def test_no_window_comes_twice_in_an_epoch(corpus: Corpus) -> None:
    order = Rows(corpus, length=33, rows=4, seed=1)._order(0)
    assert len(np.unique(order, axis=0)) == len(order)
    assert (order[:, 0] == 0).sum() >= len(corpus.children) // 33 - 1


def test_repeated_rows_can_only_be_told_from_their_earlier_copy() -> None:
    row = np.arange(100, 357)
    copy = repeated(row, np.random.default_rng(0))
    assert len(copy) == len(row)
    assert set(copy.tolist()) <= set(row.tolist())
    assert np.bincount(copy).max() == 2
    again = [place for place in range(1, len(copy)) if copy[place] in copy[:place]]
    distances = {place: place - copy[:place].tolist().index(copy[place]) for place in again}
    assert 0.4 < len(again) / len(copy) < 0.6
    assert {*distances.values()} <= set(range(4, 48))
    assert sum(distances[place] == distances.get(place - 1, distances[place]) for place in again) == len(again)


def test_windows_are_evenly_spread_over_the_text() -> None:
    assert windows(np.arange(100), 10, 4)[:, 0].tolist() == [0, 30, 60, 90]
    assert len(windows(np.arange(100), 40, 96)) == 2


# Objectives


def test_gaps_of_a_worked_example() -> None:
    source, target = gaps.with_gaps(np.array([70, 80, 90, 100, 110]), np.array([1, 4]), np.array([2, 1]))
    assert source.tolist() == [70, 3, 100, 4]
    assert target.tolist() == [3, 80, 90, 4, 110, 0]


def test_passage_and_missing_text_together_are_the_row() -> None:
    rows = np.arange(100, 100 + 2 * 256).reshape(2, 256)
    passages = gaps.Passages(more=0.09, gaps=(15, 15))
    for row, source, target in zip(rows, *gaps.corrupted(rows, np.random.default_rng(0), passages), strict=True):
        missing = gap_texts(target.tolist())
        spelled = [piece for token in source.tolist() for piece in missing.get(token - 3, [token])]
        assert spelled == row.tolist()
        assert sum(map(len, missing.values())) == 38


def test_sources_are_equally_long_however_many_gaps_they_have() -> None:
    rows = np.arange(100, 100 + 40 * 64).reshape(40, 64)
    sources, targets = gaps.corrupted(rows, np.random.default_rng(0), gaps.Passages(more=0.1, gaps=(1, 8)))
    counts = [len(gap_texts(target.tolist())) for target in targets]
    assert sources.shape == (40, 58)
    assert {*counts} == set(range(1, 9))
    for count, target in zip(counts, targets, strict=True):
        told = target[target != loss.IGNORED]
        assert len(told) == 2 * count + 7
        assert told[-1] == vocabulary.END_ID
        assert (target[len(told) :] == loss.IGNORED).all()


def test_masking_hides_its_share_and_says_where() -> None:
    rows = np.arange(1000, 1000 + 64 * 200).reshape(64, 200) % 7000 + 19
    masked, positions = objectives.mask(rows, np.random.default_rng(0))
    assert positions.shape == (64, 30)
    elsewhere = np.ones_like(rows, dtype=bool)
    np.put_along_axis(elsewhere, positions, values=False, axis=1)
    assert (masked == rows)[elsewhere].all()
    shown = np.take_along_axis(masked, positions, axis=1)
    assert (shown == vocabulary.MASK_ID).mean() == pytest.approx(0.8, abs=0.03)
    assert (shown == np.take_along_axis(rows, positions, axis=1)).mean() == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("name", SMALL)
def test_our_attention_and_loss_have_the_gradients_of_autograd(name: str) -> None:
    preset = small(name)
    ours = presets.network(preset, seed=0, device=torch.device("cpu"), precision=torch.float32)
    reference = presets.plain(preset, ours.parameters()).train()
    rows = np.random.default_rng(0).integers(19, 1200, (4, 33))
    for network in (ours, reference):
        hidden, targets = objectives.OBJECTIVES[preset.objective](network, rows, np.random.default_rng(1))
        weight = network.get_output_embeddings().weight
        ours_here = loss.cross_entropy if network is ours else lambda h, w, t: functional.cross_entropy(h @ w.T, t)
        torch.autograd.backward(ours_here(hidden, weight, targets))
    pairs = dict(reference.named_parameters())
    for key, parameter in ours.named_parameters():
        if parameter.grad is not None:
            torch.testing.assert_close(parameter.grad, pairs[key].grad, atol=1e-5, rtol=1e-3, msg=key)


def test_gap_objective_reads_as_the_exported_model_does() -> None:
    network = presets.network(small("storybook-t5"), seed=0, device=torch.device("cpu"), precision=torch.float32).eval()
    rows = np.random.default_rng(0).integers(19, 1200, (4, 33))
    hidden, targets = objectives.gap_text(network, rows, np.random.default_rng(1))
    random = np.random.default_rng(1)
    random.integers(1)  # which kind of passage
    source, target = gaps.corrupted(rows[:, :-1].reshape(4 * 4, -1), random, objectives.MEASURED_PASSAGES)
    network.set_attn_implementation("eager")
    logits = network(input_ids=torch.from_numpy(source), labels=torch.from_numpy(target)).logits
    ours = hidden @ network.get_output_embeddings().weight.T
    torch.testing.assert_close(ours, logits.flatten(0, 1), atol=1e-4, rtol=1e-3)
    assert targets.tolist() == target.flatten().tolist()


def test_ignored_rows_count_nothing() -> None:
    hidden, weight = torch.randn(3, 8), torch.randn(20, 8)
    targets = torch.tensor([4, loss.IGNORED, 7])
    expected = functional.cross_entropy(hidden[[0, 2]] @ weight.T, targets[[0, 2]])
    torch.testing.assert_close(loss.cross_entropy(hidden, weight, targets), expected)
    assert loss.row_losses(hidden, weight, targets)[1] == 0


def test_bits_per_byte_of_a_worked_example(tokenizer: Tokenizer) -> None:
    """Two tokens of one byte each, at one bit and three bits: two bits per byte; the end of a text is free."""
    ids = torch.tensor([tokenizer.token_to_id("a"), tokenizer.token_to_id("b"), vocabulary.END_ID])
    assert bits_per_byte(torch.tensor([1.0, 2.0, 1.0]) * np.log(2), ids, tokenizer) == pytest.approx(2.0)


def test_attention_is_registered_under_its_name() -> None:
    network = presets.network(small("storybook"), seed=0, device=torch.device("cpu"), precision=torch.float32)
    assert network.config._attn_implementation == attention.NAME


# Optimizer and schedule


def test_each_matrix_is_moved_by_a_nearly_orthogonal_update_and_its_own_decay() -> None:
    """Singular values near the rate; half the pace halves the update and leaves the decay as it is."""
    linear = [torch.nn.Linear(64, 32, bias=False), torch.nn.Linear(64, 32, bias=False)]
    layers = torch.nn.Sequential(*linear)
    before = [layer.weight.detach().clone() for layer in linear]
    trainer = optimizer.Optimizer(layers, transposed=False, fused_parts=1, scales={"1.weight": 0.5})
    for layer in linear:
        layer.weight.grad = torch.randn(32, 64)
    trainer.step(rate=1.0)
    kept = 1 - optimizer.MUON_RATE * optimizer.MUON_DECAY
    for layer, old, scale in zip(linear, before, (1.0, 0.5), strict=True):
        values = torch.linalg.svdvals(kept * old - layer.weight.detach()) / (optimizer.MUON_RATE * scale)
        assert values.min() > 0.5
        assert values.max() < 1.4


def test_query_key_and_value_are_orthogonalised_apart() -> None:
    preset = small("storybook")
    network = presets.network(preset, seed=0, device=torch.device("cpu"), precision=torch.float32)
    trainer = optimizer.Optimizer(network, transposed=True, fused_parts=3)
    shapes = [tuple(master.shape) for master in trainer.muon_masters]
    assert shapes == [(64, 64), (64, 64), (64, 64), (64, 64), (256, 64), (64, 256)] * 2


def test_small_updates_survive_low_precision() -> None:
    """1 + 0.0001 is 1 in bf16; forty such steps are not, because the masters are float32."""
    layer = torch.nn.LayerNorm(4).to(torch.bfloat16)
    trainer = optimizer.Optimizer(layer, transposed=False, fused_parts=1)
    for _ in range(40):
        for parameter in layer.parameters():
            parameter.grad = torch.ones_like(parameter)
        trainer.step(rate=0.0001 / optimizer.ADAM_RATE)
    assert layer.weight.dtype == torch.bfloat16
    assert float(layer.weight[0].detach()) == pytest.approx(0.996, abs=0.002)


def test_the_rate_warms_up_stays_and_decays_to_zero() -> None:
    assert schedule.rate(0, 0.0) == pytest.approx(1 / schedule.WARM_UP_STEPS)
    assert schedule.rate(1000, 0.0) == schedule.rate(1000, 0.69) == 1
    assert schedule.rate(1000, 0.7 + 0.3 / 4) == pytest.approx(0.5)
    assert schedule.rate(1000, 1.0) == schedule.rate(1000, 1.2) == 0


# Whole runs


def session(name: str, corpus: Corpus, folder: Path, steps: int, *, resume: bool = False) -> Session:
    per_epoch = Rows(corpus, length=33, rows=8, seed=1).steps_per_epoch
    budget = Budget(epochs=steps / per_epoch, validate_every=1000)
    return Session(name, corpus, folder, budget, device=torch.device("cpu"), precision=torch.float32, resume=resume)


@pytest.fixture
def _small_presets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SMALL:
        monkeypatch.setitem(presets.PRESETS, name, small(name))
    monkeypatch.setattr(schedule, "WARM_UP_STEPS", 5)


@pytest.mark.usefixtures("_small_presets")
@pytest.mark.parametrize("name", SMALL)
def test_a_few_steps_lower_the_held_out_loss(name: str, corpus: Corpus, tmp_path: Path) -> None:
    run = session(name, corpus, tmp_path, 40)
    run._validate()
    progress = run.run()
    first, last = progress.history[0]["held_out"], progress.history[-1]["held_out"]
    assert progress.step == 40
    assert last < 0.95 * first
    assert [sample["step"] for sample in progress.samples] == [0, 10, 30, 40]


@pytest.mark.usefixtures("_small_presets")
def test_an_interrupted_run_resumes_as_if_nothing_happened(corpus: Corpus, tmp_path: Path) -> None:
    whole = session("storybook", corpus, tmp_path / "whole", 12)
    whole.run()
    first = session("storybook", corpus, tmp_path / "parts", 12)
    step = first._step

    def interrupted_at_five() -> tuple[float, float]:
        if first.progress.step == 5:
            os.kill(os.getpid(), signal.SIGTERM)
        return step()

    first._step = interrupted_at_five  # type: ignore[method-assign]
    assert first.run().step == 6
    second = session("storybook", corpus, tmp_path / "parts", 12, resume=True)
    assert second.progress.step == 6
    second.run()
    for one, other in zip(whole.optimizer.masters, second.optimizer.masters, strict=True):
        torch.testing.assert_close(one, other)
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.mark.usefixtures("_small_presets")
def test_a_run_given_more_time_remembers_where_it_had_ended(corpus: Corpus, tmp_path: Path) -> None:
    session("storybook", corpus, tmp_path, 3).run()
    longer = session("storybook", corpus, tmp_path, 5, resume=True)
    assert longer.run().step == 5
    assert longer.progress.again == [3]


@pytest.mark.usefixtures("_small_presets")
def test_minutes_may_change_while_it_runs(corpus: Corpus, tmp_path: Path) -> None:
    run = session("storybook", corpus, tmp_path, 1000)
    (tmp_path / "minutes").write_text("0.0001")
    assert run.run().step <= 1


@pytest.mark.usefixtures("_small_presets")
def test_without_progress_the_rate_decays_and_the_run_ends(corpus: Corpus, tmp_path: Path) -> None:
    """Seven steps at the peak are 70 % of the run; the decay is the other 30 %."""
    run = session("storybook", corpus, tmp_path, 1000)
    run.budget = dataclasses.replace(run.budget, validate_every=1, patience=7)
    run.progress.best = 0.0
    progress = run.run()
    assert progress.stalled is not None
    assert progress.step in {10, 11}  # rounding decides


@pytest.mark.usefixtures("_small_presets")
def test_a_decay_without_progress_ends_the_run(corpus: Corpus, tmp_path: Path) -> None:
    run = session("storybook", corpus, tmp_path, 10)
    run.budget = dataclasses.replace(run.budget, validate_every=1, patience=2)
    run.progress.step, run.progress.best = 7, 0.0  # in the decay already
    assert run.run().step == 9


@pytest.mark.usefixtures("_small_presets")
def test_a_published_model_is_the_one_that_was_trained(corpus: Corpus, tmp_path: Path) -> None:
    run = session("storybook", corpus, tmp_path / "run", 12)
    run.run()
    publish("storybook", corpus, tmp_path / "run", tmp_path / "model", hardware="one thread")
    network: Any = AutoModelForCausalLM.from_pretrained(tmp_path / "model")
    loaded = network.float()
    words = AutoTokenizer.from_pretrained(tmp_path / "model")
    ids = torch.tensor([words("Once upon a time")["input_ids"]])
    torch.testing.assert_close(loaded(ids).logits, run.snapshot()(ids).logits, atol=0.02, rtol=0.02)
    metrics = json.loads((tmp_path / "model/metrics.json").read_text())
    card = (tmp_path / "model/README.md").read_text()
    assert f"| {metrics['held_out']['bits_per_byte']:.3f} |" in card
    assert "<svg" in (tmp_path / "model/loss.svg").read_text()


def test_a_text_that_runs_in_circles_is_known() -> None:
    assert loops([1, 2, 3, 4, 9, 1, 2, 3, 4, 8, 1, 2, 3, 4])
    assert loops([7] * 6)
    assert not loops([1, 2, 3, 4, 9, 1, 2, 3, 4, 8, 1, 2, 3])
    assert not loops([])


def test_heads_are_ranked_strongest_first() -> None:
    best, second, *_ = heads.ranked(np.array([[0.1, 0.7], [0.9, 0.2]]))
    assert (best.layer, best.head, best.score) == (1, 0, 0.9)
    assert (second.layer, second.head) == (0, 1)


@pytest.mark.usefixtures("_small_presets")
def test_an_encoder_begins_as_the_decoder_it_comes_from(corpus: Corpus, tmp_path: Path) -> None:
    """One token sees only itself in both, so that both must answer alike."""
    run = session("storybook-llama", corpus, tmp_path, 6)
    run.run()
    encoder = presets.plain(small("storybook-bert"))
    begin(small("storybook-bert"), encoder, [tmp_path])
    one = torch.tensor([[300]])
    torch.testing.assert_close(encoder(one).logits, run.snapshot()(one).logits)


@pytest.mark.usefixtures("_small_presets")
def test_both_stacks_of_an_encoder_decoder_begin_as_the_decoder(corpus: Corpus, tmp_path: Path) -> None:
    """The last state of T5's own decoder is Llama's, times √width, while its cross attention adds nothing."""
    run = session("storybook-llama", corpus, tmp_path, 6)
    run.run()
    network = presets.plain(small("storybook-t5"))
    begin(small("storybook-t5"), network, [tmp_path])
    llama, one = run.snapshot(), torch.tensor([[300]])
    ours, theirs = network(input_ids=one, decoder_input_ids=one).logits, llama(one).logits
    after = vocabulary.FIRST_ORDINARY_ID  # the sentinels before it are told apart first
    torch.testing.assert_close(ours[..., after:], theirs[..., after:], atol=1e-4, rtol=1e-3)
    torch.testing.assert_close(network.encoder(one).last_hidden_state, llama.model(one).last_hidden_state)


@pytest.mark.usefixtures("_small_presets")
def test_an_encoder_decoder_begins_with_sentinels_it_can_tell_apart(corpus: Corpus, tmp_path: Path) -> None:
    session("storybook-llama", corpus, tmp_path, 6).run()
    network = presets.plain(small("storybook-t5"))
    begin(small("storybook-t5"), network, [tmp_path])
    rows = network.shared.weight[vocabulary.FIRST_SENTINEL_ID : vocabulary.FIRST_ORDINARY_ID]
    alike = functional.cosine_similarity(rows[:, None], rows[None], dim=-1)
    assert alike[~torch.eye(16, dtype=torch.bool)].max() < 0.6


@pytest.mark.usefixtures("_small_presets")
def test_heads_of_an_encoder_begin_at_the_places_they_are_given(corpus: Corpus, tmp_path: Path) -> None:
    session("storybook-llama", corpus, tmp_path, 6).run()
    network = presets.plain(small("storybook-t5"))
    begin(small("storybook-t5"), network, [tmp_path])
    network.set_attn_implementation("eager")
    attended = network.encoder(torch.arange(19, 39)[None], output_attentions=True).attentions[0][0]
    assert attended[0].diagonal(-1).mean() > 0.5
    assert attended[1].diagonal(1).mean() > 0.5


@pytest.mark.usefixtures("_small_presets")
def test_an_encoder_may_come_from_a_run_of_its_own(corpus: Corpus, tmp_path: Path) -> None:
    for name in ("storybook-llama", "storybook-bert"):
        session(name, corpus, tmp_path / name, 2).run()
    network = presets.plain(small("storybook-t5"))
    begin(small("storybook-t5"), network, [tmp_path / "storybook-llama", tmp_path / "storybook-bert"])
    for stack, name, matrix in ((network.encoder, "bert", "wi_0"), (network.decoder, "llama", "wi_0")):
        weights = torch.load(tmp_path / f"storybook-{name}" / "best.pt")["weights"]
        own = stack.block[1].layer[-1].DenseReluDense.get_submodule(matrix).weight
        torch.testing.assert_close(own, weights["model.layers.1.mlp.gate_proj.weight"])


@pytest.mark.usefixtures("_small_presets")
def test_a_finished_model_is_a_beginning_too(corpus: Corpus, tmp_path: Path) -> None:
    run = session("storybook-llama", corpus, tmp_path / "run", 2)
    run.run()
    run.snapshot().save_pretrained(tmp_path / "model", max_shard_size="100KB")
    one, other = (presets.plain(small("storybook-t5")) for _ in range(2))
    begin(small("storybook-t5"), one, [tmp_path / "run"])
    begin(small("storybook-t5"), other, [tmp_path / "model"])
    for name, weight in one.decoder.named_parameters():
        torch.testing.assert_close(weight, other.decoder.get_parameter(name), atol=1e-3, rtol=1e-3)


def test_every_preset_begins_with_bundled_models_of_its_shape() -> None:
    for preset in presets.PRESETS.values():
        folders = [Path(models.__file__).parent / "bundled" / name for name in preset.beginnings]
        if folders:
            network = presets.plain(preset)
            begin(preset, network, folders)
            llama: Any = AutoModelForCausalLM.from_pretrained(folders[0], dtype=torch.float32)
            ordinary = slice(vocabulary.FIRST_ORDINARY_ID, None)
            ours, theirs = (each.get_input_embeddings().weight[ordinary] for each in (network, llama))
            torch.testing.assert_close(ours, theirs)


@pytest.mark.usefixtures("_small_presets")
def test_weights_that_do_not_fit_are_refused_in_a_sentence(corpus: Corpus, tmp_path: Path) -> None:
    encoder = presets.plain(small("storybook-bert"))
    with pytest.raises(InputError, match="holds no trained weights"):
        begin(small("storybook-bert"), encoder, [tmp_path])
    session("storybook", corpus, tmp_path, 1).run()
    with pytest.raises(InputError, match="do not fit this model"):
        begin(small("storybook-bert"), encoder, [tmp_path])
