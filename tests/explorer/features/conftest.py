"""What the tests of the tabs' calls share: a context on tiny networks."""

import pytest

from explorer.calls import Context
from explorer.settings import Settings
from models.engine.pool import Pool
from models.loading.loader import load
from tests.models import families


@pytest.fixture(scope="session")
def context() -> Context:
    """What a call may use: any of the families by its name."""
    return Context(
        pool=Pool(lambda name, **_: families.model(name)),
        settings=Settings(mode="local", device="cpu"),
        session_id="a visitor",
    )


@pytest.fixture(scope="session")
def bundled() -> Context:
    """What a call may use: the models that come with the app."""
    return Context(pool=Pool(load), settings=Settings(mode="local", device="cpu"))
