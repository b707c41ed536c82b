"""No control is left out of the walks: a new one has to be walked, or its reason stands here."""

from tests.browser.links import (
    test_attention,
    test_completion,
    test_experiment,
    test_layers,
    test_map,
    test_overview,
    test_vectors,
)
from tests.browser.walking import declared

WALKED = (test_attention, test_completion, test_layers, test_map, test_overview, test_experiment, test_vectors)
NOT_WALKED: dict[str, list[str]] = {}


def left_over() -> dict[str, list[str]]:
    """The declared controls that no walk names, by tab."""
    named = set[str]().union(*(walk.keys for module in WALKED for walk in module.WALKS.values()))
    named |= test_layers.DEEP.keys
    left = {tab: sorted(key for key in about.keys if key not in named) for tab, about in declared().items()}
    return {tab: keys for tab, keys in left.items() if keys}


def test_every_control_is_walked() -> None:
    assert left_over() == NOT_WALKED
