"""Embedding tables of a model, and the contextual vectors of a text's tokens at any depth."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float32
from numpy import ndarray

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.text.tokens import Token
from models.translation import _
from models.vectors.positions import position_schemes
from models.vectors.similarity import Vectors

Table = Literal["input", "output", "positions"]
Stack = Literal["decoder", "encoder"]


def table(model: LanguageModel, which: str = "input") -> Vectors:
    """The model's "input" or "output" embedding (a row per entry of the vocabulary) or its "positions" (a row each)."""
    if which not in get_args(Table):
        names = ", ".join(get_args(Table))
        raise InputError(_("The table must be one of {names}, not {name}.", names=names, name=repr(which)))
    name = "input" if which == "output" and model.tied else which
    return derived(model, ("table", name), lambda: _read(model, name))


def _read(model: LanguageModel, name: str) -> Vectors:
    return Vectors(_position_table(model) if name == "positions" else model.embedding(name), device=model.device)


def _position_table(model: LanguageModel) -> Float32[ndarray, "row width"]:
    for scheme in position_schemes(model):
        if scheme.table is not None and scheme.kind != "relative":
            return scheme.table
    raise Unsupported(
        _(
            "{model} has no table of positions: it brings positions into its attention scores instead.",
            model=model.name,
        )
    )


def contextual(trace: Trace, depth: int, stack: str = "decoder") -> Vectors:
    """The text's own vectors at one depth (0 the embedding, the last what the last block put out), a row per token."""
    stream = _stream(trace, stack)
    if not 0 <= depth < len(stream):
        raise InputError(_("depth must be from 0 to {last}, not {depth}.", last=str(len(stream) - 1), depth=str(depth)))
    return Vectors(stream[depth])


def tokens_of_stack(trace: Trace, stack: str = "decoder") -> tuple[Token, ...]:
    """The tokens whose vectors a stack carries; "decoder" is the stack that yields the logits, in any kind of model."""
    return trace.target_tokens if trace.kind == "encoder-decoder" and stack == "decoder" else trace.tokens


def _stream(trace: Trace, stack: str) -> Float32[ndarray, "depth position width"]:
    if stack not in get_args(Stack):
        raise InputError(_("The stack must be 'decoder' or 'encoder', not {stack}.", stack=repr(stack)))
    if stack == "encoder" and trace.kind == "encoder-decoder":
        if trace.encoder_residual is None:
            raise Unsupported(_("The encoder of {model} could not be read.", model=trace.model))
        return trace.encoder_residual
    return trace.residual


@dataclass(frozen=True, eq=False, kw_only=True)
class Path:
    """One token's way through the layers: where it stands in its text, and its vector at every depth."""

    text: int
    position: int
    token: Token
    vectors: Float32[ndarray, "depth width"]


def paths(traces: tuple[Trace, ...], stack: str = "decoder") -> tuple[Path, ...]:
    """The ways of all tokens of several texts run through one model."""
    return tuple(
        Path(text=text, position=position, token=token, vectors=_stream(trace, stack)[:, position])
        for text, trace in enumerate(traces)
        for position, token in enumerate(tokens_of_stack(trace, stack))
    )


def path_cosines(left: Path, right: Path) -> Float32[ndarray, " depth"]:
    """The cosine of two tokens at every depth, from −1 to 1; NaN where a vector has length zero."""
    return _row_cosines(left.vectors, right.vectors)


def mean_cosine(ways: tuple[Path, ...]) -> Float32[ndarray, " depth"]:
    """The mean cosine of two different tokens at each depth: how alike everything is there anyway.

    In deep layers all vectors tend to share a direction (Ethayarajh 2019, "How Contextual are Contextualized Word
    Representations?"), so a large cosine alone means little.
    """
    if len(ways) < 2:
        raise InputError(_("The mean needs at least two tokens."))
    stacked = np.stack([way.vectors for way in ways]).astype(np.float64)  # (path, depth, width)
    lengths = np.linalg.norm(stacked, axis=2, keepdims=True)
    units = stacked / np.where(lengths > 0, lengths, 1)
    together = np.square(units.sum(0)).sum(1) - np.square(units).sum((0, 2))
    return (together / (len(ways) * (len(ways) - 1))).astype(np.float32)


def _row_cosines(left: ndarray, right: ndarray) -> Float32[ndarray, " depth"]:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    products = np.einsum("ij,ij->i", left, right)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.clip(products / lengths, -1, 1).astype(np.float32)
