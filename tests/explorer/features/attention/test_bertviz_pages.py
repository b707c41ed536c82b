"""bertviz pages: no outside request, our numbers, text that stays text, and a size known before."""

import base64
import json
import re
from typing import Any

import numpy as np
import pytest
from numpy import ndarray

from explorer.features.attention import bertviz_pages
from explorer.features.attention.bertviz_pages import Choice, page, refusal, size, smaller
from models.errors import InputError, Unsupported
from tests.explorer.features.attention.conftest import Traced

EVERY = {"layers": (0, 1, 2), "heads": (0, 1, 2, 3)}


def choice(view: Any, kind: str = "self", **more: Any) -> Choice:
    return Choice(view=view, kind=kind, **{**EVERY, **more})


def parameters(document: str) -> dict[str, Any]:
    found = re.search(r"unpackBertviz\((\{.*\})\);</script>", document)
    assert found
    read: dict[str, Any] = json.loads(found[1])
    return read


def unpacked(packed: dict[str, Any]) -> ndarray:
    numbers = np.frombuffer(base64.b64decode(packed["numbers"]), "<u2").reshape(packed["shape"])
    return packed["low"] + packed["step"] * numbers


@pytest.mark.parametrize("view", ["head", "model"])
def test_a_page_holds_the_weights_of_the_chosen_layers_and_heads(traced: Traced, view: str) -> None:
    trace = traced("gpt2")
    given = parameters(page(trace, choice(view, layers=(2, 0), heads=(3, 1))))
    expected = np.stack([trace.attention(layer)[[1, 3]] for layer in (0, 2)])
    np.testing.assert_allclose(unpacked(given["attention"][0]["attn"]), expected, atol=1e-5)
    assert given["include_layers"] == [0, 2]
    assert given["include_heads"] == [1, 3]
    assert given["layer"] == 2


@pytest.mark.parametrize("case", ["gpt2", "llama", "bert", "t5"])
def test_queries_and_keys_of_the_neuron_view_give_the_models_own_scores(traced: Traced, case: str) -> None:
    trace = traced(case)
    kind = trace.attention_kinds[0]
    wanted = choice("neuron", kind, layers=(1,))
    if case == "t5":
        assert "position numbers" in str(refusal(trace, wanted))
        return
    entry = parameters(page(trace, wanted))["attention"]["all"]
    queries, keys = unpacked(entry["queries"])[0], unpacked(entry["keys"])[0]
    scores = queries @ keys.transpose(0, 2, 1) / queries.shape[2] ** 0.5
    if trace.kind == "decoder":
        scores = np.where(np.tri(*scores.shape[1:]) > 0, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(weights, trace.attention(1), atol=1e-3)


def test_a_page_asks_nobody_for_anything(traced: Traced) -> None:
    for view in ("head", "model", "neuron"):
        document = page(traced("gpt2"), choice(view))
        assert not re.search(r"<(script|link|img)[^>]+(src|href)=", document)
        assert "default-src 'none'" in document


def test_a_page_is_about_as_large_as_was_said(traced: Traced) -> None:
    for view in ("head", "model", "neuron"):
        document = page(traced("gpt2"), choice(view))
        assert size(traced("gpt2"), choice(view)).bytes == pytest.approx(len(document), rel=0.03)


def test_a_hostile_token_stays_inside_its_string(traced: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "</script><script>alert(1)</script><!--"
    monkeypatch.setattr(bertviz_pages, "_names", lambda tokens: [hostile for _ in tokens])
    document = page(traced("gpt2"), choice("head"))
    assert hostile not in document
    assert parameters(document)["attention"][0]["left_text"][0] == hostile


def test_what_is_too_large_is_offered_smaller(traced: Traced, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = traced("gpt2")
    one_layer = size(trace, choice("model", layers=(1,)))
    monkeypatch.setattr(bertviz_pages, "SHAPES_BUDGET", one_layer.shapes * 2)
    offered = smaller(trace, choice("model", layers=(1, 2, 0)))
    assert offered == choice("model", layers=(1, 2))
    monkeypatch.setattr(bertviz_pages, "SHAPES_BUDGET", one_layer.shapes - 1)
    assert smaller(trace, choice("model", layers=(1, 2, 0))) == choice("model", layers=(1,), heads=(0, 1, 2))
    monkeypatch.setattr(bertviz_pages, "SHAPES_BUDGET", 5)
    assert smaller(trace, choice("model")) is None
    with pytest.raises(InputError, match="larger than its budget"):
        page(trace, choice("model"))


def test_a_family_without_queries_is_refused_in_a_sentence(traced: Traced) -> None:
    trace = traced("gptj")
    assert "cannot be drawn" in str(refusal(trace, choice("neuron")))
    with pytest.raises(Unsupported):
        page(trace, choice("neuron"))
