"""Settings come from the environment and the command line, and hosted mode is what it says."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from explorer.pool_factory import pool_for
from explorer.settings import Settings, read_settings
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


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        ("lab.example", ("lab.example",)),
        ("lab.example, class.example", ("lab.example", "class.example")),
        ('["lab.example"]', ("lab.example",)),
        ("https://Lab.example:7860/", ("lab.example",)),
        ("[::1]:7860", ("::1",)),
        ("*", ("*",)),
        ("", ()),
    ],
)
def test_names_may_be_written_as_people_write_them(
    given: str, hosts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_HOSTS", given)
    assert read_settings([]).hosts == hosts
    monkeypatch.delenv("EXPLORER_HOSTS")
    assert read_settings(["--hosts", given] if given else []).hosts == hosts


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("HOSTS", '["lab.example"', "EXPLORER_HOSTS: is no list"),
        ("HOSTS", "http://", "EXPLORER_HOSTS: holds 'http://', which is no name"),
        ("HOSTS", "a?b", "EXPLORER_HOSTS"),
        ("EMBED", "https://a.example;script-src", "EXPLORER_EMBED: holds"),
        ("WORKERS", "many", "EXPLORER_WORKERS"),
        ("MODE", "public", "EXPLORER_MODE"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_at_the_start(
    name: str, given: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"EXPLORER_{name}", given)
    with pytest.raises(ValueError, match=said) as caught:
        read_settings([])
    assert str(caught.value).endswith("see --help.")
    assert "\n" not in str(caught.value)


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
