"""One more token: drawn as Completion would draw it, or filled into the mask; and the text that it makes."""

from typing_extensions import TypedDict

from explorer.calls import Context, call
from explorer.calls.sampling_request import SamplingRequest
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError
from models.generation.next_token import next_token_distribution
from models.generation.sampling import Sampling
from models.generation.steps import Step
from models.translation import _


class NextWordAnswer(TypedDict):
    """The token and the probability it was drawn with; `text` and `target` are what to run next.

    `ended` is true where the model ended the text and nothing was added.
    """

    token: str
    probability: float
    text: str
    target: str
    ended: bool


@call
def next_word(context: Context, request: SamplingRequest) -> NextWordAnswer:
    """Draw the next token with the page's seed and rules; a masked model fills its first mask with its best guess."""
    sampling = request.sampling
    model = context.model(request)
    if model.kind == "encoder":
        return _filled(model, context.trace(request))
    steps = model.complete(request.text, sampling, max_new_tokens=1, target=request.target)
    return _appended(model, next(steps), request.text, request.target)


def _appended(model: LanguageModel, step: Step, text: str, target: str) -> NextWordAnswer:
    ended = step.finish_reason == "end"
    added = "" if ended else step.token.piece if step.token.special else step.completion
    into_target = model.kind == "encoder-decoder"
    return {
        "token": step.token.piece if step.token.special else step.token.text,
        "probability": step.final_probability,
        "text": text if into_target else text + added,
        "target": target + added if into_target else target,
        "ended": ended,
    }


def _filled(model: LanguageModel, trace: Trace) -> NextWordAnswer:
    if not trace.mask_positions:
        mask = model.tokenizer.mask_token
        raise InputError(
            _("{model} guesses masked words: put {mask} where it should predict.", model=model.name, mask=mask)
        )
    (best,) = next_token_distribution(trace, Sampling(), mask=0).top(1)
    place = trace.tokens[trace.mask_positions[0]]
    word = model.token_text(best.id)
    held = trace.text[place.start : place.end]
    space = held[: len(held) - len(held.lstrip())]  # some tokenizers count the space before it as part of the mask
    text = trace.text[: place.start] + space + word.strip() + trace.text[place.end :]
    return {"token": word, "probability": best.probability, "text": text, "target": "", "ended": False}
