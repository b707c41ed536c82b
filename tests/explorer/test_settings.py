"""Settings come from the environment and the command line, and hosted mode is what it says."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from explorer.pool_factory import pool_for
from explorer.settings import Settings
from models.errors import ModelError, PromptTooLong


def test_a_laptop_is_local_and_a_space_is_hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert Settings().mode == "local"
    monkeypatch.setenv("SPACE_ID", "someone/explorer")
    assert Settings().mode == "hosted"


def test_the_environment_sets_and_the_command_line_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_WORKERS", "7")
    monkeypatch.setenv("EXPLORER_MODEL", "gpt2")
    settings = Settings(_cli_parse_args=["--model", "distilgpt2", "--trace-memory", "0.5"])  # type: ignore[call-arg]
    assert (settings.workers, settings.model, settings.trace_memory) == (7, "distilgpt2", 0.5)


@pytest.mark.parametrize("name", ["workers", "queue", "characters", "model_memory"])
def test_a_setting_below_its_range_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({name: 0})


def test_hosted_mode_loads_no_folder(small_folder: Path) -> None:
    assert pool_for(Settings(mode="local", device="cpu")).model(str(small_folder)).layers == 6
    with pytest.raises(ModelError):
        pool_for(Settings(mode="hosted", device="cpu")).model(str(small_folder))


def test_the_text_limit_is_kept_whoever_asks() -> None:
    pool = pool_for(Settings(device="cpu", characters=100))
    assert pool.trace("storybook", "a " * 40).tokens
    with pytest.raises(PromptTooLong, match="100"):
        pool.trace("storybook", "a " * 60)


@pytest.fixture
def small_folder() -> Path:
    return Path(__file__).parent.parent.parent / "models" / "bundled" / "storybook"
