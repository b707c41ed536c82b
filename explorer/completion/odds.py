"""The next token's odds as plain values: rows before and after the rules, the mass top-p adds up, a word's chances."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.errors import InputError, PromptTooLong
from models.language_model import LanguageModel
from models.pool import Pool
from models.sampling import RULES, TOP_P, Candidate, Distribution, Sampling, distribution, largest
from models.trace import Trace

ROWS, MOST_ROWS = 25, 500
CURVE_POINTS = 160
WORD_CHARACTERS = 200
Answer = dict[str, Any]


def next_token_odds(pool: Pool, asked: Mapping[str, Any]) -> Answer:
    """The distribution at the end of the text (or at a mask), filtered anew; the model does not run again."""
    model, trace = pool.model(asked["model"]), pool.trace(asked["model"], asked["text"], asked["target"])
    masks = [_mask(trace, place) for place in trace.mask_positions]
    if trace.kind == "encoder" and not masks:
        return {"rows": [], "masks": [], "mask_token": str(model.tokenizer.mask_token)}
    found = distribution_at(trace, asked)
    return {
        "rows": [row(model, candidate) for candidate in _listed(found, asked)],
        "masks": masks,
        "mass": mass_curve(found),
        "rules": [_rule(found, name) for name in found.sampling.rule_names()],
        "entropy": found.entropy,
        "final_entropy": found.final_entropy,
        "kept": int(found.kept.sum()),
        "kept_mass": float(found.probability[found.kept].sum(dtype=np.float64)),
        "vocab": len(found.logits),
    }


def distribution_at(trace: Trace, asked: Mapping[str, Any]) -> Distribution:
    """The trace's last logits, or those at mask number `mask`, under the settings asked for."""
    sampling = Sampling.of(asked.get("sampling") or {})
    if trace.kind != "encoder":
        read = trace.target_tokens or trace.tokens
        return distribution(trace.logits_at(-1), sampling, [token.id for token in read])
    return distribution(trace.logits_at(_mask_position(trace, asked)), sampling)


def row(model: LanguageModel, candidate: Candidate) -> Answer:
    """One token of the vocabulary with its odds."""
    special = candidate.id in model.spelling.special
    return {
        "id": candidate.id,
        "text": model.spelling.piece(candidate.id) if special else model.piece_text(candidate.id),
        "special": special,
        "logit": candidate.logit,
        "probability": candidate.probability,
        "final": candidate.final_probability,
        "rank": candidate.rank,
        "cut_by": candidate.cut_by,
    }


def mass_curve(found: Distribution) -> Answer:
    """How the probability top-p adds up grows, likeliest token first, at ranks spread evenly on a log scale."""
    ordered = np.sort(found.offered)[::-1].cumsum(dtype=np.float64)
    ranks = np.unique(np.geomspace(1, len(ordered), CURVE_POINTS).astype(int))
    before_top_p = int((found.offered > 0).sum())
    return {
        "ranks": ranks.tolist(),
        "cumulative": np.round(ordered[ranks - 1], 6).tolist(),
        "top_p": found.sampling.top_p,
        "kept": before_top_p - int((found.mark == TOP_P).sum()),
    }


def word_odds(pool: Pool, asked: Mapping[str, Any]) -> Answer:
    """The chance that this word comes next: the chances of its tokens, each after those before it, multiplied.

    For a masked model, the chance that it stands at the mask chosen, which holds one token.
    """
    word = asked.get("word")
    if not isinstance(word, str) or not word.strip():
        raise InputError("Type a word first.")
    if len(word) > WORD_CHARACTERS:
        raise PromptTooLong(f"Type at most {WORD_CHARACTERS} characters here.")
    model, before = pool.model(asked["model"]), pool.trace(asked["model"], asked["text"], asked["target"])
    if before.kind == "encoder":
        return _product_of([row(model, distribution_at(before, asked).of(_token_at_mask(model, before, asked, word)))])
    written = asked["target"] if before.kind == "encoder-decoder" else asked["text"]
    joined = written + (" " if _starts_word(written, word) else "") + word
    after = pool.trace(
        asked["model"],
        asked["text"] if before.kind == "encoder-decoder" else joined,
        joined if before.kind == "encoder-decoder" else asked["target"],
    )
    ids, all_ids = ([token.id for token in trace.target_tokens or trace.tokens] for trace in (before, after))
    if all_ids[: len(ids)] != ids:
        raise InputError(
            "With this word behind it the text itself splits into other tokens, so the word's chance cannot be read "
            "off; end the text before a space."
        )
    sampling = Sampling.of(asked.get("sampling") or {})
    steps = []
    for place in range(len(ids), len(all_ids)):
        found = distribution(after.logits_at(place - 1), sampling, all_ids[:place])
        steps.append(row(model, found.of(all_ids[place])))
    return _product_of(steps)


def _token_at_mask(model: LanguageModel, trace: Trace, asked: Mapping[str, Any], word: str) -> int:
    """The token this word would be in place of the mask; how a word splits depends on what stands around it."""
    mask = trace.tokens[_mask_position(trace, asked)]
    gap = trace.text[mask.start : mask.end]
    space = gap[: len(gap) - len(gap.lstrip())]  # some masks take the space before them along
    filled = model.tokenize(f"{trace.text[: mask.start]}{space}{word.strip()}{trace.text[mask.end :]}")
    count = 1 + len(filled) - len(trace.tokens)
    if count != 1:
        raise InputError(f"{model.name} writes “{word.strip()}” with {count} tokens here, and a mask holds one.")
    return filled[trace.tokens.index(mask)].id


def _listed(found: Distribution, asked: Mapping[str, Any]) -> Sequence[Candidate]:
    limit = asked.get("limit") or ROWS
    if not isinstance(limit, int) or not 1 <= limit <= MOST_ROWS:
        raise InputError(f"The number of rows must be from 1 to {MOST_ROWS}.")
    if asked.get("order") != "final":
        return found.top(limit)
    return [found.of(int(token)) for token in largest(found.final_probability, limit)]


def _rule(found: Distribution, name: str) -> Answer:
    return {"name": name, "cut": int((found.mark == RULES.index(name)).sum())}


def _mask(trace: Trace, place: int) -> Answer:
    before = trace.text[: trace.tokens[place].start]
    return {"position": place, "before": before[-24:]}


def _starts_word(written: str, word: str) -> bool:
    return word[0].isalnum() and written != "" and not written[-1].isspace()


def _mask_position(trace: Trace, asked: Mapping[str, Any]) -> int:
    number, count = asked.get("mask") or 0, len(trace.mask_positions)
    if not isinstance(number, int) or not 0 <= number < count:
        raise InputError(f"This text has {count} masks, counted from 0.")
    return trace.mask_positions[number]


def _product_of(steps: list[Answer]) -> Answer:
    return {
        "steps": steps,
        "probability": _product([step["probability"] for step in steps]),
        "final": _product([step["final"] for step in steps]),
    }


def _product(chances: Sequence[float]) -> float:
    return float(np.exp(np.log(np.maximum(chances, 1e-300)).sum())) if min(chances) > 0 else 0.0
