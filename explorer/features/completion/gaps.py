"""The call that fills the gaps of a masked text: the sentence as it reads with a token in the place of each mask."""

from pydantic import Field
from typing_extensions import TypedDict

from explorer.calls import Context, RunRequest, Whole, call
from explorer.calls.answers import CandidateAnswer, candidate
from models.generation.next_token import next_token_distribution

MAX_GAPS = 500


class FilledRequest(RunRequest):
    """A text with masks, and the tokens somebody chose for them."""

    token_ids: list[Whole] = Field(
        [], max_length=MAX_GAPS, description="The token for each mask, in order; −1, or none, is the likeliest."
    )


class GapAnswer(TypedDict):
    """A mask as it is written, the text since the one before it, the likeliest token, and the one that fills it."""

    before: str
    mask: str
    best: CandidateAnswer
    filled: CandidateAnswer


class FilledAnswer(TypedDict):
    """Every mask of the text in order, and the text behind the last."""

    gaps: list[GapAnswer]
    after: str


@call
def filled(context: Context, request: FilledRequest) -> FilledAnswer:
    """Fill every mask with the token chosen for it; the probabilities are those of the text with all its masks."""
    model, trace = context.model(request), context.trace(request)
    gaps: list[GapAnswer] = []
    end = 0
    for mask, place in enumerate(trace.mask_positions):
        token = trace.tokens[place]
        mark = trace.text[token.start : token.end]
        space = mark[: len(mark) - len(mark.lstrip())]  # some masks take the space before them along
        found = next_token_distribution(trace, mask=mask)
        (best,) = found.top(1)
        chosen = request.token_ids[mask] if mask < len(request.token_ids) else -1
        gaps.append(
            {
                "before": trace.text[end : token.start] + space,
                "mask": mark.strip(),
                "best": candidate(model, best),
                "filled": candidate(model, best if chosen < 0 else found.of(chosen)),
            }
        )
        end = token.end
    return {"gaps": gaps, "after": trace.text[end:]}
