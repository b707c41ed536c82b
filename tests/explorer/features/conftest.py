"""What the tests of the tabs' calls share: a context on tiny networks."""

import pytest

from explorer.calls import Context
from explorer.settings import Settings
from models.engine.pool import Pool
from tests.models import families


@pytest.fixture(scope="session")
def context() -> Context:
    """What a call may use: any of the families by its name."""
    return Context(
        pool=Pool(lambda name, **_: families.model(name)),
        settings=Settings(mode="local", device="cpu"),
        session_id="a visitor",
    )
