"""Attribution by leaving tokens out, one at a time: F − F without the token. Three ways, which are three methods.

masked: every other token may no longer attend to it, and it stays where it is;
replaced: its embedding is replaced by the baseline's, and it stays where it is;
removed: it is deleted from the text, and all after it move up.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from jaxtyping import Bool, Float32, Int
from numpy import ndarray
from torch import Tensor

from models.attribution.output import Output, chunks
from models.engine.points import Edit, Point
from models.errors import Unsupported
from models.translation import _

Values = Float32[ndarray, " token"]


def masked(output: Output) -> Iterator[int | Values]:
    """Tokens that no query may attend to. The token asked about keeps what it is itself: its residual is untouched.

    A query that has nothing else to attend to keeps its own key.
    """
    output.check()
    points = _mask_points(output)

    def left_out(tokens: Int[Tensor, " copy"]) -> Tensor:
        edits = {point: _cutting(tokens - _first_key(output, point)) for point in points}
        return output(output.embeddings.expand(len(tokens), -1, -1), edits)

    yield from _differences(output, left_out)


def replaced(output: Output, baseline: str = "mean") -> Iterator[int | Values]:
    """Tokens whose embedding is the baseline's (captum calls it occlusion)."""
    output.check()
    instead = output.baseline(baseline)

    def left_out(tokens: Int[Tensor, " copy"]) -> Tensor:
        copies = output.embeddings.repeat(len(tokens), 1, 1)
        rows = torch.arange(len(tokens))
        copies[rows, tokens] = instead[tokens]
        return output(copies)

    yield from _differences(output, left_out)


def removed(output: Output) -> Iterator[int | Values]:
    """Tokens deleted from the text. Without the token asked at, a decoder's next-token logit is read one before it.

    NaN where nothing can be read then: the mask itself, or the only token of a text.
    """
    values = np.zeros(len(output.tokens), dtype=np.float32)
    reference = output.question.of(output.trace)
    starts = np.cumsum([0, *output.lengths])
    for text, start in enumerate(starts[:-1]):
        read = [at for at in range(output.lengths[text]) if start + at in output.read]
        places = [at for at in read if _position_without(output, text, at) is not None]
        values[start + np.array([at for at in read if at not in places], dtype=int)] = np.nan
        for part in chunks(len(places), output.together):
            yield int(start) + part.start
            values[start + np.array(places[part])] = reference - _without(output, text, places[part])
    yield values


def _without(output: Output, text: int, places: Sequence[int]) -> Values:
    """The number asked about, for each of these places of one text deleted."""
    read = (output.trace.tokens, output.trace.target_tokens)
    ids = [[[token.id for token in tokens]] * len(places) for tokens in read if tokens]
    ids[text] = [row[:at] + row[at + 1 :] for row, at in zip(ids[text], places, strict=True)]
    device = output.embeddings.device
    positions = [position for at in places if (position := _position_without(output, text, at)) is not None]
    with torch.no_grad():
        return output.of_ids([torch.tensor(rows, device=device) for rows in ids], positions).cpu().numpy()


def _position_without(output: Output, text: int, at: int) -> int | None:
    """Where to read once token `at` of one of the texts is gone; None if it cannot be read."""
    position = output.question.position
    if output.lengths[text] == 1:
        return None
    if text != len(output.lengths) - 1 or at > position:
        return position
    if at < position:
        return position - 1
    return position - 1 if position > 0 and output.trace.kind != "encoder" else None


def _differences(output: Output, left_out: Callable[[Tensor], Tensor]) -> Iterator[int | Values]:
    """F − F with each token left out, some at a time: how many are done, then all."""
    read = np.array(output.read)
    reference = output.question.of(output.trace)
    values = np.zeros(len(output.tokens), dtype=np.float32)
    for part in chunks(len(read), output.together):
        yield part.start
        with torch.no_grad():
            values[read[part]] = reference - left_out(torch.from_numpy(read[part])).cpu().numpy()
    yield values


def _mask_points(output: Output) -> list[Point]:
    """Every attention of the network, which is where a token can be hidden."""
    model = output.model
    points = [point for point in model.points if point.part == "mask"]
    attending = sum(output.trace.layers_of(kind) for kind in output.trace.attention_kinds)
    if len(points) != attending:
        raise Unsupported(_("No connection of this model's attention can be read or cut."))
    return points


def _first_key(output: Output, point: Point) -> int:
    """The place among all tokens of the first key of an attention."""
    reads_target = output.trace.target_tokens and point.stack == "decoder" and point.kind == "self"
    return len(output.trace.tokens) if reads_target else 0


def _cutting(keys: Int[Tensor, " copy"]) -> Edit:
    """Takes one key from every query of each copy; keys outside the text are none of this attention's."""

    def cut(allowed: Bool[Tensor, "copy head query key"]) -> Bool[Tensor, "copy head query key"]:
        inside = [(copy, key) for copy, key in enumerate(keys.tolist()) if 0 <= key < allowed.shape[-1]]
        if not inside:
            return allowed
        after = allowed.clone()
        for copy, key in inside:
            after[copy, ..., key] = False
        alone = ~after.any(dim=-1, keepdim=True) & allowed.any(dim=-1, keepdim=True)
        return torch.where(alone, allowed, after)

    return cut
