"""What is said of neurons is read from their own rows and their own activations."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models.engine.language_model import LanguageModel
from models.errors import InputError, Unsupported
from models.loading.loader import load
from models.neurons.activity import activations, strongest
from models.neurons.maps import feed_forwards
from models.neurons.peaks import Passage, Peaks, passage_of, passages, read_all, read_passage
from models.neurons.ready import peaks, ready, save
from models.neurons.words import neuron_words, top_writes, writers
from models.text.vocabulary import vocabulary
from tests.models.families import FAMILIES, assembled, model, reference, text_of

EXPERTS = {"mixtral", "qwen2_moe", "gpt_oss"}
HALF_EXPERTS = {"deepseek_v3"}  # its first layer has neurons, the others experts
# By the family's own names: the rows that read, their norm, and what writes.
LLAMA = ("model.layers.1.mlp.gate_proj", "model.layers.1.post_attention_layernorm", "model.layers.1.mlp.down_proj")
GPT2 = ("transformer.h.1.mlp.c_fc", "transformer.h.1.ln_2", "transformer.h.1.mlp.c_proj")


@pytest.fixture(scope="module")
def storybook() -> LanguageModel:
    return load("storybook", device="cpu")


@pytest.mark.parametrize("case", sorted(set(FAMILIES) - EXPERTS - HALF_EXPERTS))
def test_the_maps_around_the_neurons_are_found_in_every_family(case: str) -> None:
    layers = feed_forwards(model(case))
    assert layers
    for layer in layers:
        assert layer is not None
        assert layer.neurons > 0
        assert layer.input is not None
        assert layer.written.shape[0] == layer.input.rows.shape[0] == layer.neurons


@pytest.mark.parametrize("case", sorted(EXPERTS))
def test_a_mixture_of_experts_is_refused_with_a_sentence(case: str) -> None:
    with pytest.raises(Unsupported, match="mixture of experts"):
        writers(model(case), "w7")
    with pytest.raises(Unsupported, match="mixture of experts"):
        neuron_words(model(case), 0, 0)


@pytest.mark.parametrize(("case", "names"), [("llama", LLAMA), ("gpt2", GPT2)])
def test_a_neuron_reads_through_its_norm_and_writes_through_the_last_one(
    case: str, names: tuple[str, str, str]
) -> None:
    network, neuron = reference(case), 5
    read, norm, write = (network.get_submodule(name) for name in names)
    is_llama = case == "llama"
    with torch.no_grad():
        inputs = read(norm(network.get_input_embeddings().weight))[:, neuron]
        inputs = inputs - (0 if read.bias is None else read.bias[neuron])
        row = write.weight[:, neuron] if is_llama else write.weight[neuron]
        gain = (network.model.norm if is_llama else network.transformer.ln_f).weight
        row = (row if is_llama else row - row.mean()) * gain
        logits = network.get_output_embeddings().weight @ row
        raised = logits - logits.mean()
    found = neuron_words(model(case), 1, neuron, 4)
    assert found.gated == is_llama
    for told, expected in ((found.reads, inputs), (found.raises, raised), (found.lowers, -raised)):
        best = torch.topk(expected, 4)
        assert [one.token for one in told] == best.indices.tolist()
        np.testing.assert_allclose(np.abs([one.score for one in told]), best.values.abs().numpy(), rtol=1e-3, atol=1e-4)
    assert [one.score for one in found.lowers] == sorted(one.score for one in found.lowers)
    assert top_writes(model(case), 1, [neuron]) == [found.raises[0].token]


@pytest.mark.parametrize("case", ["gpt2", "llama", "gemma2", "phi3", "t5, gated and untied", "granite", "cohere"])
def test_a_neuron_raises_what_its_row_raises_when_the_last_norm_stands_still(case: str) -> None:
    """The largest of all writes is also the largest of what the model's own unembedding makes of a small step."""
    one, layer, neuron = model(case), 1, 3
    feed = feed_forwards(one)[layer]
    assert feed is not None
    assert one.architecture.unembedding is not None
    row = feed.written[neuron].double()
    if feed.after is not None:
        with torch.no_grad():
            still = feed.after(torch.eye(len(row)) * 1e3).double().diag()
        row = row * still
    trace = one.trace(text_of(6), text_of(3) if one.kind == "encoder-decoder" else "")
    steps = [step for step in one.architecture.unembedding.steps if type(step).__name__ != "SoftCap"]
    base = torch.from_numpy(np.array(trace.residual[-1, -1])).double()
    base = base / base.norm()
    across = row - base * (row @ base)  # a step that keeps the length, so that the norm divides by the same number
    centred = across - across.mean()

    def logits(residual: torch.Tensor) -> torch.Tensor:
        value = residual.float()[None, None]
        with torch.no_grad():
            for step in steps:
                value = step(value)
        return value[0, 0].double()

    size = 1e-2 / float(centred.norm())
    difference = (logits(base + size * across) - logits(base - size * across)) / (2 * size)
    expected = difference - difference.mean()
    words = neuron_words(one, layer, neuron, 8)
    found = np.array([expected[one.token] for one in words.raises])
    assert found.mean() > expected.quantile(0.6)


def test_a_search_finds_the_neuron_that_was_made_to_write_the_word() -> None:
    one = assembled("gpt2", "with a neuron of its own")
    word, layer, neuron = 17, 2, 40
    with torch.no_grad():
        table = one.network.get_output_embeddings().weight
        one.network.transformer.h[layer].mlp.c_proj.weight[neuron] = table[word] / one.network.transformer.ln_f.weight
    best = writers(one, f"w{word}", 3)
    assert (best[0].layer, best[0].neuron) == (layer, neuron)
    assert best[0].score > best[1].score
    assert neuron_words(one, layer, neuron).raises[0].token == word


