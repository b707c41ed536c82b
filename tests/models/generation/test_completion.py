"""Completion: the text of `generate`, the same for a seed in any batch, and nothing left of a closed request."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

import models
from models.engine.language_model import LanguageModel
from models.errors import InputError, PromptTooLong, Unsupported
from models.generation.completion import Step, Waiting, complete, follow
from models.generation.decoding import BatchedDecoder, SequentialDecoder, agrees
from models.generation.detokenizer import IncrementalDetokenizer
from models.generation.generation_request import prepare_request
from models.generation.sampling import Sampling, distribution
from models.generation.scheduler import Scheduler, position_bytes, scheduler_of
from models.text.token_decoder import TokenDecoder
from tests.models import families

STORYBOOK = Path(models.__file__).parent / "bundled" / "storybook"
DECODERS = ["gpt2", "llama", "bloom", "falcon, ALiBi", "mistral, sliding", "gpt_neo, local", "gemma2", "mpt", "opt"]
BOTH = ["t5", "bart", "marian"]
SAMPLINGS = [
    Sampling(),
    Sampling(temperature=0.7, top_k=8),
    Sampling(temperature=1.3, top_p=0.8),
    Sampling(top_p=0.9, min_p=0.05, repetition_penalty=1.3),
    Sampling(typical_p=0.7),
    Sampling(greedy=True),
]


def ids_of(steps: list[Step]) -> list[int]:
    return [step.token.id for step in steps]


def alone(model: LanguageModel, text: str, sampling: Sampling, **options: Any) -> list[int]:
    """The ids that one request alone gets."""
    news = Scheduler(model, max_batch_size=1).follow(prepare_request(model, text, sampling, **options))
    return ids_of([item for item in news if isinstance(item, Step)])


@pytest.mark.parametrize("case", DECODERS + BOTH)
def test_greedy_completion_is_that_of_generate(case: str) -> None:
    model, text, target = families.model(case), families.text_of(7), "w9 w17" if case in BOTH else ""
    steps = list(complete(model, text, Sampling(greedy=True), max_new_tokens=12, target=target))
    inputs: dict[str, Any] = {"input_ids": torch.tensor([[token.id for token in model.tokenize(text)]])}
    read = inputs["input_ids"]
    if case in BOTH:
        read = torch.tensor([[token.id for token in model.tokenize(target, target=True)]])
        inputs["decoder_input_ids"] = read
    settings = {"forced_bos_token_id": None, "forced_eos_token_id": None}
    expected = families.reference(case).generate(**inputs, do_sample=False, num_beams=1, max_new_tokens=12, **settings)
    assert ids_of(steps) == expected[0, read.shape[1] :].tolist()


@pytest.mark.parametrize("case", ["gpt2", "t5"])
def test_each_step_has_the_probabilities_of_the_text_before_it(case: str) -> None:
    model, text, sampling = families.model(case), families.text_of(6), Sampling(top_p=0.9, seed=5)
    written = ""
    for step in complete(model, text, sampling, max_new_tokens=8):
        trace = model.trace(text, written.strip()) if case in BOTH else model.trace(f"{text} {written}".strip())
        found = distribution(trace.logits_at(-1), sampling)
        candidate = found.of(step.token.id)
        assert step.probability == pytest.approx(candidate.probability, rel=1e-3)
        assert step.final_probability == pytest.approx(candidate.final_probability, rel=1e-3)
        assert step.rank == candidate.rank
        assert step.entropy == pytest.approx(found.entropy, abs=1e-3)
        assert [other.id for other in step.alternatives] == [other.id for other in found.top(10)]
        written += f" w{step.token.id}"


@pytest.mark.parametrize("case", ["gpt2", "mistral, sliding", "bloom"])
def test_a_seed_gives_the_same_text_alone_and_in_a_batch(case: str) -> None:
    model = families.model(case)
    texts = [families.text_of(length, seed=length) for length in range(3, 15)]
    settings = [SAMPLINGS[place % len(SAMPLINGS)].seeded(place) for place in range(12)]
    expected = [alone(model, text, chosen, max_new_tokens=15) for text, chosen in zip(texts, settings, strict=True)]
    found: dict[int, list[int]] = {}

    def visit(place: int) -> None:
        found[place] = ids_of(list(complete(model, texts[place], settings[place], max_new_tokens=15)))

    run_together([threading.Thread(target=visit, args=(place,)) for place in range(12)])
    assert [found[place] for place in range(12)] == expected
    assert scheduler_of(model).active == scheduler_of(model).waiting == 0


def run_together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)


def test_another_seed_gives_another_text() -> None:
    model, text = families.model("gpt2"), families.text_of(5)
    assert len({tuple(alone(model, text, Sampling(seed=seed), max_new_tokens=20)) for seed in range(8)}) > 4


@pytest.mark.parametrize("case", ["gpt2", "llama", "bloom", "mistral, sliding", "gpt_neo, local", "gemma2", "mpt"])
def test_rows_of_different_lengths_get_their_unbatched_logits(case: str) -> None:
    network = families.model(case).network
    with torch.no_grad():
        assert agrees(network)


def test_a_network_whose_rows_depend_on_each_other_decodes_them_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass whose rows depend on their row number: the measurement finds out, and nobody gets a wrong token."""
    model, text = families.model("stablelm"), families.text_of(5)
    expected = alone(model, text, Sampling(greedy=True), max_new_tokens=10)
    plain = BatchedDecoder.next

    def dependent(self: BatchedDecoder, tokens: Any) -> Any:
        logits = plain(self, tokens)
        return logits + torch.arange(len(logits))[:, None] * torch.randn(logits.shape[1])

    monkeypatch.setattr(BatchedDecoder, "next", dependent)
    scheduler = Scheduler(model)
    asked = [scheduler.follow(prepare_request(model, text, Sampling(greedy=True), max_new_tokens=10)) for _ in range(3)]
    firsts = [next(news) for news in asked]
    rest = [[first, *news] for first, news in zip(firsts, asked, strict=True)]
    assert [ids_of([step for step in steps if isinstance(step, Step)]) for steps in rest] == [expected] * 3
    assert isinstance(scheduler._decoder, SequentialDecoder)


