"""Decoding with a KV cache: the logits of the next token, for one sequence or a batch.

`CachedDecoder` lets the network keep its own cache and serves every family, sequences of one length at a time; without
one where the family has none, or computes something else with it than without: see `keeps_cache`.
`BatchedDecoder` holds sequences of different lengths, left-padded, so that requests share each forward pass; rows join
and leave between two steps. Which families it computes correctly is measured, not assumed: see `reads_alone` and
`agrees`. `SequentialDecoder` has the same interface for the others, one sequence after the other.
"""

import inspect
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import torch
from jaxtyping import Float
from torch import Tensor
from transformers import Cache, DynamicCache
from transformers.cache_utils import DynamicLayer

from models.engine.points import resuming

GROWTH = 64  # positions added to a full buffer at once
Prompt: TypeAlias = tuple[Sequence[int], Sequence[int] | None]
"""The decoder's ids, and the encoder's if there is one."""
TOLERANCE = 2e-3
"""Largest difference between batched and unbatched logits, relative to their standard deviation."""


@lru_cache(maxsize=256)
def _accepts(forward: Any, name: str) -> bool:
    return name in inspect.signature(forward).parameters


def last_only(network: Any) -> dict[str, int]:
    """The argument that computes the logits of the last position only, where the family has it: most of the work."""
    return {"logits_to_keep": 1} if _accepts(type(network).forward, "logits_to_keep") else {}


