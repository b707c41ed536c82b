"""Prompts with no, one and all examples, each continued from exactly the text that is shown; chat templates."""

import json
from typing import Any

import pytest

from explorer.calls import Context
from explorer.features.prompting.calls import chat_template, prompt_of, prompting, prompting_success
from explorer.features.prompting.tasks import LOOK_UP, TASKS, TRIALS
from explorer.settings import Settings
from models.engine.pool import Pool
from models.errors import InputError, ModelError, Unsupported
from models.generation.greedy_answer import answers
from models.generation.sampling import Sampling
from tests.models import families

ASKED: dict[str, Any] = {"model": "gpt2", "question": "w9", "examples": [["w5", "w6"], ["w7", "w8"]]}


def test_prompts_hold_no_one_and_all_examples() -> None:
    pairs = [("big", "small"), ("hot", "cold")]
    assert prompt_of("", [], "long", "labels") == "Input: long\nOutput:"
    assert prompt_of(" Opposites. ", pairs, "long", "labels") == (
        "Opposites.\n\nInput: big\nOutput: small\n\nInput: hot\nOutput: cold\n\nInput: long\nOutput:"
    )
    assert prompt_of("", pairs, "long", "lines") == "big small\nhot cold\nlong"


def test_each_shot_is_continued_from_its_own_prompt(context: Context) -> None:
    told = list(prompting.ask(context, ASKED | {"max_new_tokens": 4}))
    json.dumps(told)
    shown = [head["shown"] for head in told[0]["columns"]]
    assert [prompt.count("Input:") for prompt in shown] == [1, 2, 3]
    for place, prompt in enumerate(shown):
        own = families.model("gpt2").complete(prompt, Sampling(greedy=True), max_new_tokens=4)
        ids = [step["id"] for message in told[1:] if message["column"] == place for step in message["steps"]]
        assert ids == [step.token.id for step in own]


def test_every_task_has_twenty_questions_that_its_examples_do_not_answer_by_themselves() -> None:
    for task in TASKS:
        assert len(task.trials) == TRIALS
        assert all(trial.question and trial.answer and len(trial.examples) >= 3 for trial in task.trials)
    # Who is looked up stands in the table, and never in its first row: one example cannot be enough.
    for trial in LOOK_UP.trials:
        assert (trial.question, trial.answer) in trial.examples[1:]
        assert trial.question != trial.examples[0][0]


def test_success_is_what_greedy_writing_gives(context: Context) -> None:
    *progress, last = prompting_success.ask(context, {"model": "gpt2", "task": "repeat"})
    assert [message["done"] for message in progress] == list(range(TRIALS))
    assert all(0 <= right <= TRIALS for right in last["right"])
    model, prompt = families.model("gpt2"), "w5 w6 w7"
    step = next(iter(model.complete(prompt, Sampling(greedy=True), max_new_tokens=1)))
    assert answers(model, prompt, f" {step.token.piece}")
    assert not answers(model, prompt, " w1" if step.token.piece != "w1" else " w2")


def test_the_bundled_decoders_look_the_answer_up() -> None:
    """The page opens with this task because it is the one they can do, and only with all examples."""
    context = Context(pool=Pool(), settings=Settings(mode="local", device="cpu"))
    *_progress, last = prompting_success.ask(context, {"model": "storybook", "task": LOOK_UP.name})
    none, one, every = last["right"]
    assert (none, one) == (0, 0)
    assert every >= 18


@pytest.mark.parametrize(
    ("wish", "part"),
    [
        ({"question": " "}, "Type a question"),
        ({"examples": [["a", ""]]}, "at least one row"),
        ({"examples": []}, "at least one row"),
        ({"examples": [["a"]]}, "examples"),
        ({"examples": [["a", 3]]}, "must be a text"),
        ({"examples": [["a", "b"]] * 21}, "20 entries"),
        ({"max_new_tokens": 61}, "max_new_tokens must be from 1 to 60"),
        ({"model": "bert"}, "bert"),
    ],
)
def test_what_cannot_be_prompted_is_refused_with_a_sentence(context: Context, wish: dict[str, Any], part: str) -> None:
    with pytest.raises(ModelError, match=part) as caught:
        list(prompting.ask(context, ASKED | wish))
    assert str(caught.value).endswith(".")


def test_a_chat_template_is_written_out_as_tokens(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"model": "gpt2", "system": "w5", "user": "w6 w7"}
    with pytest.raises(Unsupported, match="no chat template"):
        chat_template.ask(context, asked)
    template = "{% for m in messages %}w1 {{ m['content'] }} {% endfor %}{% if add_generation_prompt %}w2{% endif %}"
    monkeypatch.setattr(families.model("gpt2").tokenizer, "chat_template", template, raising=False)
    answer = chat_template.ask(context, asked)
    assert answer["text"] == "w1 w5 w1 w6 w7 w2"
    assert [token["id"] for token in answer["tokens"]] == [1, 5, 1, 6, 7, 2]
    assert chat_template.ask(context, asked | {"system": ""})["text"] == "w1 w6 w7 w2"
    with pytest.raises(InputError, match="Type what the person says"):
        chat_template.ask(context, asked | {"user": " "})


def test_a_conversation_the_template_refuses_is_a_sentence(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = "{{ raise_exception('no system here') }}"
    monkeypatch.setattr(families.model("gpt2").tokenizer, "chat_template", refusing, raising=False)
    with pytest.raises(InputError, match="no system here"):
        chat_template.ask(context, {"model": "gpt2", "user": "w6"})