def test_a_closed_request_leaves_the_batch_before_the_next_token() -> None:
    model = families.model("gpt2")
    scheduler = Scheduler(model, max_batch_size=1)
    asked = prepare_request(model, families.text_of(5), Sampling(seed=1), max_new_tokens=30)
    first, second = scheduler.follow(asked), scheduler.follow(asked)
    assert isinstance(next(first), Step)
    assert next(second) == Waiting(before=0)
    assert scheduler.waiting == 1
    first.close()
    assert isinstance(next(second), Step)
    assert len(scheduler._active) == 1
    second.close()
    assert scheduler.active == 0


def test_requests_in_the_queue_are_told_how_many_are_before_them() -> None:
    model = families.model("gpt2")
    scheduler = Scheduler(model, max_batch_size=1)
    asked = prepare_request(model, families.text_of(5), Sampling(), max_new_tokens=30)
    everyone = [scheduler.follow(asked) for _ in range(4)]
    news = [next(one) for one in everyone]
    assert isinstance(news[0], Step)
    assert news[1:] == [Waiting(before=0), Waiting(before=1), Waiting(before=2)]
    for one in everyone:
        one.close()


def test_a_session_with_many_requests_does_not_hold_up_another() -> None:
    model = families.model("gpt2")
    scheduler = Scheduler(model, max_batch_size=2)

    def ask(session: str, length: int) -> Iterator[Step | Waiting]:
        return scheduler.follow(
            prepare_request(
                model, families.text_of(5), Sampling(greedy=True), max_new_tokens=length, session_id=session
            )
        )

    greedy = [ask("greedy", 30) for _ in range(6)]
    for one in greedy:
        next(one)
    other = ask("other", 2)
    assert isinstance(next(other), Waiting)
    assert any(isinstance(next(other), Step) for _ in range(30))
    assert scheduler.waiting == 4  # the first place that was freed went to the other, before those who came earlier


def test_a_failed_pass_is_told_to_everyone_in_it_and_the_next_one_works(monkeypatch: pytest.MonkeyPatch) -> None:
    model = families.model("gpt2")
    scheduler = Scheduler(model)
    asked = prepare_request(model, families.text_of(5), Sampling(), max_new_tokens=10)
    everyone = [scheduler.follow(asked) for _ in range(2)]
    for one in everyone:
        next(one)
    with monkeypatch.context() as patch:
        patch.setattr(BatchedDecoder, "next", lambda *_: (_ for _ in ()).throw(MemoryError("no room")))
        for one in everyone:
            with pytest.raises(MemoryError, match="no room"):
                list(one)
    assert len(list(scheduler.follow(asked))) == 10


@pytest.mark.parametrize("case", ["gpt2", "llama", "gemma2"])
def test_the_room_a_position_takes_in_the_cache_is_known_before(case: str) -> None:
    model = families.model(case)
    scheduler = Scheduler(model)
    next(scheduler.follow(prepare_request(model, families.text_of(5), Sampling(), max_new_tokens=10)))
    assert scheduler.nbytes == 5 * position_bytes(model)


