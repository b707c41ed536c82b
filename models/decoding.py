"""One token after another: a network, what it has read so far, and the logits of what comes next.

`Reader` lets the network keep its own cache and serves every family, texts of one length at a time. `Rows` holds texts
of different lengths in one batch, aligned at their ends, so that visitors share each forward pass; rows join and leave
between two tokens. Which families `Rows` reads correctly is measured, not assumed: see `agrees`. `Turns`
gives the others the same face, one text after the other.
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

GROWTH = 64  # columns added to a full buffer at once
Text: TypeAlias = tuple[
    Sequence[int], Sequence[int] | None
]  # the decoder's ids, and what the encoder reads if there is one
CLOSE = (
    2e-3  # largest difference, relative to the spread of the logits, between a row in a batch and the same row alone
)


@lru_cache(maxsize=256)
def _accepts(forward: Any, name: str) -> bool:
    return name in inspect.signature(forward).parameters


def last_only(network: Any) -> dict[str, int]:
    """Ask for the logits of the last position alone, where the family knows how: the rest is most of the work."""
    return {"logits_to_keep": 1} if _accepts(type(network).forward, "logits_to_keep") else {}


class Reader:
    """Reads texts of one length with the network's own cache; encoder-decoder models read `source` once."""

    def __init__(self, network: Any, source: Sequence[int] | None = None) -> None:
        self.network = network
        self.cache: Any = None
        self.read: list[list[int]] = []
        self.encoded: Any = None
        if source is not None:
            ids = torch.tensor([list(source)], device=network.device)
            self.encoded = network.get_encoder()(input_ids=ids, return_dict=True)

    def next(self, ids: Sequence[Sequence[int]]) -> Float[Tensor, "row vocab"]:
        """The logits after `ids`, one more piece of text per row, each as long as the others."""
        self.read = [[*old, *new] for old, new in zip(self.read or [[] for _ in ids], ids, strict=True)]
        given = ids if self.cache is not None else self.read
        out = self.network(**self._inputs(torch.tensor(given, device=self.network.device)), use_cache=True)
        self.cache = getattr(out, "past_key_values", None)  # None: a family without a cache reads everything again
        return out.logits[:, -1].float()

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows, in this order; a row may be taken more than once."""
        self.read = [list(self.read[row]) for row in rows]
        if self.cache is not None:
            self.cache.reorder_cache(torch.tensor(list(rows), device=self.network.device))

    def _inputs(self, ids: Tensor) -> dict[str, Any]:
        if self.encoded is None:
            return {"input_ids": ids, "past_key_values": self.cache, **last_only(self.network)}
        states = self.encoded.last_hidden_state.expand(len(ids), -1, -1)
        encoded = type(self.encoded)(last_hidden_state=states)
        return {"decoder_input_ids": ids, "past_key_values": self.cache, "encoder_outputs": encoded}


class _Buffer(DynamicLayer):  # type: ignore[no-untyped-call]
    """Keys and values of one layer in a buffer with room to grow: a token is written, nothing is copied."""

    def __init__(self, keys: Tensor, values: Tensor) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.is_initialized = True
        self.dtype, self.device = keys.dtype, keys.device
        self.room = (keys, values)
        self.used = keys.shape[-2]

    def update(self, key_states: Tensor, value_states: Tensor, *_: Any, **__: Any) -> tuple[Tensor, Tensor]:
        end = self.used + key_states.shape[-2]
        if end > self.room[0].shape[-2]:
            keys, values = (
                torch.nn.functional.pad(part[:, :, : self.used], (0, 0, 0, GROWTH + end - self.used))
                for part in self.room
            )
            self.room = (keys, values)
        self.room[0][:, :, self.used : end] = key_states
        self.room[1][:, :, self.used : end] = value_states
        self.used = end
        return self.columns()

    def columns(self) -> tuple[Tensor, Tensor]:
        return self.room[0][:, :, : self.used], self.room[1][:, :, : self.used]

    def get_seq_length(self) -> int:
        return self.used


class Rows:
    """Texts of different lengths, one forward pass per token for all of them."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.lengths: list[int] = []
        self.layers: list[_Buffer] = []
        self.positions = _accepts(type(network).forward, "position_ids")

    def join(self, texts: Sequence[Text]) -> Float[Tensor, "row vocab"]:
        """Take in texts; the logits after each. Each is read alone: its first token does not depend on the company."""
        read = [read_alone(self.network, ids) for ids, _ in texts]
        self._take([cache for _, cache in read])
        return torch.stack([logits for logits, _ in read])

    def _take(self, caches: Sequence[Any]) -> None:
        lengths = [cache.layers[0].keys.shape[-2] for cache in caches]
        width = max([self.width, *lengths])
        olds: list[Any] = [layer.columns() for layer in self.layers] or [()] * len(caches[0].layers)
        self.layers = [
            _Buffer(
                _stacked([*old[:1], *(cache.layers[number].keys for cache in caches)], width),
                _stacked([*old[1:], *(cache.layers[number].values for cache in caches)], width),
            )
            for number, old in enumerate(olds)
        ]
        self.lengths += lengths

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone; what only the others needed is given back."""
        self.lengths = [self.lengths[row] for row in rows]
        if not rows:
            self.layers = []
            return
        spare = self.width - max(self.lengths)
        index = torch.tensor(list(rows), device=self.network.device)
        self.layers = [
            _Buffer(*(part[:, :, spare:].index_select(0, index) for part in layer.columns())) for layer in self.layers
        ]

    @property
    def width(self) -> int:
        """Columns in use: the length of the longest text while it is here."""
        return self.layers[0].used if self.layers else 0

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


class Turns:
    """The face of `Rows` for families that cannot share a forward pass: each text has a reader, and they take turns."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.readers: list[Reader] = []

    def join(self, texts: Sequence[Text]) -> Float[Tensor, "row vocab"]:
        """Take in texts; the logits after each."""
        readers = [Reader(self.network, source) for _, source in texts]
        self.readers += readers
        return torch.cat([reader.next([ids]) for reader, (ids, _) in zip(readers, texts, strict=True)])

    def keep(self, rows: Sequence[int]) -> None:
        """Go on with these rows alone."""
        self.readers = [self.readers[row] for row in rows]

    def next(self, tokens: Sequence[int]) -> Float[Tensor, "row vocab"]:
        """The logits after one more token per row."""
        return torch.cat([reader.next([[token]]) for reader, token in zip(self.readers, tokens, strict=True)])


