"""Trace: everything one model computed for one text.

Words used for shapes, here and everywhere: `layer` a block, from 0 · `depth` a reading point of the residual stream,
0 the embedding, L the last block's output · `head` · `position` a token of the text · `query`, `key` positions when two
meet · `width` of the residual stream · `vocab`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float32

from models.attention.captured import LayerAttention
from models.changes.kinds import Changes
from models.engine.cache import Derived, DerivedOfRun
from models.errors import InputError, Unsupported
from models.lenses.names import LENSES
from models.text.tokens import Token
from models.translation import _

ReadLogits = Callable[[Float32[np.ndarray, "position width"]], Float32[np.ndarray, "position vocab"]]


def kind_name(kind: str) -> str:
    """An attention kind as a person reads it."""
    names = {
        "self": _("self-attention"),
        "encoder": _("encoder attention"),
        "decoder": _("decoder attention"),
        "cross": _("cross-attention"),
    }
    return names[kind]


@dataclass(frozen=True, eq=False, kw_only=True)
class Trace:
    """One run of one model over one text; immutable, in numpy arrays nobody can write to.

    `kind` is "decoder", "encoder" or "encoder-decoder". For an encoder-decoder, `text` is the source, `target` what the
    decoder has said so far, and `target_tokens` begins with the decoder's start token, which stands for no text.

    `residual` is what each block put out, before the final norm, of the stack that yields the logits: (depth, position,
    width); `encoder_residual` the same of an encoder-decoder's encoder. `last_logits` is the row of the last position,
    None for a model without a head that turns vectors into words. `layer_attention` has an entry for each block of a
    stack, of no heads where the block does not attend, and no kind at all where attention is `closed`. Attention
    patterns and other logits are computed when asked for. `language_model` is the `LanguageModel` that made the trace,
    for what needs another run; like `read_logits` it stays behind when a trace goes to another process. `changes` are
    those under which it ran.

    `closed` says in one sentence why the model has no "attention", or no "words".
    """

    model: str
    revision: str
    kind: str
    text: str
    target: str
    tokens: tuple[Token, ...]
    target_tokens: tuple[Token, ...]
    layer_attention: dict[str, tuple[LayerAttention, ...]]
    residual: Float32[np.ndarray, "depth position width"]
    encoder_residual: Float32[np.ndarray, "encoder_depth source width"] | None = None
    last_logits: Float32[np.ndarray, " vocab"] | None
    kept_logits: Float32[np.ndarray, "position vocab"] | None = None
    mask_positions: tuple[int, ...] = ()
    closed: Mapping[str, str] = field(default_factory=dict)
    read_logits: ReadLogits | None = field(default=None, repr=False)
    language_model: Any = field(default=None, repr=False)
    changes: Changes = ()
    derived: Derived = field(default_factory=DerivedOfRun, init=False, repr=False)

    def __post_init__(self) -> None:
        read = len(self.target_tokens or self.tokens)
        if self.residual.shape[1] != read:
            raise ValueError(f"residual covers {self.residual.shape[1]} positions, the text has {read} tokens")
        for kind, layers in self.layer_attention.items():
            wanted = (len(self.queries(kind)), len(self.keys(kind)))
            if any(layer.shape[0] and layer.shape[1:] != wanted for layer in layers):
                raise ValueError(f"{kind} attention has shapes {[layer.shape for layer in layers]}, wanted {wanted}")
        for array in self._arrays():
            array.flags.writeable = False

    @property
    def layers(self) -> int:
        """The number of blocks of the stack that yields the logits."""
        return self.residual.shape[0] - 1

    @property
    def heads(self) -> int:
        """The number of heads of the kind of attention that is nearest to the logits; 0 without attention."""
        return self.heads_of(self.attention_kinds[-1]) if self.attention_kinds else 0

    @property
    def attention_kinds(self) -> tuple[str, ...]:
        """("self",), or ("encoder", "decoder", "cross"); () where no attention is read."""
        return tuple(self.layer_attention)

    def layers_of(self, kind: str = "self") -> int:
        """The number of blocks of the stack with attention of this kind, also those that do not attend."""
        return len(self._layers(kind))

    def heads_of(self, kind: str = "self") -> int:
        """The number of heads, of the layer that has most of them."""
        return max(self.heads_by_layer(kind))

    def heads_by_layer(self, kind: str = "self") -> tuple[int, ...]:
        """The number of heads of each block: 0 for those of a hybrid that do not attend."""
        return tuple(layer.shape[0] for layer in self._layers(kind))

    def queries(self, kind: str = "self") -> tuple[Token, ...]:
        """The tokens on the query side."""
        return self.target_tokens if kind in {"decoder", "cross"} else self.tokens

    def keys(self, kind: str = "self") -> tuple[Token, ...]:
        """The tokens on the key side."""
        return self.target_tokens if kind == "decoder" else self.tokens

    def attention(
        self, layer: int, head: int | None = None, kind: str = "self", queries: slice | None = None
    ) -> Float32[np.ndarray, "query key"] | Float32[np.ndarray, "head query key"]:
        """The weights each query gives to each key, in [0, 1]: (query, key) of one head, or (head, query, key) of all.

        `layer` counts blocks, so a hybrid has layers of no heads: asking for a head of one raises Unsupported.
        Rows sum to 1, or to less in models with attention sinks, whose share goes to no token. `queries` computes only
        these rows. Layer and head out of range raise InputError.
        """
        layer_attention = self._layers(kind)[_within(layer, self.layers_of(kind), _("layer"), kind_name(kind))]
        if head is None:
            return _read_only(layer_attention.pattern(slice(None), queries or slice(None)))
        if not layer_attention.shape[0]:
            raise Unsupported(self._without_attention(layer, kind))
        _within(head, layer_attention.shape[0], _("head"), kind_name(kind))
        return _read_only(layer_attention.pattern(slice(head, head + 1), queries or slice(None))[0])

    def value_norms(self, layer: int, kind: str = "self") -> Float32[np.ndarray, "head key"]:
        """‖v‖, the length of the value vector each key would hand on, before the output projection.

        Kobayashi et al. 2020 ("Attention is Not Only a Weight") weigh attention with it. Unsupported where the model
        computes attention in a way that does not show its values.
        """
        norms = self._layers(kind)[_within(layer, self.layers_of(kind), _("layer"), kind_name(kind))].value_norms
        if norms is None:
            raise Unsupported(
                _("{model} computes its attention in one piece, so its value vectors cannot be read.", model=self.model)
            )
        return norms

    @property
    def logits(self) -> Float32[np.ndarray, "position vocab"]:
        """The model's logits at every position; computed anew each time, and for long texts larger than all else."""
        return self._rows(slice(None))

    def logits_at(self, position: int) -> Float32[np.ndarray, " vocab"]:
        """The model's logits at one position; a negative position counts from the end, and −1 costs nothing."""
        count = self.residual.shape[1]
        position = _within(position + count if position < 0 else position, count, _("position"), _("the text"))
        if self.last_logits is None:
            raise Unsupported(self.closed.get("words", ""))
        return self.last_logits if position == count - 1 else self._rows(slice(position, position + 1))[0]

    def logits_of(self, positions: slice) -> Float32[np.ndarray, "position vocab"]:
        """The model's logits at a stretch of positions, for texts whose whole logits would not fit in memory."""
        return self._rows(positions)

    def lens(
        self, depth: int, lens: str = "logit", positions: slice | None = None
    ) -> Float32[np.ndarray, "position vocab"]:
        """The logits read at one depth, as if nothing came after it; at the last depth, the model's own.

        "logit" is the logit lens (nostalgebraist 2020): the final norm, its statistics computed anew at this depth, and
        the output embedding. "tuned" (Belrose et al. 2023) and "jacobian" (Gurnee et al. 2026) first bring the residual
        to where the last depth would have it, with what was fitted to this model; "decoder" (Langedijk et al. 2024) is
        for encoder-decoders: `depth` is the encoder's, and the decoder reads it in place of the last. All are exact at
        the last depth, a reading at the others. `positions` computes only these rows. A depth out of range or a lens
        of another name raises InputError, a lens this model does not have Unsupported.
        """
        if lens not in LENSES:
            choices = ", ".join(LENSES)
            raise InputError(_("The lens must be one of {choices}, not {lens}.", choices=choices, lens=repr(lens)))
        depth = _within(depth, self.lens_depths(lens), _("depth"), _("the residual stream"))
        rows = positions or slice(None)
        if depth == self.lens_depths(lens) - 1:
            return self._rows(rows)
        return self._read(self.residual[depth, rows] if lens == "logit" else self._lens_states(lens, depth, rows))

    def lens_depths(self, lens: str) -> int:
        """How many depths this lens reads: those of the stack it goes through, the embedding among them."""
        if lens != "decoder":
            return self.residual.shape[0]
        if self.encoder_residual is None:
            raise Unsupported(
                _("DecoderLens is for models with an encoder and a decoder, and {model} is none.", model=self.model)
            )
        return self.encoder_residual.shape[0]

    def contributions(
        self, position: int = -1, token: str = "", against: str = "", by: str = "part", count: int = 50
    ) -> Any:
        """What each part of the network adds to one logit, as `Contributions`: the largest `count`; together the logit.

        `token` is a word or token, or "#" and its id; empty is the likeliest. With `against` it is the difference of
        two logits; `position` −1 is the last one, or a masked model's first mask. `by` is "part" (embeddings, each
        block's attention and feed-forward part, bias), or opens these into "head", "source" or "neuron". Exact, with
        the final norm's scale as it is in this run (Elhage et al. 2021).
        Raises InputError, and Unsupported where the model's logits are no such sum.
        """
        from models.contributions.ask import contributions  # noqa: PLC0415 - built on traces itself

        return contributions(self._maker(), self, position, token, against, by, count)

    def attribution(
        self,
        method: str = "integrated_gradients",
        token: str = "",
        against: str = "",
        position: int = -1,
        baseline: str = "mean",
        steps: int = 50,
    ) -> Any:
        """How much each token of the text counts for one logit, as `Attribution`: tokens, values, output.

        `method`: "gradient_input", "integrated_gradients" (Sundararajan et al. 2017, from the `baseline` "mean" or
        "zero" in `steps`), "leave_one_out_masked", "leave_one_out_replaced", "leave_one_out_removed", "source" or
        "rollout". `token`, `against` and `position` as in `contributions`. Raises InputError, and Unsupported where
        the method cannot be applied to the model.
        """
        from models.attribution.methods import attribute  # noqa: PLC0415 - built on traces itself
        from models.attribution.question import question  # noqa: PLC0415

        model = self._maker()
        asked = question(model, self, token, against, position)
        return attribute(model, self, asked, method, baseline=baseline, steps=steps)

    def _maker(self) -> Any:
        """The model that made the trace; Unsupported in another process, where it stayed behind."""
        if self.language_model is None:
            raise Unsupported(_("This trace has lost its model: run the text again to ask it more."))
        return self.language_model

    @property
    def nbytes(self) -> int:
        """The bytes this trace holds, with all that was derived from it; arrays shared between layers count once."""
        return self._own_bytes + self.derived.nbytes

    @cached_property
    def _own_bytes(self) -> int:
        return sum({id(array): array.nbytes for array in self._arrays()}.values())

    def _rows(self, positions: slice) -> Float32[np.ndarray, "position vocab"]:
        return self._read(self.residual[-1, positions]) if self.kept_logits is None else self.kept_logits[positions]

    def _read(self, residual: Float32[np.ndarray, "position width"]) -> Float32[np.ndarray, "position vocab"]:
        if self.last_logits is None:
            raise Unsupported(self.closed.get("words", ""))
        if self.kept_logits is not None:
            raise Unsupported(
                _("The way from the residual stream of {model} to its logits is not known.", model=self.model)
            )
        if self.read_logits is None:
            raise _lost()
        return _read_only(self.read_logits(residual))

    def _without_attention(self, layer: int, kind: str) -> str:
        attending = [str(number) for number, heads in enumerate(self.heads_by_layer(kind)) if heads]
        return _(
            "Block {layer} of {model} does not attend: it mixes the words in another way. Choose layer {layers}.",
            layer=str(layer),
            model=self.model,
            layers=", ".join(attending[:-1]) + (_(" or ") if attending[1:] else "") + attending[-1],
        )

    def _lens_states(self, lens: str, depth: int, positions: slice) -> Float32[np.ndarray, "position width"]:
        if self.language_model is None:
            raise _lost()
        return self.language_model.lenses.states(self, lens, depth, positions)

    def _layers(self, kind: str) -> tuple[LayerAttention, ...]:
        if "attention" in self.closed:
            raise Unsupported(self.closed.get("attention", ""))
        if kind not in self.layer_attention:
            kinds = ", ".join(self.layer_attention)
            raise InputError(
                _("{model} has no '{kind}' attention; choose from {kinds}.", model=self.model, kind=kind, kinds=kinds)
            )
        return self.layer_attention[kind]

    def _arrays(self) -> list[np.ndarray]:
        own = [self.residual, self.encoder_residual, self.last_logits, self.kept_logits]
        layers = [array for layers in self.layer_attention.values() for layer in layers for array in layer.arrays()]
        return [array for array in own if array is not None] + layers

    def __getstate__(self) -> dict[str, Any]:
        """The state for another process: all but the model itself."""
        return self.__dict__ | {"read_logits": None, "language_model": None}


def _within(index: int, count: int, name: str, whole: str) -> int:
    if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index < count:
        raise InputError(
            _(
                "The {name} of {whole} must be a whole number from 0 to {last}, not {given}.",
                name=name,
                whole=whole,
                last=str(count - 1),
                given=repr(index),
            )
        )
    return int(index)


def _lost() -> Unsupported:
    return Unsupported(_("This trace has lost its model: run the text again to read more logits."))


def _read_only(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