def test_a_branch_begins_with_exactly_the_chosen_tokens() -> None:
    model, text, sampling = families.model("gpt2"), families.text_of(5), Sampling(seed=3)
    whole = alone(model, text, sampling, max_new_tokens=12)
    assert alone(model, text, sampling, max_new_tokens=12, prefix_ids=whole[:5]) == whole[5:]
    steps = list(complete(model, text, sampling, max_new_tokens=12, prefix_ids=[7, 8]))
    assert len(steps) == 10
    assert steps[0].completion.startswith("w7w8")


@pytest.mark.parametrize("stop", ["w", ".*", "(", "\\", "w9", "\U0001f600", "</script>", "\ud800"])
def test_a_stop_text_is_taken_literally(stop: str) -> None:
    model = families.model("gpt2")
    plain = list(complete(model, families.text_of(5), Sampling(seed=2), max_new_tokens=30))[-1].completion
    last = list(complete(model, families.text_of(5), Sampling(seed=2), max_new_tokens=30, stop=stop))[-1]
    assert last.completion == plain.split(stop)[0]
    assert (last.finish_reason == "stop text") == (stop in plain)


def test_generation_ends_where_the_context_is_full() -> None:
    model = families.model("gpt2")
    steps = list(complete(model, families.text_of(60), Sampling(seed=4), max_new_tokens=30))
    assert len(steps) <= 4
    if len(steps) == 4:
        assert steps[-1].finish_reason in {"context", "end"}
    with pytest.raises(PromptTooLong, match="shorten"):
        complete(model, families.text_of(64), Sampling())


def test_what_cannot_be_generated_is_refused_before_anything_runs() -> None:
    with pytest.raises(Unsupported, match="masked"):
        complete(families.model("bert"), "w5 w6", Sampling())
    for length in (0, -1, 10_000):
        with pytest.raises(InputError, match="max_new_tokens"):
            complete(families.model("gpt2"), "w5", Sampling(), max_new_tokens=length)
    with pytest.raises(InputError, match="no text"):
        complete(families.model("gpt2"), "", Sampling())
    with pytest.raises(InputError, match="stop text"):
        complete(families.model("gpt2"), "w5", Sampling(), stop="x" * 201)


def test_closing_the_steps_leaves_nobody_behind() -> None:
    model = families.model("opt")
    with closing(follow(model, families.text_of(4), Sampling(seed=1), max_new_tokens=20)) as news:
        next(news)
        assert scheduler_of(model).active == 1
    assert scheduler_of(model).active == 0


@pytest.mark.parametrize("case", ["llama", "mistral, sliding", "t5"])
def test_the_kv_cache_counts_in_the_bytes_of_its_model(case: str) -> None:
    model = families.model(case)
    with closing(follow(model, families.text_of(4), Sampling(seed=1), max_new_tokens=20)) as news:
        before = model.nbytes
        for _ in range(3):
            next(news)
        held = scheduler_of(model).nbytes
    assert held >= 2 * 4 * len(model.tokenize(families.text_of(4)))  # a key and a value of float32 for each token
    assert model.nbytes == before + held
    assert scheduler_of(model) is scheduler_of(model)


def test_a_character_appears_when_its_last_byte_is_written() -> None:
    token_decoder = TokenDecoder(AutoTokenizer.from_pretrained(STORYBOOK))
    id_of = {
        token_decoder.decode_bytes(token_id): token_id
        for token_id in range(token_decoder.size)
        if token_id not in token_decoder.special
    }
    detokenizer, seen = IncrementalDetokenizer(token_decoder), []
    for byte in "aé👩x".encode():
        detokenizer.add(id_of[bytes([byte])])
        seen.append(detokenizer.text)
    assert seen == ["a", "a", "aé", "aé", "aé", "aé", "aé👩", "aé👩x"]
    detokenizer.add(id_of[b"\xe4"])
    detokenizer.add(min(token_decoder.special))
    assert detokenizer.text == "aé👩x"
    detokenizer.close()
    assert detokenizer.text == "aé👩x\ufffd"


def test_sampled_frequencies_of_first_tokens_match_the_shown_probabilities() -> None:
    """Chi-square over 300 completions of one token: engine, rules and seeds together."""
    model, text = families.model("llama"), families.text_of(4)
    steps = [next(complete(model, text, Sampling(top_k=6, seed=seed), max_new_tokens=1)) for seed in range(300)]
    odds = {step.token.id: step.final_probability for step in steps}
    counts = {token_id: sum(step.token.id == token_id for step in steps) for token_id in odds}
    assert len(odds) == 6
    statistic = sum((counts[token_id] - 300 * odds[token_id]) ** 2 / (300 * odds[token_id]) for token_id in odds)
    assert statistic < 30.9  # five degrees of freedom: passed by chance once in 100,000
    assert np.isclose(sum(odds.values()), 1, atol=1e-5)
