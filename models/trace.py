"""Trace: everything one model computed for one text.

Words used for shapes, here and everywhere: `layer` a block, from 0 · `depth` a reading point of the residual stream,
0 the embedding, L the last block's output · `head` · `position` a token of the text · `query`, `key` positions when two
meet · `width` of the residual stream · `vocab`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float32

from models.errors import InputError, Unsupported
from models.scores import Scores
from models.tokens import Token

ReadLogits = Callable[[Float32[np.ndarray, "position width"]], Float32[np.ndarray, "position vocab"]]

NAMES = {
    "self": "self-attention",
    "encoder": "encoder attention",
    "decoder": "decoder attention",
    "cross": "cross-attention",
}


@dataclass(frozen=True, eq=False, kw_only=True)
class Trace:
    """One run of one model over one text; immutable, in numpy arrays nobody can write to.

    `kind` is "decoder", "encoder" or "encoder-decoder". For an encoder-decoder, `text` is the source, `target` what the
    decoder has said so far, and `target_tokens` begins with the decoder's start token, which stands for no text.

    `residual` is what each block put out, before the final norm, of the stack that yields the logits: (depth, position,
    width); `encoder_residual` the same of an encoder-decoder's encoder. `last_logits` is the row of the last position.
    Attention patterns and other logits are computed when asked for.
    """

    model: str
    revision: str
    kind: str
    text: str
    target: str
    tokens: tuple[Token, ...]
    target_tokens: tuple[Token, ...]
    scores: dict[str, tuple[Scores, ...]]
    residual: Float32[np.ndarray, "depth position width"]
    encoder_residual: Float32[np.ndarray, "encoder_depth source width"] | None = None
    last_logits: Float32[np.ndarray, " vocab"]
    kept_logits: Float32[np.ndarray, "position vocab"] | None = None
    mask_positions: tuple[int, ...] = ()
    read_logits: ReadLogits | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        read = len(self.target_tokens or self.tokens)
        if self.residual.shape[1] != read:
            raise ValueError(f"residual covers {self.residual.shape[1]} positions, the text has {read} tokens")
        for kind, layers in self.scores.items():
            wanted = (len(self.queries(kind)), len(self.keys(kind)))
            if any(layer.shape[1:] != wanted for layer in layers):
                raise ValueError(f"{kind} attention has shapes {[layer.shape for layer in layers]}, wanted {wanted}")
        for array in self._arrays():
            array.flags.writeable = False

    @property
    def layers(self) -> int:
        """How many blocks the stack has that yields the logits."""
        return self.residual.shape[0] - 1

    @property
    def heads(self) -> int:
        return self.heads_of(self.attention_kinds[-1])

    @property
    def attention_kinds(self) -> tuple[str, ...]:
        """("self",), or ("encoder", "decoder", "cross")."""
        return tuple(self.scores)

    def layers_of(self, kind: str = "self") -> int:
        """How many layers attend in this way."""
        return len(self._layers(kind))

    def heads_of(self, kind: str = "self") -> int:
        return self._layers(kind)[0].shape[0]

    def queries(self, kind: str = "self") -> tuple[Token, ...]:
        """The tokens that look."""
        return self.target_tokens if kind in {"decoder", "cross"} else self.tokens

    def keys(self, kind: str = "self") -> tuple[Token, ...]:
        """The tokens that are looked at."""
        return self.target_tokens if kind == "decoder" else self.tokens

    def attention(
        self, layer: int, head: int | None = None, kind: str = "self", queries: slice | None = None
    ) -> Float32[np.ndarray, "query key"] | Float32[np.ndarray, "head query key"]:
        """The weights each query gives to each key, in [0, 1]: (query, key) of one head, or (head, query, key) of all.

        Rows sum to 1, or to less in models with attention sinks, whose share goes to no token. `queries` computes only
        these rows. Layer and head out of range raise InputError.
        """
        scores = self._layers(kind)[_within(layer, self.layers_of(kind), "layer", NAMES[kind])]
        if head is None:
            return _read_only(scores.pattern(slice(None), queries or slice(None)))
        _within(head, scores.shape[0], "head", NAMES[kind])
        return _read_only(scores.pattern(slice(head, head + 1), queries or slice(None))[0])

    def value_norms(self, layer: int, kind: str = "self") -> Float32[np.ndarray, "head key"]:
        """‖v‖, the length of the value vector each key would hand on, before the output projection.

        Kobayashi et al. 2020 ("Attention is Not Only a Weight") weigh attention with it. Unsupported where the model
        computes attention in a way that does not show its values.
        """
        norms = self._layers(kind)[_within(layer, self.layers_of(kind), "layer", NAMES[kind])].value_norms
        if norms is None:
            raise Unsupported(f"{self.model} computes its attention in one piece, so its value vectors cannot be read.")
        return norms

    @property
    def logits(self) -> Float32[np.ndarray, "position vocab"]:
        """The model's logits at every position; computed anew each time, and for long texts larger than all else."""
        return self._rows(slice(None))

    def logits_at(self, position: int) -> Float32[np.ndarray, " vocab"]:
        """The model's logits at one position; a negative position counts from the end, and −1 costs nothing."""
        count = self.residual.shape[1]
        place = _within(position + count if position < 0 else position, count, "position", "the text")
        return self.last_logits if place == count - 1 else self._rows(slice(place, place + 1))[0]

    def logits_of(self, positions: slice) -> Float32[np.ndarray, "position vocab"]:
        """The model's logits at a stretch of positions, for texts whose whole logits would not fit in memory."""
        return self._rows(positions)

    @property
    def nbytes(self) -> int:
        """The bytes this trace holds; arrays shared between layers count once."""
        return sum({id(array): array.nbytes for array in self._arrays()}.values())

    def _rows(self, positions: slice) -> Float32[np.ndarray, "position vocab"]:
        if self.kept_logits is not None:
            return self.kept_logits[positions]
        if self.read_logits is None:
            raise Unsupported("This trace has lost its model: run the text again to read more logits.")
        return _read_only(self.read_logits(self.residual[-1, positions]))

    def _layers(self, kind: str) -> tuple[Scores, ...]:
        if kind not in self.scores:
            raise InputError(f"{self.model} has no {kind!r} attention; choose from {', '.join(self.scores)}.")
        return self.scores[kind]

    def _arrays(self) -> list[np.ndarray]:
        own = [self.residual, self.encoder_residual, self.last_logits, self.kept_logits]
        layers = [array for layers in self.scores.values() for layer in layers for array in layer.arrays()]
        return [array for array in own if array is not None] + layers

    def __getstate__(self) -> dict[str, Any]:
        """What travels to another process: all but the model itself."""
        return self.__dict__ | {"read_logits": None}


def _within(number: int, count: int, name: str, of: str) -> int:
    if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number < count:
        raise InputError(f"The {name} of {of} must be a whole number from 0 to {count - 1}, not {number!r}.")
    return int(number)


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
