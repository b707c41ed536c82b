"""How answers of the endpoints are written down: one plain row per model, token or step."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from models.catalog import Entry
from models.completion import Step
from models.errors import Unsupported
from models.language_model import LanguageModel
from models.sampling import Candidate, Distribution, Sampling, distribution
from models.tokens import Token
from models.trace import Trace
from models.weights import read_weights

Answer: TypeAlias = dict[str, Any]


def offer(entry: Entry, *, loaded: bool) -> Answer:
    counted = entry.parameters or (read_weights(entry.folder, entry.name).parameters if entry.folder else None)
    return {"name": entry.name, "family": entry.family, "kind": entry.kind, "parameters": counted, "loaded": loaded}


def token(one: Token) -> Answer:
    return {"id": one.id, "text": one.text, "start": one.start, "end": one.end, "special": one.special}


def texts(tokens: Sequence[Token]) -> list[str]:
    return [token.text or token.piece for token in tokens]


def guessed(loaded: LanguageModel, trace: Trace, sampling: Sampling) -> Distribution:
    """What may come next, or, for a masked model, stand at the first mask."""
    read = trace.target_tokens or trace.tokens
    if loaded.kind == "encoder" and not trace.mask_positions:
        raise Unsupported(
            f"{loaded.name} guesses masked words: put {loaded.tokenizer.mask_token} where it shall guess."
        )
    place = trace.mask_positions[0] if loaded.kind == "encoder" else -1
    return distribution(trace.logits_at(place), sampling, [token.id for token in read])


def candidate(loaded: LanguageModel, one: Candidate) -> Answer:
    return {
        "id": one.id,
        "text": loaded.piece_text(one.id),
        "logit": one.logit,
        "probability": one.probability,
        "final_probability": one.final_probability,
        "kept": one.kept,
    }


def step(loaded: LanguageModel, one: Step) -> Answer:
    text = loaded.piece_text(one.token.id)
    return {"id": one.token.id, "text": text, "probability": one.probability, "rank": one.rank}
