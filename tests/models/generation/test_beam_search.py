"""Beam search: texts and scores of transformers' own, a tree that adds up, refusals in a sentence."""

import math
from typing import Any

import pytest
import torch

from models.errors import InputError
from models.generation.beam_search import beam_search
from tests.models import families


@pytest.mark.parametrize("case", ["gpt2", "llama", "gemma2", "bloom", "t5", "bart"])
@pytest.mark.parametrize("width", [1, 2, 4])
def test_texts_and_scores_are_those_of_generate(case: str, width: int) -> None:
    model, text, both = families.model(case), families.text_of(6, seed=width), case in {"t5", "bart"}
    *_, tree = beam_search(model, text, width=width, max_new_tokens=9, target="w8 w9" if both else "")
    inputs: dict[str, Any] = {"input_ids": torch.tensor([[token.id for token in model.tokenize(text)]])}
    length = inputs["input_ids"].shape[1]
    if both:
        inputs["decoder_input_ids"] = torch.tensor([[token.id for token in model.tokenize("w8 w9", target=True)]])
        length = inputs["decoder_input_ids"].shape[1]
    out = families.reference(case).generate(
        **inputs, num_beams=width, num_return_sequences=width, do_sample=False, max_new_tokens=9, length_penalty=1.0,
        early_stopping=False, return_dict_in_generate=True, output_scores=True, forced_bos_token_id=None,
        forced_eos_token_id=None,
    )  # fmt: skip
    ends = families.reference(case).generation_config.eos_token_id
    expected = [_until_end(row[length:].tolist(), ends) for row in out.sequences]
    assert [tree.ids(node) for node in tree.finished] == expected
    if width > 1:
        found = torch.tensor([node.score for node in tree.finished])
        torch.testing.assert_close(found, out.sequences_scores, atol=1e-4, rtol=0)


def _until_end(ids: list[int], end: int | None) -> list[int]:
    return ids[: ids.index(end) + 1] if end in ids else ids


def test_the_tree_adds_up() -> None:
    model = families.model("gpt2")
    *_, tree = beam_search(model, families.text_of(5), width=3, max_new_tokens=6)
    for node in tree.nodes:
        before = tree.nodes[node.parent].total if node.parent is not None else 0.0
        assert node.total == pytest.approx(before + math.log(node.probability), abs=1e-4)
        assert node.depth == len(tree.ids(node))
        assert node.parent is None or tree.nodes[node.parent].status == "kept"
    for depth in range(1, 6):
        kept = [node.total for node in tree.nodes if node.depth == depth and node.status == "kept"]
        dropped = [node.total for node in tree.nodes if node.depth == depth and node.status == "dropped"]
        assert len(kept) == 3
        assert min(kept) >= max(dropped)


def test_the_search_can_be_watched_and_stopped() -> None:
    search = beam_search(families.model("gpt2"), families.text_of(5), width=2, max_new_tokens=20)
    assert [len(next(search).nodes) for _ in range(3)] == [4, 8, 12]
    search.close()  # type: ignore[attr-defined]
    assert list(search) == []


@pytest.mark.parametrize("width", [0, -1, 11])
def test_a_width_out_of_range_is_refused(width: int) -> None:
    with pytest.raises(InputError, match="beam width"):
        beam_search(families.model("gpt2"), "w5", width=width, max_new_tokens=5)
