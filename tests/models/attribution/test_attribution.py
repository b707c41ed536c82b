"""Attributions are what transformers' own network, differentiated or run by hand, gives for the same text."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.attribution.deletion import Deletion, deletion
from models.attribution.methods import WAYS, Attribution, attribute, attributing, rank_agreement
from models.attribution.output import Output
from models.attribution.question import Question, question
from models.engine.scores import unwatch_scores
from models.engine.trace import Trace
from models.errors import InputError, ModelError, Unsupported
from tests.models.families import FAMILIES, assembled, model, reference, text_of

LENGTH = 7
# Where a router picks experts the output jumps along the path, and no integral of gradients adds up to it.
JUMPING = {"mixtral", "qwen2_moe", "gpt_oss", "deepseek_v3"}
CASES = ["gpt2", "llama", "gemma2", "gpt_neox", "bert", "t5", "bart"]


def asked(case: str, length: int = LENGTH) -> tuple[Trace, Question]:
    both = model(case).kind == "encoder-decoder"
    trace = model(case).trace(text_of(length), text_of(4, seed=1) if both else "")
    return trace, question(model(case), trace)


def ids_of(trace: Trace) -> dict[str, Tensor]:
    ids = {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if trace.target_tokens:
        ids["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    return ids


def embeddings_of(case: str, trace: Trace) -> dict[str, Tensor]:
    """The embeddings that transformers' own code would make of the tokens."""
    network, ids = reference(case), ids_of(trace)
    if not trace.target_tokens:
        return {"inputs_embeds": network.get_input_embeddings()(ids["input_ids"])}
    return {
        "inputs_embeds": network.get_encoder().get_input_embeddings()(ids["input_ids"]),
        "decoder_inputs_embeds": network.get_decoder().get_input_embeddings()(ids["decoder_input_ids"]),
    }


def number(case: str, place: Question, **inputs: Tensor) -> Tensor:
    logits = reference(case)(**inputs).logits[0, place.position]
    return logits[place.token] - (0 if place.against is None else logits[place.against])


def values_of(case: str, trace: Trace, place: Question, method: str, **settings: Any) -> np.ndarray:
    return attribute(model(case), trace, place, method, **settings).values


@pytest.mark.parametrize("case", CASES)
def test_gradient_times_input_is_that_of_transformers_own_network(case: str) -> None:
    trace, place = asked(case)
    embeddings = {name: value.detach().requires_grad_() for name, value in embeddings_of(case, trace).items()}
    gradients = torch.autograd.grad(number(case, place, **embeddings), list(embeddings.values()))
    products = [(g * e).sum(-1)[0].detach() for g, e in zip(gradients, embeddings.values(), strict=True)]
    expected = torch.cat(products).numpy()
    np.testing.assert_allclose(values_of(case, trace, place, "gradient_input"), expected, rtol=1e-3, atol=1e-4)
    assert np.abs(expected).max() > 1e-2


@pytest.mark.parametrize("case", ["gpt2", "llama", "t5"])
def test_integrated_gradients_are_the_integral_taken_by_hand(case: str) -> None:
    """The midpoint rule with many steps, along the path from the mean of the table, on transformers' own network."""
    trace, place = asked(case)
    ends = embeddings_of(case, trace)
    mean = reference(case).get_input_embeddings().weight.detach().mean(0)
    total = {name: torch.zeros_like(end) for name, end in ends.items()}
    steps = 400
    for step in range(steps):
        share = (step + 0.5) / steps
        points = {name: (mean + share * (end - mean)).detach().requires_grad_() for name, end in ends.items()}
        gradients = torch.autograd.grad(number(case, place, **points), list(points.values()))
        for name, gradient in zip(points, gradients, strict=True):
            total[name] += gradient / steps
    expected = torch.cat([((end - mean) * total[name]).sum(-1)[0] for name, end in ends.items()]).detach().numpy()
    found = values_of(case, trace, place, "integrated_gradients", steps=200)
    np.testing.assert_allclose(found, expected, atol=1e-2 * float(np.abs(expected).max()))


@pytest.mark.parametrize("case", sorted(set(FAMILIES) - JUMPING))
def test_integrated_gradients_add_up_in_every_family(case: str) -> None:
    trace, place = asked(case)
    found = attribute(model(case), trace, place, "integrated_gradients")
    assert found.output == pytest.approx(place.of(trace))
    assert found.baseline_output is not None
    assert found.completeness_error is not None
    assert len(found.values) == len(found.tokens) == len(trace.tokens) + len(trace.target_tokens)
    difference = found.output - found.baseline_output
    assert found.values.sum() - difference == pytest.approx(found.completeness_error, abs=1e-5)
    assert abs(found.completeness_error) < 0.03 * max(1.0, abs(difference))


def test_an_error_of_completeness_is_told_where_the_output_jumps() -> None:
    trace, place = asked("mixtral")
    found = attribute(model("mixtral"), trace, place, "integrated_gradients")
    assert found.completeness_error is not None
    assert abs(found.completeness_error) > 0.1


