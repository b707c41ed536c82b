"""What the Prompting tab asks: one question with no, one and all examples, and what a chat template makes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import ChangedRequest, Context, ModelRequest, Whole, call
from explorer.calls.answers import TokenRow, token_rows
from explorer.calls.steps import Column, ColumnMessage, side_by_side
from explorer.features.prompting.tasks import BY_NAME, MAX_TOKENS, Shape, Task, Trial
from models.errors import InputError
from models.generation.greedy_answer import answers
from models.generation.sampling import Sampling
from models.text.chat_template import chat_text
from models.text.chat_template import chat_tokens as tokens_of_chat
from models.translation import _

CHARACTERS = 8_000
MAX_EXAMPLES = 20
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class PromptingRequest(ChangedRequest):
    """A question, and examples as pairs of input and output; half-filled pairs are left out."""

    question: str = Field(max_length=CHARACTERS, description="The input to answer.")
    examples: list[Pair] = Field(max_length=MAX_EXAMPLES, description="Pairs of input and output.")
    instruction: str = Field("", max_length=CHARACTERS, description="What stands before the examples.")
    shape: Shape = Field("labels", description="lines: `input output`; labels: `Input: …` and `Output: …`.")
    max_new_tokens: Whole = Field(8, ge=1, le=MAX_TOKENS, description="How many tokens to write at most.")


class ChatRequest(ModelRequest):
    """One exchange, up to where the model answers."""

    user: str = Field(max_length=CHARACTERS, description="What the person says.")
    system: str = Field("", max_length=CHARACTERS, description="What the system message says; may be empty.")


class ChatAnswer(TypedDict):
    """The conversation as the model reads it."""

    text: str
    tokens: list[TokenRow]


class SuccessRequest(ChangedRequest):
    """One of the page's own tasks."""

    task: Literal["look_up", "repeat", "past", "opposite"]


class SuccessMessage(TypedDict):
    """How many of the task's questions are `done`, `of` how many; at the end how many were answered right."""

    done: int
    of: int
    right: NotRequired[list[int]]


@call
def prompting(context: Context, request: PromptingRequest) -> Iterator[ColumnMessage]:
    """Answer one question behind no, one and all examples, each time with the likeliest tokens."""
    question = request.question.strip()
    filled = [(left.strip(), right.strip()) for left, right in request.examples]
    examples = [(left, right) for left, right in filled if left and right]
    if not question:
        raise InputError(_("Type a question for the model first."))
    if not examples:
        raise InputError(_("Fill in at least one row of the table: an input and its output."))
    model = context.model(request)
    stop = "" if model.kind == "encoder-decoder" else FORMS[request.shape].between  # where the next would begin
    prompts = [
        prompt_of(request.instruction, examples[:count], question, request.shape) for count in (0, 1, len(examples))
    ]
    columns = [
        Column(
            title=title, model=context.model_for(request, prompt), text=prompt, sampling=Sampling(greedy=True),
            max_new_tokens=request.max_new_tokens, stop=stop, shown=prompt,
        )
        for title, prompt in zip(_titles(), prompts, strict=True)
    ]  # fmt: skip
    yield from side_by_side(columns, context.session_id)


@call
def chat_template(context: Context, request: ChatRequest) -> ChatAnswer:
    """Write a conversation out with the model's chat template, token by token."""
    model = context.model(request)
    text = chat_text(model.tokenizer, model.name, request.user, request.system)
    return {"text": text, "tokens": token_rows(tokens_of_chat(model.tokenizer, text, model.token_decoder))}


@call
def prompting_success(context: Context, request: SuccessRequest) -> Iterator[SuccessMessage]:
    """Measure how many of a task's questions a model answers right with no, one and all examples."""
    task = BY_NAME[request.task]
    found = []
    for done, trial in enumerate(task.trials):
        yield {"done": done, "of": len(task.trials)}
        asked = _prompts(task, trial)
        found.append([answers(context.model_for(request, text), text, f" {trial.answer}") for text in asked])
    right = [sum(column) for column in zip(*found, strict=True)]
    yield {"done": len(found), "of": len(found), "right": right}


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a pair is written: the question as far as the answer begins, and what stands between two pairs."""

    asked: str
    between: str


FORMS: dict[Shape, Form] = {
    "lines": Form(asked="{question}", between="\n"),
    "labels": Form(asked="Input: {question}\nOutput:", between="\n\n"),
}


def prompt_of(instruction: str, examples: Sequence[tuple[str, str]], question: str, shape: Shape) -> str:
    """The exact text the model is given."""
    form = FORMS[shape]
    asked = [form.asked.replace("{question}", left) for left, _right in (*examples, (question, ""))]
    shots = [f"{left} {right}" for left, (_left, right) in zip(asked, examples, strict=False)]
    return form.between.join(part for part in [instruction.strip(), *shots, asked[-1]] if part)


def _prompts(task: Task, trial: Trial) -> list[str]:
    counts = (0, 1, len(trial.examples))
    return [prompt_of(task.instruction, trial.examples[:count], trial.question, task.shape) for count in counts]


def _titles() -> tuple[str, str, str]:
    return (_("No example"), _("The first example"), _("All examples"))