def test_a_score_is_in_standard_deviations_of_all_that_the_neuron_writes(storybook: LanguageModel) -> None:
    best = writers(storybook, "king", 2)[1]
    everything = neuron_words(storybook, best.layer, best.neuron, storybook.vocab)
    scores = np.zeros(storybook.vocab)
    scores[[one.token for one in everything.raises]] = [one.score for one in everything.raises]
    king = vocabulary(storybook).entry("king")
    assert (scores[king] - scores.mean()) / scores.std() == pytest.approx(best.score, rel=1e-3)


@pytest.mark.parametrize("case", ["gpt2", "llama", "t5", "bert"])
def test_activations_are_what_transformers_hands_to_the_last_map(case: str) -> None:
    one = model(case)
    trace = one.trace(text_of(6), text_of(4, seed=1) if case == "t5" else "")
    names = {
        "gpt2": "transformer.h.1.mlp.c_proj", "llama": "model.layers.1.mlp.down_proj",
        "t5": "decoder.block.1.layer.2.DenseReluDense.wo", "bert": "bert.encoder.layer.1.output.dense",
    }  # fmt: skip
    seen: list[torch.Tensor] = []
    handle = (
        reference(case).get_submodule(names[case]).register_forward_pre_hook(lambda _m, given: seen.append(given[0]))
    )
    inputs = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if trace.target_tokens:
        inputs["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    with torch.no_grad():
        reference(case)(**inputs)
    handle.remove()
    expected = seen[0][0].numpy()
    np.testing.assert_allclose(activations(one, trace, 1, 7), expected[:, 7], atol=1e-5)
    found = strongest(one, trace, 2, count=3)[1]
    assert found is not None
    weight = reference(case).get_submodule(names[case]).weight.detach().numpy()
    lengths = np.linalg.norm(weight, axis=1 if case == "gpt2" else 0)
    strength = np.abs(expected[2]) * lengths
    assert found.neurons.tolist() == np.argsort(-strength)[:3].tolist()
    np.testing.assert_allclose(found.strengths, np.sort(strength)[::-1][:3], rtol=1e-3)
    np.testing.assert_allclose(found.activations, expected[2][found.neurons], atol=1e-5)


@pytest.mark.parametrize("name", ["storybook", "storybook-t5"])
def test_peaks_are_the_largest_activations_over_the_passages(name: str) -> None:
    one = load(name, device="cpu")
    *progress, found = read_all(one)
    assert isinstance(found, Peaks)
    assert progress[0] == 0
    assert len(progress) > 3
    layer, neuron = 2, 100
    sizes = []
    for number in range(0, len(passages()), 6):
        text, target = read_passage(one, number)
        values = np.abs(activations(one, one.trace(text, target), layer, neuron)[1:])
        sizes.append(values.max())
        if number in found.passages[layer, :, neuron]:
            rank = found.passages[layer, :, neuron].tolist().index(number)
            assert abs(found.activations[layer, rank, neuron]) == pytest.approx(values.max(), abs=1e-3)
    assert abs(found.activations[layer, 0, neuron]) >= max(sizes) - 1e-3
    best = passage_of(one, layer, neuron, int(found.passages[layer, 0, neuron]))
    assert isinstance(best, Passage)
    assert best.position == found.positions[layer, 0, neuron]
    assert best.activations[best.position] == pytest.approx(found.activations[layer, 0, neuron], abs=1e-3)
    assert len(best.tokens) == len(best.activations)


@pytest.mark.parametrize(
    ("layer", "neuron", "part"), [(9, 0, "layer must be from 0 to 2"), (0, 5_000, "neuron must be from 0 to 127")]
)
def test_a_neuron_that_is_not_there_gets_a_sentence(layer: int, neuron: int, part: str) -> None:
    with pytest.raises(InputError, match=part):
        neuron_words(model("gpt2"), layer, neuron)


def test_what_writes_through_more_than_a_norm_is_refused() -> None:
    with pytest.raises(Unsupported, match="one more layer"):
        writers(model("bert"), "w7")
    with pytest.raises(InputError, match="not one token"):
        writers(model("gpt2"), "nothing of the kind")
    with pytest.raises(InputError, match="count must be from"):
        writers(model("gpt2"), "w7", 0)


@pytest.mark.parametrize("name", ["storybook", "storybook-llama", "storybook-bert", "storybook-t5"])
def test_the_peaks_that_come_with_the_program_are_those_that_are_read(name: str) -> None:
    one = load(name, device="cpu")
    found = ready(one)
    assert found is not None, "the weights or the passages are others: run python -m models.neurons"
    *_, read = read_all(one)
    assert isinstance(read, Peaks)
    largest = float(np.abs(read.activations).max())
    np.testing.assert_allclose(found.activations, read.activations, atol=2e-3 * largest)
    np.testing.assert_array_equal(found.passages, read.passages)
    np.testing.assert_array_equal(found.positions, read.positions)
    (kept,) = peaks(one)
    assert list(peaks(one)) == [kept]


def test_peaks_of_other_passages_or_in_a_damaged_file_are_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = load("storybook-t5", device="cpu")
    found = ready(one)
    assert found is not None
    file = save(one, found, tmp_path)
    again = ready(one, tmp_path)
    assert again is not None
    np.testing.assert_array_equal(again.activations, found.activations)
    with monkeypatch.context() as changed:
        changed.setattr("models.neurons.ready.passages", lambda: ("Other words.",))
        assert ready(one, tmp_path) is None
    file.write_bytes(file.read_bytes()[:100])
    assert ready(one, tmp_path) is None
