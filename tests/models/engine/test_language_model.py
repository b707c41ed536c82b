"""A model describes itself truthfully, and many can ask it at once."""

from threading import Thread

import numpy as np
import pytest

from models import load
from models.attention.captured import CapturedAttention
from models.engine import capture as attention
from models.engine.architecture import probing
from models.errors import InputError
from models.generation.sampling import Sampling
from models.loading.assembly import assemble
from tests.models.families import FAMILIES, build, model, reference, text_of


@pytest.mark.parametrize("case", FAMILIES)
def test_a_model_describes_itself_as_its_configuration_does(case: str) -> None:
    described, config = model(case), reference(case).config
    count = getattr(config, "num_decoder_layers", None) or config.num_hidden_layers
    if config.model_type in {"bart", "mbart", "marian", "pegasus", "blenderbot", "m2m_100"}:
        count = config.decoder_layers
    assert described.layers == count
    assert described.heads == 4
    assert described.family == config.model_type
    assert described.vocab == config.vocab_size
    assert described.parameters == sum(parameter.numel() for parameter in reference(case).parameters())


@pytest.mark.parametrize(
    ("case", "context"), [("gpt2", 64), ("llama", 64), ("bloom", None), ("t5", None), ("roberta", 62)]
)
def test_the_context_is_what_the_model_can_read(case: str, context: int | None) -> None:
    assert model(case).context == context
    longest = context or 80
    assert len(model(case).trace(text_of(longest)).tokens) == longest


@pytest.mark.parametrize("case", ["gpt2", "llama", "bert", "albert", "t5", "opt, projected"])
def test_embeddings_are_the_networks_tables(case: str) -> None:
    described, network = model(case), reference(case)
    table = network.get_input_embeddings().weight.detach().numpy()
    np.testing.assert_array_equal(described.embedding("input"), table)
    output = network.get_output_embeddings().weight.detach().numpy()
    np.testing.assert_array_equal(described.embedding("output"), output)
    assert described.tied == np.array_equal(table, output)
    assert not described.embedding().flags.writeable
    assert described.embedding() is described.embedding()


def test_an_embedding_of_another_name_is_refused() -> None:
    with pytest.raises(InputError, match="'input' or 'output'"):
        model("gpt2").embedding("middle")


def test_what_comes_next_is_read_off_the_last_position() -> None:
    described, text = model("gpt2"), text_of(9)
    logits = described.trace(text).logits_at(-1)
    exact = np.exp(logits.astype(np.float64) - logits.max())
    found = described.next_token(text, Sampling())
    best = found.top(1)[0]
    assert best.id == int(logits.argmax())
    np.testing.assert_allclose(best.probability, exact.max() / exact.sum(), rtol=1e-5)


def test_greedy_completion_follows_the_likeliest_token() -> None:
    described, text = model("llama"), text_of(9)
    steps = list(described.complete(text, Sampling(greedy=True), max_new_tokens=3))
    assert steps[0].token.id == int(described.trace(text).logits_at(-1).argmax())
    assert [step.rank for step in steps] == [1] * len(steps)


def test_a_network_that_attends_in_an_unknown_way_falls_back_to_eager(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build("llama")
    assert attention.implementation(network) == attention.CAPTURE
    monkeypatch.setattr(attention, "APPLIED", attention.APPLIED - {"scaling"})
    described = assemble("llama", network, None, kind="decoder", revision="test")
    assert attention.implementation(described.network) == attention.EAGER


def test_captured_attention_that_disagrees_with_eager_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build("gemma2")
    monkeypatch.setattr(CapturedAttention, "pattern", _wrong(CapturedAttention.pattern))
    assemble("gemma2", network, None, kind="decoder", revision="test")
    assert attention.implementation(network) == attention.EAGER


def _wrong(pattern: object) -> object:
    return lambda self, heads, queries: pattern(self, heads, queries)[:, :, ::-1]  # type: ignore[operator]


def test_a_probe_hears_its_own_thread_only() -> None:
    """Another visitor reads logits off a trace meanwhile: the final norm and the unembedding run without a lock."""
    model = load("storybook", device="cpu")
    trace = model.trace("Once upon a time")
    with probing(model.network) as probe:
        other = Thread(target=lambda: trace.lens(2))
        other.start()
        other.join()
    assert probe.calls == []
    assert probe.started == []
