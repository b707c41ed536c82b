"""bertviz's drawings as pages of their own: no outside request, a size known before drawing, tokens that stay text.

bertviz (Vig 2019, "A Multiscale Visualization of Attention in the Transformer Model") ships its drawing code as three
scripts. They are read from the installed package and given our numbers, packed in two bytes each, instead of the
decimal text its Python side writes twice. d3 comes from the installed mpld3; a few lines replace jQuery and require.js.
"""

import base64
import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy import ndarray

from models.attention.captured import CapturedAttention
from models.attention.pattern_spec import is_causal
from models.engine.trace import Trace
from models.errors import InputError, Unsupported
from models.text.tokens import Token
from models.translation import _

View = Literal["head", "model", "neuron"]
BYTES_BUDGET = 3_000_000
SHAPES_BUDGET = 150_000
"""What a page may weigh, and how many lines and boxes a browser is asked to draw at once (about four seconds)."""
LEVELS = 65_535
FOLDER = Path(__file__).parent
CONTENT_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which drawing, of which layers and heads: the first of each is shown first, and is the last to be given up."""

    view: View
    kind: str
    layers: tuple[int, ...]
    heads: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Size:
    """What a page would weigh in bytes, and how many shapes the browser draws at once."""

    bytes: int
    shapes: int

    @property
    def fits(self) -> bool:
        return self.bytes <= BYTES_BUDGET and self.shapes <= SHAPES_BUDGET


def size(trace: Trace, choice: Choice) -> Size:
    """The size of a page, found without making it."""
    layers, heads = len(choice.layers), len(choice.heads)
    queries, keys = len(trace.queries(choice.kind)), len(trace.keys(choice.kind))
    numbers = layers * heads * queries * keys
    lines = queries * (queries + 1) // 2 if is_causal(trace, choice.kind) else queries * keys
    shapes = {
        "head": heads * (queries * keys + queries + keys),
        "model": layers * heads * (lines + queries),
        "neuron": 7 * queries * keys,
    }[choice.view]
    if choice.view == "neuron":
        vectors = _captured(trace, choice.kind, 0).query.shape[2]
        numbers += layers * heads * (queries + keys) * vectors
        shapes += 3 * keys * vectors
    return Size(bytes=len(_libraries()) + len(_drawing(choice.view)) + numbers * 8 // 3, shapes=shapes)


def smaller(trace: Trace, choice: Choice) -> Choice | None:
    """The largest part of `choice` that fits: its last layers are given up first, then heads; None if none fits."""
    for count in range(len(choice.layers), 0, -1):
        fewer = replace(choice, layers=choice.layers[:count])
        if size(trace, fewer).fits:
            return fewer
    for count in range(len(choice.heads) - 1, 0, -1):
        fewer = replace(choice, layers=choice.layers[:1], heads=choice.heads[:count])
        if size(trace, fewer).fits:
            return fewer
    return None


def refusal(trace: Trace, choice: Choice) -> str | None:
    """Why a drawing cannot be made truthfully for this model, or None."""
    if choice.view != "neuron":
        return None
    if choice.kind == "cross":
        return _("The neuron view draws one text; choose encoder or decoder attention.")
    try:
        scores = _captured(trace, choice.kind, choice.layers[0])
    except Unsupported as error:
        return str(error)
    return _changed_scores(scores)


def _changed_scores(scores: CapturedAttention) -> str | None:
    """What stands between q · k and the softmax, said so that all of it is named."""
    changed = {
        _("position numbers"): scores.bias,
        _("a soft cap"): scores.softcap,
        _("an attention sink"): scores.sinks,
    }
    named = [name for name, value in changed.items() if value is not None]
    if not named:
        return None
    listed = named[0]
    for name in named[1:]:
        listed = _("{one} and {other}", one=listed, other=name)
    return _(
        "This model adds {changes} between q · k and the softmax, which the neuron view does not draw.", changes=listed
    )


def page(trace: Trace, choice: Choice) -> str:
    """The whole document, for a sandboxed frame."""
    reason = refusal(trace, choice)
    if reason:
        raise Unsupported(reason)
    if not size(trace, choice).fits:
        raise InputError(_("This drawing is larger than its budget; choose fewer layers or heads."))
    given = json.dumps(_parameters(trace, choice)).replace("<", "\\u003c")
    drawing = _drawing(choice.view).replace("PYTHON_PARAMS", "window.bertviz_params")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>bertviz</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">'
        "<style>body{margin:8px;background:#fff;color:#111;overflow-x:auto}"
        "#drawing{width:fit-content;margin:auto}</style></head><body>"
        '<div id="drawing" style="font-family:sans-serif"><label>Layer <select id="layer"></select></label> '
        '<label>Head <select id="att_head"></select></label><div id="vis"></div></div>'
        f"<script>{_libraries()}\nunpackBertviz({given});</script><script>{drawing}</script>"
        "<script>finishBertviz();</script></body></html>"
    )


def _parameters(trace: Trace, choice: Choice) -> dict[str, Any]:
    """What bertviz's scripts read from their parameters, arrays still packed."""
    first_layer, first_head = choice.layers[0], choice.heads[0]
    choice = replace(choice, layers=tuple(sorted(choice.layers)), heads=tuple(sorted(choice.heads)))
    patterns = np.stack([trace.attention(layer, kind=choice.kind)[list(choice.heads)] for layer in choice.layers])
    entry = {
        "name": None,
        "attn": _packed(patterns),
        "left_text": _names(trace.queries(choice.kind)),
        "right_text": _names(trace.keys(choice.kind)),
    }
    if choice.view == "neuron":
        scores = [_captured(trace, choice.kind, layer) for layer in choice.layers]
        entry |= {"queries": _packed(_queries(scores, choice)), "keys": _packed(_keys(scores, choice))}
    whole = choice.view == "neuron"
    return {
        "attention": {"all": entry} if whole else [entry],
        "default_filter": "all" if whole else "0",
        "root_div_id": "drawing",
        "display_mode": "light",
        "bidirectional": not is_causal(trace, choice.kind),
        "layer": choice.layers.index(first_layer) if whole else first_layer,
        "head": choice.heads.index(first_head),
        "include_layers": list(choice.layers),
        "include_heads": list(choice.heads),
        "total_heads": len(choice.heads),
        "heads": None,
        "choice": asdict(choice),
    }


