"""Parts of two networks beside each other: every part once, block by block, by name."""

import pytest

from models import load
from models.comparison.parts import block_pairs, part_pairs
from models.contributions.contribution import Contribution


def test_blocks_of_two_depths_pair_at_the_same_fraction() -> None:
    assert block_pairs(3, 3) == [(0, 0), (1, 1), (2, 2)]
    assert block_pairs(2, 4) == [(0, 0), (None, 1), (None, 2), (1, 3)]
    assert block_pairs(4, 2) == [(0, 0), (1, None), (2, None), (3, 1)]
    assert block_pairs(1, 3) == [(None, 0), (None, 1), (0, 2)]
    assert block_pairs(0, 2) == [(None, 0), (None, 1)]
    for blocks, other_blocks in ((5, 12), (12, 5), (7, 7), (1, 1)):
        pairs = block_pairs(blocks, other_blocks)
        assert [here for here, _there in pairs if here is not None] == list(range(blocks))
        assert [there for _here, there in pairs if there is not None] == list(range(other_blocks))


def test_parts_pair_by_name_and_stand_alone_where_the_other_has_none() -> None:
    embedding, bias = Contribution(name="embedding", value=1.0), Contribution(name="bias", value=2.0)
    attention, forward = (Contribution(name=name, layer=0, value=3.0) for name in ("attention", "feed-forward"))
    late = Contribution(name="attention", layer=1, value=4.0)
    assert part_pairs([embedding, attention, forward], [embedding, late, bias]) == [
        (embedding, embedding),
        (attention, late),
        (forward, None),
        (None, bias),
    ]
    assert part_pairs([], [bias]) == [(None, bias)]


@pytest.mark.parametrize(("name", "other"), [("storybook", "storybook-llama"), ("storybook-t5", "storybook")])
def test_no_part_is_lost_or_counted_twice(name: str, other: str) -> None:
    sides = [load(one).trace("The wolf knocked", "The" if one == "storybook-t5" else "") for one in (name, other)]
    one, two = (trace.contributions(count=1000) for trace in sides)
    pairs = part_pairs(one.parts, two.parts)
    assert sum(here.value for here, _there in pairs if here) == pytest.approx(one.sum, abs=1e-9)
    assert sum(there.value for _here, there in pairs if there) == pytest.approx(two.sum, abs=1e-9)
    assert [here.name for here, there in pairs if here and there and here.name != there.name] == []
