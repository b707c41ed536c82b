"""Stretches of two attributed texts: nothing lost where both have read all, nothing that a side has not read."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from models import load
from models.attribution.methods import rank_agreement
from models.comparison.attributions import stretches_read, summed

TEXT = "The wolf knocked at the old door"


@pytest.mark.parametrize("other", ["storybook", "storybook-llama"])
def test_one_text_is_counted_once_on_either_side(other: str) -> None:
    one, two = (load(name).trace(TEXT) for name in ("storybook", other))
    position = len(one.tokens) - 1
    stretches = stretches_read(one, position, two, len(two.tokens) - 1)
    for trace, places in ((one, [s.positions for s in stretches]), (two, [s.others for s in stretches])):
        assert sorted(place for group in places for place in group) == list(range(len(trace.tokens)))
        values = trace.attribution("gradient_input", position=len(trace.tokens) - 1).values
        assert np.nansum(summed(values, places)) == pytest.approx(float(values.sum(dtype=np.float64)), abs=1e-6)
    assert "".join(one.text for one in stretches) == TEXT


def test_agreement_is_scipys_over_what_both_have() -> None:
    model = load("storybook")
    one, two = model.trace("The wolf knocked at the door"), model.trace("The old man knocked at the door")
    ends = len(one.tokens) - 1, len(two.tokens) - 1
    stretches = stretches_read(one, ends[0], two, ends[1])
    values = summed(one.attribution("source", token="door").values, [s.positions for s in stretches])
    others = summed(two.attribution("source", token="door").values, [s.others for s in stretches])
    shared = [number for number, s in enumerate(stretches) if s.positions and s.others]
    assert 4 <= len(shared) < len(stretches)
    assert np.isnan(values[[not s.positions for s in stretches]]).all()
    wanted = spearmanr(values[shared], others[shared]).statistic
    assert rank_agreement(values, others) == pytest.approx(wanted, abs=1e-12)


def test_what_a_decoder_has_not_read_is_left_out() -> None:
    decoder, encoder = load("storybook").trace(TEXT), load("storybook-bert").trace(TEXT)
    stretches = stretches_read(decoder, 2, encoder, 3)
    assert max(place for s in stretches for place in s.positions) == 2
    assert max(place for s in stretches for place in s.others) == len(encoder.tokens) - 1


def test_a_target_stands_behind_its_source() -> None:
    one = load("storybook-t5").trace("The wolf <extra_id_0> at the door", "<extra_id_0> knocked")
    two = load("storybook-t5").trace("The wolf <extra_id_0> at the gate", "<extra_id_0> knocked")
    end = len(one.target_tokens) - 1
    stretches = stretches_read(one, end, two, end)
    assert sorted(place for s in stretches for place in s.positions) == list(range(len(one.tokens) + end + 1))
    targets = [s for s in stretches if s.positions and s.positions[0] >= len(one.tokens)]
    assert all(s.others[0] >= len(two.tokens) for s in targets)