def _queries(scores: list[CapturedAttention], choice: Choice) -> ndarray:
    """Queries scaled so that q · k / √size, which the neuron view computes, is the model's own score."""
    return np.stack(
        [layer.query[list(choice.heads)] * (layer.scaling * layer.query.shape[2] ** 0.5) for layer in scores]
    )


def _keys(scores: list[CapturedAttention], choice: Choice) -> ndarray:
    """Keys, one for each head that shares them."""
    shared = [np.array(choice.heads) // (layer.query.shape[0] // layer.key.shape[0]) for layer in scores]
    return np.stack([layer.key[heads] for layer, heads in zip(scores, shared, strict=True)])


def _captured(trace: Trace, kind: str, layer: int) -> CapturedAttention:
    scores = trace.layer_attention[kind][layer]
    if not isinstance(scores, CapturedAttention):
        raise Unsupported(_("This model computes its attention in one piece, so its queries and keys cannot be drawn."))
    return scores


def _packed(array: ndarray) -> dict[str, Any]:
    """An array in two bytes per number: value = low + step · number."""
    low, high = float(array.min()), float(array.max())
    step = (high - low) / LEVELS or 1.0
    numbers = np.rint((array - low) / step).astype("<u2")
    return {
        "shape": list(array.shape),
        "low": low,
        "step": step,
        "numbers": base64.b64encode(numbers.tobytes()).decode(),
    }


def _names(tokens: tuple[Token, ...]) -> list[str]:
    """Token texts that fit on one line; parts of one character after the first show as a dot."""
    shown = []
    for position, token in enumerate(tokens):
        repeated = position > 0 and tokens[position - 1].group == token.group
        text = token.piece if token.special or not token.text else token.text.replace("\n", "↵")
        shown.append("·" if repeated else text)
    return shown


@cache
def _drawing(view: View) -> str:
    """The drawing script of bertviz, read without importing the package, which would bring a notebook along."""
    found = find_spec("bertviz")
    if found is None or found.origin is None:
        raise Unsupported(_("bertviz is not installed; install it with: uv sync"))
    return Path(found.origin).with_name(f"{view}_view.js").read_text("utf-8").replace("</script", "<\\/script")


@cache
def _libraries() -> str:
    d3 = files("mpld3").joinpath("js", "d3.v5.min.js").read_text("utf-8").replace("</script", "<\\/script")
    return d3 + "\n" + (FOLDER / "bertviz_page.js").read_text("utf-8")
