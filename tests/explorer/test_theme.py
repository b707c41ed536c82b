"""The colour scales are legible for every eye."""

import itertools
from typing import Any

import numpy as np
import pytest

from explorer.theme import diverging_scale, plotly_scale, sequential_scale


def luminance(colour: Any) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = np.asarray(colour, dtype=float) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def as_seen_without(cones: str, colour: Any) -> Any:
    """A colour as seen without red ("protan") or green ("deutan") cones (Machado, Oliveira and Fernandes 2009)."""
    matrix = {
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    }[cones]
    return np.clip(np.asarray(matrix) @ np.asarray(colour, dtype=float), 0, 255)


EYES = pytest.mark.parametrize("cones", ["protan", "deutan"])
THEMES = pytest.mark.parametrize("dark", [False, True])


@THEMES
@EYES
def test_the_sequential_scale_goes_away_from_the_page_for_every_eye(cones: str, *, dark: bool) -> None:
    seen = [luminance(as_seen_without(cones, colour)) for colour in sequential_scale(dark=dark)[::15]]
    if not dark:
        seen.reverse()
    assert all(earlier < later for earlier, later in itertools.pairwise(seen))


@THEMES
@EYES
def test_the_ends_of_the_diverging_scale_differ_for_every_eye(cones: str, *, dark: bool) -> None:
    scale = diverging_scale(dark=dark)
    low, middle, high = (as_seen_without(cones, scale[index]) for index in (40, 128, 215))
    near, far = sorted([luminance(middle), min(luminance(low), luminance(high))])
    assert far > 2 * near
    assert low[2] > high[2] + 40  # one end stays bluish, the other does not


def test_the_plotly_scale_is_the_same_scale() -> None:
    stops = plotly_scale(sequential_scale())
    assert (stops[0][0], stops[-1][0]) == (0, 1)
    assert stops[-1][1] == "rgb({},{},{})".format(*sequential_scale()[255])