def _stacked(parts: Sequence[Tensor], width: int) -> Tensor:
    """Rows of different lengths under one another, aligned at their ends."""
    return torch.cat([torch.nn.functional.pad(part, (0, 0, width - part.shape[-2], 0)) for part in parts])


def read_alone(network: Any, ids: Sequence[int]) -> tuple[Float[Tensor, " vocab"], DynamicCache]:
    """Read a text by itself: the logits after it, and its keys and values, ready to join `Rows`."""
    cache = DynamicCache()  # without a configuration every layer keeps every position, sliding windows included
    text = torch.tensor([list(ids)], device=network.device)
    out = network(input_ids=text, past_key_values=cache, use_cache=True, **last_only(network))
    if out.past_key_values is not cache or not all(type(layer) is DynamicLayer for layer in cache.layers):
        raise TypeError(f"{type(network).__name__} keeps more than keys and values.")
    return out.logits[0, -1].float(), cache


def agrees(network: Any, vocab: int) -> bool:
    """Whether rows of different lengths read together give what each gives alone: tried, on this very network."""
    short, long, middle = ([(7 * place + length) % vocab for place in range(length)] for length in (3, 9, 6))
    rows = Rows(network)
    try:
        rows.join([(short, None)])
        rows.next([1])
        rows.join([(long, None), (middle, None)])
        rows.next([2, 3, 4])
        rows.keep([2, 0])
        together = rows.next([5, 6])
    except (AttributeError, IndexError, NotImplementedError, RuntimeError, TypeError, ValueError):
        return False  # families with another kind of memory than keys and values refuse in their own ways
    alone = torch.cat([Reader(network).next([text]) for text in ([*middle, 4, 5], [*short, 1, 2, 6])])
    difference = (together - alone).abs().max() / alone.std().clamp(min=1e-6)
    return bool(difference < CLOSE * (1 if network.dtype == torch.float32 else 50))
