"""The calls about two runs: what they send is what the engine computed, and what cannot be compared is said."""

import base64

import numpy as np
import pytest

from explorer.calls import Context
from explorer.features.attention.compare import head_likeness, head_pair, paired_distances
from explorer.settings import Settings
from models.engine.pool import Pool
from models.errors import Unsupported

ONE, OTHER = "The old man shook his head", "The old woman shook her head"
TEXTS = {"model": "storybook", "text": ONE, "other_model": "storybook", "other_text": OTHER}
TWO_MODELS = {**TEXTS, "other_model": "storybook-bert", "other_text": ONE}


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(pool=Pool(), settings=Settings(mode="local", device="cpu"))


def test_a_pair_of_heads_comes_with_its_difference(context: Context) -> None:
    answer = head_pair.ask(context, {**TEXTS, "layer": 5, "head": 1, "other_layer": 5, "other_head": 1})
    values = np.frombuffer(base64.b64decode(answer["difference"]), "<f4").reshape(6, 6)
    traces = [context.pool.trace("storybook", text) for text in (ONE, OTHER)]
    wanted = traces[0].attention(5, 1) - traces[1].attention(5, 1)
    lower = np.tril_indices(6)
    assert values[lower] == pytest.approx(wanted[lower], abs=1e-6)
    assert answer["peak"] == pytest.approx(np.abs(wanted).max(), abs=1e-6)
    assert answer["rows"] == [[place, place] for place in range(6)]


def test_heads_of_two_models_are_compared_by_what_they_do_only(context: Context) -> None:
    answer = head_likeness.ask(context, TWO_MODELS)
    bert = context.pool.trace("storybook-bert", ONE)
    assert len(answer["others"]) == sum(bert.heads_by_layer("self"))
    assert all(0 <= place < len(answer["others"]) for place in answer["nearest"])
    with pytest.raises(Unsupported, match="no common number"):
        paired_distances.ask(context, TWO_MODELS)


def test_a_changed_model_differs_only_from_the_changed_layer_on(context: Context) -> None:
    off = {"kind": "head", "layer": 2, "head": 0}
    answer = paired_distances.ask(context, {**TEXTS, "other_text": ONE, "other_changes": [off]})
    distances = np.array(answer["distances"], dtype=float)
    assert (distances[:3] == 0).all()
    assert (distances[3:] > 0).all()