@pytest.mark.parametrize("case", ["gpt2", "llama", "mistral, sliding", "gpt_neox", "gptj", "bert", "t5", "bart"])
def test_a_masked_token_is_one_transformers_attends_to_no_more(case: str) -> None:
    trace, place = asked(case)
    found = values_of(case, trace, place, "leave_one_out_masked")
    with torch.no_grad():
        for token in range(1, len(trace.tokens)):
            seen = torch.ones(1, len(trace.tokens), dtype=torch.long)
            seen[0, token] = 0
            expected = place.of(trace) - number(
                case, place, **ids_of(trace), attention_mask=seen, **places(case, trace)
            )
            assert found[token] == pytest.approx(float(expected), abs=1e-4)
    assert np.abs(found).max() > 1e-2


def places(case: str, trace: Trace) -> dict[str, Tensor]:
    """Positions said aloud, for a mask would otherwise move them."""
    decoder = model(case).kind == "decoder"
    return {"position_ids": torch.arange(len(trace.tokens))[None]} if decoder else {}


@pytest.mark.parametrize("case", CASES)
def test_a_replaced_token_has_the_mean_embedding(case: str) -> None:
    trace, place = asked(case)
    found = values_of(case, trace, place, "leave_one_out_replaced")
    embeddings = embeddings_of(case, trace)
    source = embeddings["inputs_embeds"].detach()
    table = reference(case).get_input_embeddings()(torch.arange(reference(case).config.vocab_size))
    if trace.target_tokens:
        table = reference(case).get_encoder().get_input_embeddings()(torch.arange(reference(case).config.vocab_size))
    with torch.no_grad():
        for token in range(len(trace.tokens)):
            changed = source.clone()
            changed[0, token] = table.mean(0)
            expected = place.of(trace) - number(case, place, **embeddings | {"inputs_embeds": changed})
            assert found[token] == pytest.approx(float(expected), abs=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_a_removed_token_is_gone_and_those_after_it_move_up(case: str) -> None:
    trace, place = asked(case)
    found = values_of(case, trace, place, "leave_one_out_removed")
    ids, both = ids_of(trace), bool(trace.target_tokens)
    with torch.no_grad():
        for token in range(len(trace.tokens)):
            kept = [other for other in range(len(trace.tokens)) if other != token]
            shorter = ids | {"input_ids": ids["input_ids"][:, kept]}
            position = place.position if both else place.position - 1
            moved = Question(position=position, token=place.token)
            if model(case).kind == "encoder" and token == place.position:
                assert np.isnan(found[token])
                continue
            assert found[token] == pytest.approx(place.of(trace) - float(number(case, moved, **shorter)), abs=1e-4)


def test_the_difference_of_two_logits_is_the_difference_of_their_attributions() -> None:
    trace, place = asked("llama")
    foil = (place.token + 7) % 90
    both = Question(position=place.position, token=place.token, against=foil)
    only = Question(position=place.position, token=foil)
    for method in ("gradient_input", "integrated_gradients", "leave_one_out_replaced"):
        found = values_of("llama", trace, both, method)
        expected = values_of("llama", trace, place, method) - values_of("llama", trace, only, method)
        np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("method", sorted(WAYS))
def test_tokens_a_decoder_has_not_read_yet_count_nothing(method: str) -> None:
    trace, _ = asked("llama")
    early = question(model("llama"), trace, position=2)
    values = values_of("llama", trace, early, method)
    np.testing.assert_array_equal(values[3:], 0)
    assert np.abs(values[:3]).max() > 0


@pytest.mark.parametrize("method", sorted(WAYS))
def test_a_text_of_one_token_has_an_answer(method: str) -> None:
    trace, place = asked("gpt2", length=1)
    assert values_of("gpt2", trace, place, method).shape == (1,)


def test_a_masked_model_is_asked_at_its_mask() -> None:
    trace = model("bert").trace("w5 w6 <mask> w8")
    place = question(model("bert"), trace)
    assert place.position == 2
    assert np.isnan(values_of("bert", trace, place, "leave_one_out_removed")).tolist() == [False, False, True, False]


def test_half_precision_is_attributed_in_its_own_numbers() -> None:
    half = assembled("llama", "llama in half precision")
    half.network.to(torch.bfloat16)
    trace = half.trace(text_of(LENGTH))
    found = attribute(half, trace, question(half, trace), "integrated_gradients")
    assert found.baseline_output is not None
    assert found.completeness_error is not None
    assert abs(found.completeness_error) < 0.1 * max(1.0, abs(found.output - found.baseline_output))


def test_what_disturbs_nobody_leaves_no_trace_behind() -> None:
    one = assembled("llama", "shared")
    before = one.trace(text_of(9, seed=3)).logits
    trace = one.trace(text_of(LENGTH))
    place = question(one, trace)

    def work(seed: int) -> Any:
        if seed % 2:
            return one.trace(text_of(9, seed=3)).logits
        ways = list(WAYS)
        return attribute(one, one.trace(text_of(LENGTH)), place, ways[seed // 2 % len(ways)])

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(work, range(24)))
    for seed, result in enumerate(done):
        if seed % 2:
            np.testing.assert_array_equal(result, before)
        else:
            np.testing.assert_array_equal(result.values, attribute(one, trace, place, result.method).values)
    assert all(parameter.grad is None for parameter in one.network.parameters())
    assert not any(parameter.requires_grad for parameter in one.network.parameters())


def test_progress_is_told_and_a_closed_attribution_stops() -> None:
    trace = assembled("llama", "counted").trace(text_of(40))
    one = assembled("llama", "counted")
    news = attributing(one, trace, question(one, trace), "integrated_gradients", steps=60)
    first = next(news)
    assert not isinstance(first, Attribution)
    assert first.fraction == 0
    assert not isinstance(second := next(news), Attribution)
    assert 0 < second.fraction < 1
    news.close()  # type: ignore[attr-defined]
    assert not any("integrated_gradients" in str(key) for key in trace.derived.keys())  # noqa: SIM118 - no dict


def test_what_was_computed_is_kept() -> None:
    trace, place = asked("gpt2")
    first = attribute(model("gpt2"), trace, place, "integrated_gradients")
    assert attribute(model("gpt2"), trace, place, "integrated_gradients") is first
    assert attribute(model("gpt2"), trace, place, "integrated_gradients", steps=20) is not first


def test_a_deletion_curve_starts_whole_and_ends_with_nothing_left() -> None:
    trace, place = asked("gpt2")
    output = Output(model=model("gpt2"), trace=trace, question=place)
    values = {"up": np.arange(LENGTH, dtype=float), "down": -np.arange(LENGTH, dtype=float)}
    *_, found = deletion(output, values)
    assert isinstance(found, Deletion)
    assert found.counts.tolist() == list(range(LENGTH + 1))
    nothing = float(output(output.baseline("mean")[None])[0])
    first = output.embeddings.clone()
    first[LENGTH - 1] = output.baseline("mean")[LENGTH - 1]
    assert found.curves["up"][1] == pytest.approx(float(output(first[None])[0]), abs=1e-5)
    for curve in (*found.curves.values(), found.random):
        assert curve[0] == pytest.approx(place.of(trace), abs=1e-4)
        assert curve[-1] == pytest.approx(nothing, abs=1e-4)


def test_rank_agreement_is_spearmans() -> None:
    one, other = np.array([0.1, 5.0, 2.0, 3.0]), np.array([1.0, 2.0, 9.0, 4.0])
    ranks = np.array([0, 3, 1, 2]) - np.array([0, 1, 3, 2])
    assert rank_agreement(one, other) == pytest.approx(1 - 6 * (ranks**2).sum() / (4 * 15))
    assert rank_agreement(one, -one) == pytest.approx(-1)
    assert rank_agreement(one, np.zeros(4)) is None
    assert rank_agreement(one, np.array([np.nan, 1, 2, 3])) == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"method": "guess"}, "method must be one of"),
        ({"baseline": "unk"}, "baseline must be one of"),
        ({"steps": 0}, "steps must be from 1"),
        ({"steps": 10_001}, "steps must be from 1"),
    ],
)
def test_what_is_out_of_range_gets_a_sentence(wrong: dict[str, Any], part: str) -> None:
    trace, place = asked("gpt2")
    with pytest.raises(InputError, match=part):
        attribute(model("gpt2"), trace, place, **({"method": "gradient_input"} | wrong))


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"token": "w5", "against": "w5"}, "with itself"),
        ({"token": "no such word"}, "not one token"),
        ({"position": 7}, "from −?-?7 to 6"),
        ({"position": -8}, "from −?-?7 to 6"),
    ],
)
def test_what_is_no_question_gets_a_sentence(wrong: dict[str, Any], part: str) -> None:
    trace, _ = asked("gpt2")
    with pytest.raises(InputError, match=part):
        question(model("gpt2"), trace, **wrong)


def test_what_a_family_cannot_do_is_said() -> None:
    trace, place = asked("t5")
    with pytest.raises(ModelError):
        attribute(model("t5"), trace, place, "rollout")
    closed = assembled("gptj", "gptj that cannot be cut")
    unwatch_scores(closed.architecture)
    trace, place = asked("gptj")
    with pytest.raises(Unsupported, match="connection"):
        attribute(closed, trace, place, "leave_one_out_masked")


def test_a_family_that_takes_no_embeddings_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    one = assembled("gpt2", "without embeddings")
    monkeypatch.setattr(one.network, "forward", lambda input_ids: input_ids)
    trace, place = asked("gpt2", length=5)
    with pytest.raises(Unsupported, match="takes no embeddings"):
        attribute(one, trace, place, "gradient_input")
