"""Where neurons are most active over a set of passages that comes with the explorer.

The passages (`passages.txt`) are from eight public-domain books that no bundled model was trained on: Burgess, "The
Adventures of Prickly Porky"; Hope, "The Bobbsey Twins at Cedar Camp"; Garis, "Uncle Wiggily's Travels"; Nesbit, "The
Magic City"; Fillmore, "The Laughing Prince"; Baum, "The Emerald City of Oz"; Montgomery, "Kilmeny of the Orchard";
Doyle, "The Valley of Fear".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from jaxtyping import Float32, Int32
from numpy import ndarray
from torch import Tensor

from models.engine.language_model import LanguageModel
from models.engine.points import Point, editing
from models.neurons.activity import watching
from models.neurons.maps import STACK, feed_forwards
from models.text.tokens import Token

KEPT = 5  # passages of each neuron
TOGETHER = 8  # passages read at once


@dataclass(frozen=True, eq=False, kw_only=True)
class Peaks:
    """For each neuron, over all passages: its largest activations, the passages they are in, and where.

    Shaped (layer, rank, neuron); layers without neurons that can be told apart are zero throughout.
    """

    activations: Float32[ndarray, "layer rank neuron"]
    passages: Int32[ndarray, "layer rank neuron"]
    positions: Int32[ndarray, "layer rank neuron"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Passage:
    """One passage as the model reads it, with one neuron's activation at each token."""

    tokens: tuple[Token, ...]
    activations: Float32[ndarray, " position"]
    position: int


@cache
def passages() -> tuple[str, ...]:
    """The passages that come with the explorer."""
    return tuple((Path(__file__).parent / "passages.txt").read_text(encoding="utf-8").strip().split("\n\n"))


def read_passage(model: LanguageModel, number: int) -> tuple[str, str]:
    """The text of one passage, and the target: an encoder-decoder reads one half and has written the other."""
    passage = passages()[number]
    if model.kind != "encoder-decoder":
        return passage, ""
    middle = passage.index(" ", len(passage) // 2)
    return passage[:middle], passage[middle + 1 :]


def read_all(model: LanguageModel) -> Iterator[int | Peaks]:
    """Runs the model over all passages: how many are done, then each neuron's peaks.

    Largest is said of the size: a gated neuron may be strongly negative, and then writes the opposite.
    """
    read = _tokens(model)
    order = sorted(range(len(read)), key=lambda number: len(read[number][-1]))
    found: dict[int, _Largest] = {}
    for first in range(0, len(order), TOGETHER):
        yield first
        numbers = [number for number in order[first : first + TOGETHER] if read[number][-1]]
        found |= dict(zip(numbers, _largest_in(model, [read[number] for number in numbers]), strict=True))
    yield _sorted(model, found)


def passage_of(model: LanguageModel, layer: int, neuron: int, number: int) -> Passage:
    """One passage with one neuron's activations."""
    text, target = read_passage(model, number)
    point = Point(stack=STACK, layer=layer, part="neurons")
    values = model.read([point], text, target)[point][:, neuron]
    tokens = model.tokenize(target, target=True) if model.kind == "encoder-decoder" else model.tokenize(text)
    position = 1 + int(np.abs(values[1:]).argmax()) if len(values) > 1 else 0
    return Passage(tokens=tokens, activations=values, position=position)


_Largest: TypeAlias = dict[int, tuple[Tensor, Tensor]]  # by layer: each neuron's activation, and where it is


def _tokens(model: LanguageModel) -> list[list[list[int]]]:
    """The ids of each passage, of source and target where there are two; nothing where the context is too short."""
    found = []
    for number in range(len(passages())):
        text, target = read_passage(model, number)
        texts = [model.tokenize(text), *([model.tokenize(target, target=True)] if target else [])]
        fits = model.context is None or max(map(len, texts)) <= model.context
        found.append([[token.id for token in tokens] if fits else [] for tokens in texts])
    return found


def _largest_in(model: LanguageModel, read: list[list[list[int]]]) -> list[_Largest]:
    """Each neuron's largest activation in each of some passages, read at once."""
    if not read:
        return []
    inputs: dict[str, Tensor] = {}
    for prefix, texts in zip(("", "decoder_"), zip(*read, strict=True), strict=False):
        longest = max(map(len, texts))
        inputs[f"{prefix}input_ids"] = torch.tensor([ids + [0] * (longest - len(ids)) for ids in texts])
        inputs[f"{prefix}attention_mask"] = torch.tensor([[1] * len(ids) + [0] * (longest - len(ids)) for ids in texts])
    device = model.network.get_input_embeddings().weight.device
    rows: dict[int, Tensor] = {}
    with model.lock, torch.no_grad(), editing(watching(model, rows)):
        model.network.base_model(**{name: values.to(device) for name, values in inputs.items()})
    lengths = [len(texts[-1]) for texts in read]
    return [
        {layer: _peak(values[copy, :length].float().cpu()) for layer, values in rows.items()}
        for copy, length in enumerate(lengths)
    ]


def _peak(values: Float32[Tensor, "position neuron"]) -> tuple[Tensor, Tensor]:
    """Each neuron's value of the largest size, and its position; not the first, where many are outsized in any text."""
    first = 1 if len(values) > 1 else 0
    where = values[first:].abs().argmax(dim=0) + first
    return values.gather(0, where[None])[0], where


def _sorted(model: LanguageModel, found: dict[int, _Largest]) -> Peaks:
    layers = feed_forwards(model)
    widest = max((feed.neurons for feed in layers if feed is not None), default=0)
    shape = (len(layers), KEPT, widest)
    values = np.zeros(shape, np.float32)
    numbers, places = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    for layer, feed in enumerate(layers):
        read = [number for number, one in found.items() if layer in one]
        if feed is None or not read:
            continue
        largest = torch.stack([found[number][layer][0] for number in read])
        where = torch.stack([found[number][layer][1] for number in read])
        best = torch.topk(largest.abs(), min(KEPT, len(read)), dim=0).indices
        values[layer, : len(best), : feed.neurons] = largest.gather(0, best).numpy()
        numbers[layer, : len(best), : feed.neurons] = np.array(read)[best.numpy()]
        places[layer, : len(best), : feed.neurons] = where.gather(0, best).numpy()
    return Peaks(activations=values, passages=numbers, positions=places)
