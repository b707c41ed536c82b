"""What the page looks at, as plain values for the browser: one model, one text, its tokens."""

import time
from collections.abc import Sequence
from typing import Any, TypeAlias

from models.language_model import LanguageModel
from models.tokens import Token
from models.trace import Trace

Subject: TypeAlias = dict[str, Any]


def subject_of(model: LanguageModel, trace: Trace) -> Subject:
    """Describe one trace for every view; `run` (milliseconds since 1970) lets the page ignore an older answer."""
    kinds = [
        {"kind": kind, "layers": trace.layers_of(kind), "heads": trace.heads_of(kind)} for kind in trace.attention_kinds
    ]
    return {
        "model": model.name,
        "kind": trace.kind,
        "family": model.family,
        "text": trace.text,
        "target": trace.target,
        "layers": trace.layers,
        "heads": trace.heads,
        "attention_kinds": kinds,
        "tokens": token_rows(trace.tokens),
        "target_tokens": token_rows(trace.target_tokens),
        "context": model.context,
        "vocab": model.vocab,
        "parameters": model.parameters,
        "device": f"{model.device} {model.precision}",
        "run": time.time_ns() // 1_000_000,
    }


def token_rows(tokens: Sequence[Token]) -> list[dict[str, Any]]:
    """Give each token as a row of plain values; bytes are two hexadecimal digits each."""
    return [
        {
            "id": token.id,
            "piece": token.piece,
            "text": token.text,
            "start": token.start,
            "end": token.end,
            "special": token.special,
            "group": token.group,
            "bytes": token.bytes.hex(" "),
        }
        for token in tokens
    ]
