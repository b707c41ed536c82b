"""A beam search on its way to the page: each node once, the texts it ended with, best first."""

import json
from typing import Any

import pytest

from explorer.calls import Context
from explorer.features.completion.calls import beams
from models.errors import InputError
from models.generation.beam_search import beam_search
from tests.models import families

GPT2: dict[str, Any] = {"model": "gpt2", "text": families.text_of(8)}


def test_a_beam_tree_is_whole_and_each_node_is_sent_once(context: Context) -> None:
    told = list(beams.ask(context, GPT2 | {"width": 2, "max_new_tokens": 5}))
    json.dumps(told)
    nodes = [node for message in told for node in message["nodes"]]
    *_, tree = beam_search(families.model("gpt2"), GPT2["text"], width=2, max_new_tokens=5)
    assert len(nodes) == len(tree.nodes)
    for number, node in enumerate(nodes):
        assert node["parent"] is None or node["parent"] < number
    finished = told[-1]["finished"]
    assert len(finished) == 2
    best = nodes[finished[0]["node"]]
    assert best["status"] == "finished"
    assert best["score"] == finished[0]["score"] >= finished[1]["score"]


@pytest.mark.parametrize("wish", [{"width": 99}, {"width": 0}, {"max_new_tokens": 61}, {"width": "two"}])
def test_a_search_out_of_range_is_refused(context: Context, wish: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=next(iter(wish))):
        list(beams.ask(context, GPT2 | wish))