class CachedDecoder:
    """Decodes sequences of one length with the network's own cache; an encoder reads `source` once.

    With `cached` false, or None and a network whose cache is not to be trusted, each step reads everything anew, the
    source too.
    """

    def __init__(self, network: Any, source: Sequence[int] | None = None, *, cached: bool | None = None) -> None:
        self.network = network
        self.cached = keeps_cache(network) if cached is None else cached
        self.cache: Any = None
        self.ids: list[list[int]] = []
        self.encoded: Any = None
        self.source = None if source is None else torch.tensor([list(source)], device=network.device)
        if self.source is not None and self.cached:
            self.encoded = network.get_encoder()(input_ids=self.source, return_dict=True)

    def next(self, ids: Sequence[Sequence[int]]) -> Float[Tensor, "row vocab"]:
        """The logits after `ids`: new ids per row, as many for each."""
        self.ids = [[*old, *new] for old, new in zip(self.ids or [[] for _ in ids], ids, strict=True)]
        given = ids if self.cache is not None else self.ids
        out = self.network(**self._inputs(torch.tensor(given, device=self.network.device)))
        if self.cached:
            self.cache = getattr(out, "past_key_values", None)  # None: a family without one computes everything anew
        return out.logits[:, -1].float()

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows, in this order; a row may be taken more than once."""
        self.ids = [list(self.ids[row]) for row in rows]
        if self.cache is not None:
            self.cache.reorder_cache(torch.tensor(list(rows), device=self.network.device))

    def _inputs(self, ids: Tensor) -> dict[str, Any]:
        memory: dict[str, Any] = {"past_key_values": self.cache, "use_cache": True} if self.cached else {}
        if not self.cached and hasattr(self.network.config, "use_cache"):
            memory = {"use_cache": False}
        if self.source is not None and self.encoded is None:
            return {"input_ids": self.source.expand(len(ids), -1), "decoder_input_ids": ids, **memory}
        if self.encoded is None:
            return {"input_ids": ids, **memory, **last_only(self.network)}
        states = self.encoded.last_hidden_state.expand(len(ids), -1, -1)
        encoded = type(self.encoded)(last_hidden_state=states)
        return {"decoder_input_ids": ids, **memory, "encoder_outputs": encoded}


class GrowingKVLayer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Keys and values of one layer in a buffer with spare positions: a token is written, nothing is copied."""

    def __init__(self, keys: Tensor, values: Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.is_initialized = True
        self.dtype, self.device = keys.dtype, keys.device
        self.buffers = (keys, values)
        self.length = keys.shape[-2]

    def update(self, key_states: Tensor, value_states: Tensor, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        end = self.length + key_states.shape[-2]
        if end > self.buffers[0].shape[-2]:
            keys, values = (
                torch.nn.functional.pad(part[:, :, : self.length], (0, 0, 0, GROWTH + end - self.length))
                for part in self.buffers
            )
            self.buffers = (keys, values)
        self.buffers[0][:, :, self.length : end] = key_states
        self.buffers[1][:, :, self.length : end] = value_states
        self.length = end
        return self.filled()

    def filled(self) -> tuple[Tensor, Tensor]:
        return self.buffers[0][:, :, : self.length], self.buffers[1][:, :, : self.length]

    def get_seq_length(self) -> int:
        return self.length


class BatchedDecoder:
    """A left-padded batch of sequences of different lengths: one forward pass per step."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.lengths: list[int] = []
        self.layers: list[GrowingKVLayer] = []
        self.positions = _accepts(type(network).forward, "position_ids")

    def join(self, prompts: Sequence[Prompt]) -> Float[Tensor, "row vocab"]:
        """Add sequences; the logits after each. Each is prefilled unbatched: its first token depends on no other."""
        prefilled = [prefill(self.network, ids) for ids, _ in prompts]
        self._take([cache for _, cache in prefilled])
        return torch.stack([logits for logits, _ in prefilled])

    def _take(self, caches: Sequence[Any]) -> None:
        lengths = [cache.layers[0].keys.shape[-2] for cache in caches]
        width = max([self.width, *lengths])
        olds: list[Any] = [layer.filled() for layer in self.layers] or [()] * len(caches[0].layers)
        self.layers = [
            GrowingKVLayer(
                _stacked([*old[:1], *(cache.layers[index].keys for cache in caches)], width),
                _stacked([*old[1:], *(cache.layers[index].values for cache in caches)], width),
            )
            for index, old in enumerate(olds)
        ]
        self.lengths += lengths

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only; padding that only the others needed is freed."""
        self.lengths = [self.lengths[row] for row in rows]
        if not rows:
            self.layers = []
            return
        spare = self.width - max(self.lengths)
        index = torch.tensor(list(rows), device=self.network.device)
        self.layers = [
            GrowingKVLayer(*(part[:, :, spare:].index_select(0, index) for part in layer.filled()))
            for layer in self.layers
        ]

    @property
    def nbytes(self) -> int:
        """The bytes of the KV cache, spare positions included."""
        return sum(part.nbytes for layer in self.layers for part in layer.buffers)

    @property
    def width(self) -> int:
        """Positions of the batch: the length of its longest sequence."""
        return self.layers[0].length if self.layers else 0

    def next(self, tokens: Sequence[int]) -> Float[Tensor, "row vocab"]:
        """The logits after one more token per row."""
        device = self.network.device
        inputs: dict[str, Any] = {"past_key_values": Cache(layers=list(self.layers)), **last_only(self.network)}
        lengths = torch.tensor(self.lengths, device=device)
        width = self.width
        if self.positions:
            inputs["position_ids"] = lengths[:, None]
        if min(self.lengths) < width:
            columns = torch.arange(width + 1, device=device)
            inputs["attention_mask"] = (columns[None, :] >= (width - lengths)[:, None]).long()
        out = self.network(input_ids=torch.tensor(tokens, device=device)[:, None], use_cache=True, **inputs)
        self.lengths = [length + 1 for length in self.lengths]
        return out.logits[:, -1].float()


class SequentialDecoder:
    """The interface of `BatchedDecoder` for families that cannot be batched: one decoder per sequence, in turns."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.decoders: list[CachedDecoder] = []

    def join(self, prompts: Sequence[Prompt]) -> Float[Tensor, "row vocab"]:
        """Add sequences; the logits after each."""
        decoders = [CachedDecoder(self.network, source) for _, source in prompts]
        self.decoders += decoders
        return torch.cat([decoder.next([ids]) for decoder, (ids, _) in zip(decoders, prompts, strict=True)])

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows only."""
        self.decoders = [self.decoders[row] for row in rows]

    @property
    def nbytes(self) -> int:
        """The bytes of the KV caches."""
        return sum(cache_bytes(decoder.cache) for decoder in self.decoders)

    def next(self, tokens: Sequence[int]) -> Float[Tensor, "row vocab"]:
        """The logits after one more token per row."""
        return torch.cat([decoder.next([[token]]) for decoder, token in zip(self.decoders, tokens, strict=True)])


def cache_bytes(cache: Any) -> int:
    """The bytes of a transformers cache, of whatever kind; an encoder-decoder's has one for each attention."""
    caches = [getattr(cache, name, None) for name in ("self_attention_cache", "cross_attention_cache")]
    layers = [layer for part in (cache, *caches) for layer in getattr(part, "layers", None) or ()]
    parts = [value for layer in layers for value in vars(layer).values()]
    return sum(part.nbytes for part in parts if isinstance(part, Tensor))


def _stacked(parts: Sequence[Tensor], width: int) -> Tensor:
    """Rows of different lengths in one tensor, left-padded."""
    return torch.cat([torch.nn.functional.pad(part, (0, 0, width - part.shape[-2], 0)) for part in parts])


def prefill(network: Any, ids: Sequence[int]) -> tuple[Float[Tensor, " vocab"], DynamicCache]:
    """One unbatched pass over a prompt: the logits after it, and its keys and values, ready to join a batch."""
    cache = DynamicCache()  # without a configuration every layer keeps every position, sliding windows included
    prompt = torch.tensor([list(ids)], device=network.device)
    out = network(input_ids=prompt, past_key_values=cache, use_cache=True, **last_only(network))
    if out.past_key_values is not cache or not all(type(layer) is DynamicLayer for layer in cache.layers):
        raise TypeError(f"{type(network).__name__} keeps more than keys and values.")
    return out.logits[0, -1].float(), cache


REFUSALS = (AttributeError, IndexError, KeyError, NotImplementedError, RuntimeError, TypeError, ValueError)
"""How families refuse a cache that is not theirs: each in its own way."""
TRUSTED = "explorer_keeps_cache"
"""The attribute of a network in which the answer is kept; it goes with the network."""


def keeps_cache(network: Any) -> bool:
    """Whether the network computes with its own cache what it computes without: measured once, on this network."""
    if TRUSTED not in vars(network):
        with resuming(None):  # the network itself is measured, not a run with edits
            vars(network)[TRUSTED] = _cache_agrees(network)
    return bool(vars(network)[TRUSTED])


@torch.no_grad()
def _cache_agrees(network: Any) -> bool:
    source = _ids(network, 6) if network.config.is_encoder_decoder else None
    ids = _ids(network, 9)
    try:
        decoder = CachedDecoder(network, source, cached=True)
        cached = torch.cat([decoder.next([part]) for part in (ids[:6], ids[6:7], ids[7:8], ids[8:])])
        decoder.keep([0, 0])  # as beam search does
        cached = torch.cat([cached, decoder.next([ids[:1], ids[1:2]])])
    except torch.OutOfMemoryError:
        raise
    except REFUSALS:
        return False
    texts = [ids[:6], ids[:7], ids[:8], ids, [*ids, ids[0]], [*ids, ids[1]]]
    anew = [CachedDecoder(network, source, cached=False).next([text]) for text in texts]
    return _same(network, cached, torch.cat(anew))


@torch.no_grad()
def reads_alone(network: Any) -> bool:
    """Whether `BatchedDecoder` computes for one sequence what the network computes without a cache."""
    ids = _ids(network, 8)
    decoder = BatchedDecoder(network)
    try:
        first = decoder.join([(ids[:6], None)])
        cached = torch.cat([first, decoder.next(ids[6:7]), decoder.next(ids[7:])])
    except torch.OutOfMemoryError:
        raise
    except REFUSALS:
        return False
    anew = [CachedDecoder(network, cached=False).next([text]) for text in (ids[:6], ids[:7], ids)]
    return _same(network, cached, torch.cat(anew))


@torch.no_grad()
def agrees(network: Any) -> bool:
    """Whether batched logits of sequences of different lengths are the unbatched ones: measured on this network."""
    short, long, middle = (_ids(network, length) for length in (3, 9, 6))
    decoder = BatchedDecoder(network)
    try:
        decoder.join([(short, None)])
        decoder.next([1])
        decoder.join([(long, None), (middle, None)])
        decoder.next([2, 3, 4])
        decoder.keep([2, 0])
        batched = decoder.next([5, 6])
    except torch.OutOfMemoryError:
        raise
    except REFUSALS:
        return False  # families with another kind of memory than keys and values refuse in their own ways
    texts = ([*middle, 4, 5], [*short, 1, 2, 6])
    return _same(network, batched, torch.cat([CachedDecoder(network, cached=False).next([text]) for text in texts]))


def _ids(network: Any, length: int) -> list[int]:
    """Some token ids of this network, another run of them for each length."""
    vocab = len(network.get_input_embeddings().weight)
    return [(7 * position + length) % vocab for position in range(length)]


def _same(network: Any, found: Float[Tensor, "row vocab"], wanted: Float[Tensor, "row vocab"]) -> bool:
    """Equal to rounding, as a part of how far logits lie apart."""
    difference = (found - wanted).abs().max() / wanted.std().clamp(min=1e-6)
    return bool(difference < TOLERANCE * (1 if network.dtype == torch.float32 else 50))
