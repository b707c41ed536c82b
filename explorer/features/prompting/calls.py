"""What the Prompting tab asks: one question with no, one and all examples, and what a chat template makes of it."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, ModelRequest, Whole, call
from explorer.calls.answers import TokenRow, token_rows
from explorer.calls.sampling_request import SamplingSettings
from explorer.calls.steps import Column, ColumnMessage, side_by_side
from models.errors import InputError
from models.text.chat_template import chat_text
from models.text.chat_template import chat_tokens as tokens_of_chat
from models.translation import _

CHARACTERS = 8_000
MAX_EXAMPLES = 20
MAX_TOKENS = 60
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class PromptingRequest(SamplingSettings, ModelRequest):
    """A question, and examples as pairs of input and output; half-filled pairs are left out."""

    question: str = Field(max_length=CHARACTERS, description="The input to answer.")
    examples: list[Pair] = Field(max_length=MAX_EXAMPLES, description="Pairs of input and output.")
    instruction: str = Field("", max_length=CHARACTERS, description="What stands before the examples.")
    max_new_tokens: Whole = Field(8, ge=1, le=MAX_TOKENS, description="How many tokens to write at most.")


class ChatRequest(ModelRequest):
    """One exchange, up to where the model answers."""

    user: str = Field(max_length=CHARACTERS, description="What the person says.")
    system: str = Field("", max_length=CHARACTERS, description="What the system message says; may be empty.")


class ChatAnswer(TypedDict):
    """The conversation as the model reads it."""

    text: str
    tokens: list[TokenRow]


@call
def prompting(context: Context, request: PromptingRequest) -> Iterator[ColumnMessage]:
    """Answer one question behind no, one and all examples."""
    sampling, question = request.sampling, request.question.strip()
    filled = [(left.strip(), right.strip()) for left, right in request.examples]
    examples = [(left, right) for left, right in filled if left and right]
    if not question:
        raise InputError(_("Type a question for the model first."))
    if not examples:
        raise InputError(_("Fill in at least one row of the table: an input and its output."))
    model = context.model(request)
    stop = "" if model.kind == "encoder-decoder" else "\n\n"  # where the next example would begin
    prompts = [prompt_of(request.instruction, examples[:count], question) for count in (0, 1, len(examples))]
    columns = [
        Column(
            title=title, model=model, text=prompt, sampling=sampling, max_new_tokens=request.max_new_tokens,
            stop=stop, shown=prompt,
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


def prompt_of(instruction: str, examples: Sequence[tuple[str, str]], question: str) -> str:
    """The exact text the model is given."""
    shots = [f"Input: {left}\nOutput: {right}" for left, right in examples]
    return "\n\n".join(part for part in [instruction.strip(), *shots, f"Input: {question}\nOutput:"] if part)


def _titles() -> tuple[str, str, str]:
    return (_("Zero-shot: no example"), _("One-shot: the first example"), _("Few-shot: all examples"))
