"""Finds the example pairs of the bundled models by measurement: `python -m models.sweeps.search` writes examples.json.

A pair is one sentence with two fillings. Kept are, for each model, the sentences whose two fillings lead to different
answers, each of them likely, with the largest change of the logit difference; of one sentence only the best filling.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from models.engine.language_model import LanguageModel
from models.errors import ModelError
from models.loading.loader import load
from models.sweeps.examples import FILE, Example
from models.sweeps.pair import Pair, pair_of

KEPT = 5
LEAST_SHARE = 0.08  # that each answer has in its own run
PEOPLE = (
    ("king", "queen"), ("man", "woman"), ("boy", "girl"), ("son", "daughter"), ("prince", "princess"),
    ("brother", "sister"), ("father", "mother"), ("uncle", "aunt"), ("grandfather", "grandmother"),
)  # fmt: skip
THINGS = (("door", "window"), ("door", "gate"), ("door", "castle"), ("house", "tower"), ("apple", "cake"))
BEASTS = (("wolf", "fox"), ("bear", "lion"), ("cat", "dog"), ("mouse", "bird"), ("frog", "horse"))
MANY = (("boy", "boys"), ("child", "children"), ("brother", "brothers"), ("tree", "trees"), ("bird", "birds"))
NAMES = (("John", "Mary"), ("Tom", "Jane"), ("Jack", "Alice"), ("Peter", "Rose"), ("Harry", "Kate"))
# A gap is where the text is asked to go on: its end, a mask, or a span that the decoder fills.
SENTENCES = (
    ("The old {} shook|head.", PEOPLE),
    ("The king called the {} and said to|: come here.", PEOPLE),
    ("The {} put the crown on|head.", PEOPLE),
    ("The {} went home and told|mother.", PEOPLE),
    ("The {} sat down and looked at|hands.", PEOPLE),
    ("The little {} lost|way in the wood.", PEOPLE),
    ("The wolf knocked at the {}. The wolf knocked at the|again.", THINGS),
    ("A {} lived in the wood. One day the|came to the river.", BEASTS),
    ("The hunter saw the {} and shot at the|again.", BEASTS),
    ("The {} in the garden|very old.", MANY),
    ("The {} of the king|in the wood.", MANY),
    ("When John and Mary came home, {} gave the apple to|.", NAMES),
    ("Once upon a time there was a {} who loved|very much.", PEOPLE),
)
LONGER = (
    ("The old {} shook|head.", (("king", "beautiful young queen"), ("man", "little woman"))),
    ("The king called the {} and said to|: come here.", (("boy", "good little girl"), ("girl", "poor old man"))),
)


def main() -> None:
    """Measure every pair for every bundled model and write the best."""
    found = {
        name: best(load(name, device="cpu"))
        for name in ("storybook", "storybook-llama", "storybook-bert", "storybook-t5")
    }
    plain = {name: [asdict(one) for one in examples] for name, examples in found.items()}
    FILE.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", "utf-8")


def best(model: LanguageModel) -> list[Example]:
    """The example pairs of one model, best first, and at the end one whose texts differ in length."""
    same = sorted(_best_of_each(model, SENTENCES), key=lambda one: -abs(one.clean - one.corrupted))[: KEPT - 1]
    longer = sorted(_best_of_each(model, LONGER), key=lambda one: -abs(one.clean - one.corrupted))[:1]
    return same + longer


def _best_of_each(model: LanguageModel, sentences: tuple) -> Iterator[Example]:
    for sentence, fillings in sentences:
        measured = [
            one
            for pair in fillings
            for filling in (pair, pair[::-1])
            if (one := _measured(model, sentence, *filling)) is not None
        ]
        if measured:
            yield max(measured, key=lambda one: abs(one.clean - one.corrupted))


def _measured(model: LanguageModel, sentence: str, filling: str, other: str) -> Example | None:
    target = "<extra_id_0>" if model.kind == "encoder-decoder" else ""
    texts = [_gapped(model, sentence.format(word)) for word in (filling, other)]
    try:
        pair = pair_of(model, model.trace(texts[0], target), model.trace(texts[1], target))
    except ModelError:
        return None
    if _shares(pair) < LEAST_SHARE:
        return None
    return Example(
        text=texts[0],
        other=texts[1],
        target=target,
        answer=model.token_text(pair.answer).strip(),
        foil=model.token_text(pair.foil).strip(),
        clean=round(pair.of("logit_difference", pair.clean, pair.clean), 2),
        corrupted=round(pair.of("logit_difference", pair.corrupted, pair.clean), 2),
    )


def _gapped(model: LanguageModel, sentence: str) -> str:
    before, after = sentence.split("|")
    if model.kind == "decoder":
        return before
    gap = "<extra_id_0>" if model.kind == "encoder-decoder" else model.tokenizer.mask_token
    return f"{before} {gap}{after}" if after[0] in ".:" else f"{before} {gap} {after}"


def _shares(pair: Pair) -> float:
    """The smaller of the probabilities of the two answers in their own runs; 0 where they do not win there as words."""
    model = pair.clean.trace.language_model
    words = [model.token_text(token).strip().isalpha() for token in (pair.answer, pair.foil)]
    wins = [int(np.argmax(side.logits)) for side in (pair.clean, pair.corrupted)] == [pair.answer, pair.foil]
    if not all(words) or not wins:
        return 0.0
    return float(min(pair.clean.probability(pair.answer), pair.corrupted.probability(pair.foil)))


if __name__ == "__main__":
    main()
