"""The catalogue says the truth about what it offers."""

import json

import pytest
from transformers import CONFIG_MAPPING

from models.catalog import Entry, entries, find, offered, similar
from models.loading.loader import AUTOMATIC, load

WANTED = {
    "storybook", "gpt2", "distilgpt2", "pythia-70m", "SmolLM2-135M", "Qwen3-0.6B", "Llama-3.2-1B", "bloom-560m",
    "bert-base-uncased", "roberta-base", "flan-t5-small", "bart-base",
}  # fmt: skip
BUNDLED = [entry for entry in offered() if entry.bundled]


def test_the_promised_models_are_in_it() -> None:
    assert {entry.name for entry in entries()} >= WANTED


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.name)
def test_every_entry_is_complete(entry: Entry) -> None:
    assert entry.kind in AUTOMATIC
    assert entry.family in CONFIG_MAPPING
    assert entry.licence
    assert len(entry.good_for) > 20
    assert entry.bundled or (entry.parameters > 0 and entry.size > 0 and entry.source.count("/") == 1)
    assert entry.examples
    assert all(example.strip() for example in entry.examples)
    assert len(entry.targets) in {0, len(entry.examples)}
    assert entry.kind == "encoder-decoder" or not entry.targets
    if entry.kind == "encoder":
        assert all("[MASK]" in example or "<mask>" in example for example in entry.examples)


def test_names_and_sources_are_used_once_whatever_their_case() -> None:
    names = [name.casefold() for entry in entries() for name in {entry.name, entry.source}]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", BUNDLED, ids=lambda entry: entry.name)
def test_what_is_said_of_a_bundled_model_is_so(entry: Entry) -> None:
    assert entry.folder is not None
    config = json.loads((entry.folder / "config.json").read_text())
    assert config["model_type"] == entry.family
    model = load(entry.name, device="cpu")
    assert model.kind == entry.kind
    for example in entry.examples:
        tokens = model.tokenize(example)
        assert model.context is None or len(tokens) < model.context / 2
        assert entry.kind != "encoder" or model.trace(example).mask_positions


def test_a_name_is_found_whatever_its_case_and_by_its_hub_id_too() -> None:
    for name in ("GPT2", "openai-community/gpt2", " gpt2 "):
        entry = find(name)
        assert entry is not None
        assert entry.name == "gpt2"
    assert find("gpt") is None


def test_a_misspelt_name_finds_its_neighbours() -> None:
    assert similar("gtp2")[0] == "gpt2"
    assert "bert-base-uncased" in similar("bert-base-uncase")
    assert similar("zzzzzzzz") == []
