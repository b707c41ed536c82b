"""Every endpoint answers on another device what it answers on the processor: the README's examples, all of them."""

import json
import re
from typing import Any

import numpy as np
import pytest

from explorer.calls.catalog import all_calls
from explorer.calls.door import Door
from explorer.calls.endpoints import function_of
from explorer.pool_factory import pool_for
from explorer.requirements import ROOT
from explorer.settings import Settings
from tests import pretended
from tests.explorer.calls.test_endpoints import DOCUMENTED
from tests.loops import awaited

EXAMPLES = dict(re.findall(r"^ask (\w+) '(.*)'$", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE))
OF_THE_MACHINE = {"health", "models"}
TOLERANCE = 1e-3
pytestmark = pytest.mark.pretended


@pytest.fixture(scope="module")
def doors() -> list[Door]:
    """The door of an app on a device that refuses what a GPU refuses, and of one on the processor."""
    if pretended.compiler() is None:
        pytest.skip("the pretended device needs a C++ compiler: apt-get install g++")
    places = (pretended.register(), "cpu")
    settings = [Settings(mode="local", device=place, precision="float32") for place in places]
    return [Door(all_calls(), one, pool_for(one)) for one in settings]


@pytest.mark.parametrize("name", sorted(DOCUMENTED - OF_THE_MACHINE))
def test_an_endpoint_answers_there_what_it_answers_on_the_processor(name: str, doors: list[Door]) -> None:
    there, here = (answer(door, name) for door in doors)
    same(there, here, name)


def answer(door: Door, name: str) -> Any:
    (asked,) = [one for one in all_calls() if one.name == name and one.public]
    found = function_of(asked, door.context_with_engine)(*json.loads(EXAMPLES[name]))
    if asked.asynchronous:
        return awaited(found)
    return list(found) if asked.stream else found


def same(there: Any, here: Any, place: str) -> None:
    """Equal, numbers up to the rounding of single precision."""
    if isinstance(here, dict):
        assert there.keys() == here.keys(), place
        for key, value in here.items():
            same(there[key], value, f"{place}.{key}")
    elif isinstance(here, list | tuple):
        assert len(there) == len(here), place
        for index, value in enumerate(here):
            same(there[index], value, f"{place}[{index}]")
    elif isinstance(here, float | np.ndarray):
        np.testing.assert_allclose(there, here, rtol=TOLERANCE, atol=TOLERANCE, err_msg=place)
    else:
        assert there == here, place
