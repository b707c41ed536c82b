"""A folder that somebody prepared to hang or to fill the machine is one sentence, soon and within bounds."""

import json
import os
import shutil
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.engine.cost import run_bytes
from models.errors import CorruptModel, InputError, PromptTooLong
from models.loading.loader import _first_line, load
from models.text.chat_template import chat_text
from tests.models import families

ORIGINAL = Path("models/bundled/storybook")
SECONDS = 30  # of a busy machine; the bound itself is a third of it

Spoil = Callable[[Path], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound model: its large files are links, as in the Hub's cache."""
    made = tmp_path / "model"
    made.mkdir()
    for file in ORIGINAL.iterdir():
        if file.suffix == ".safetensors":
            (made / file.name).symlink_to(file.resolve())
        else:
            shutil.copy(file, made)
    return made


def refusal(folder: Path) -> str:
    started = time.monotonic()
    with pytest.raises(CorruptModel) as caught:
        load(str(folder), device="cpu")
    assert time.monotonic() - started < SECONDS
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def changed(name: str, **values: Any) -> Spoil:
    def spoil(folder: Path) -> None:
        content = json.loads((folder / name).read_text("utf-8"))
        (folder / name).write_text(json.dumps(content | values), "utf-8")

    return spoil


def written(name: str, content: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).write_text(content, "utf-8")

    return spoil


def linked(name: str, to: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(to)

    return spoil


def weights(header: bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        for file in folder.glob("*.safetensors*"):
            file.unlink()
        (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)

    return spoil


def pipe(folder: Path) -> None:
    (folder / "tokenizer_config.json").unlink()
    os.mkfifo(folder / "tokenizer_config.json")


def replacing(folder: Path) -> None:
    many = [{"type": "Replace", "pattern": {"String": "e"}, "content": "e" * 100}] * 6
    changed("tokenizer.json", normalizer={"type": "Sequence", "normalizers": many})(folder)


HOSTILE: dict[str, tuple[Spoil, str]] = {
    "deep configuration": (written("config.json", '{"a":' * 100_000 + "1" + "}" * 100_000), "config.json is damaged"),
    "large configuration": (written("config.json", json.dumps({"x": "a" * 2**21})), "larger than such a file"),
    "two million layers": (changed("config.json", n_layer=2_000_000), "asks for 2e+06 layers"),
    "endless layers": (changed("config.json", num_hidden_layers=float("inf")), "asks for inf layers"),
    "no heads": (changed("config.json", n_head=0), "cannot be read"),
    "giant width": (changed("config.json", n_embd=10**7), "cannot be read"),
    "deep header": (weights(b'{"a":' * 50_000 + b"1" + b"}" * 50_000), "damaged or incomplete"),
    "offsets of text": (weights(b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,"4"]}}'), "damaged or incomplete"),
    "endless shape": (weights(b'{"a":{"dtype":"F32","shape":[1e999],"data_offsets":[0,0]}}'), "damaged or incomplete"),
    "large header": (weights(b'{"__metadata__":{"a":"' + b"x" * 30_000_000 + b'"}}'), "damaged or incomplete"),
    "index without names": (written("model.safetensors.index.json", '{"weight_map": ["a"]}'), "index.json is damaged"),
    "link to nothing": (linked("tokenizer.json", "/nowhere/at/all"), "leads nowhere"),
    "link to itself": (linked("config.json", "config.json"), "leads nowhere"),
    "pipe": (pipe, "no ordinary file"),
    "endless device": (linked("config.json", "/dev/zero"), "no ordinary file"),
    "growing normalizer": (replacing, "more time or memory"),
    "long loops": (written("chat_template.jinja", "{% for a in range(99999) %}" * 3 + "{% endfor %}" * 3), "more time"),
    "long text": (written("chat_template.jinja", "{{ 'a' * (10 ** 10) }}"), "more time or memory"),
}


@pytest.mark.skipif(sys.platform != "linux", reason="bounds of memory and pipes as Linux has them")
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_folder_is_one_sentence(folder: Path, kind: str) -> None:
    spoil, part = HOSTILE[kind]
    spoil(folder)
    assert part in refusal(folder)


@pytest.mark.parametrize("template", ["{{ 1 // 0 }}", "{{ 'a' * (10 ** 30) }}", "{{ messages[7].content.x }}"])
def test_a_template_that_fails_is_one_sentence_and_the_model_stays(folder: Path, template: str) -> None:
    (folder / "chat_template.jinja").write_text(template)
    model = load(str(folder), device="cpu")
    with pytest.raises(InputError, match="refuses this conversation"):
        chat_text(model.tokenizer, model.name, "Who are you?")


def test_a_run_is_bounded_where_the_context_is_not() -> None:
    model = load("storybook-t5", device="cpu")
    assert model.context is None
    object.__setattr__(model, "max_tokens", 20)
    with pytest.raises(PromptTooLong, match="at most 20 at once"):
        model.trace("The wolf knocked at the door. " * 20, "The")


def test_a_run_is_bounded_by_what_it_would_take_before_it_begins() -> None:
    model = load("storybook-t5", device="cpu")
    long = "king " * 1_500
    object.__setattr__(model, "max_bytes", 2**28)
    started = time.monotonic()
    for ask in (lambda: model.trace(long, "The"), lambda: list(model.complete(long, max_new_tokens=1))):
        with pytest.raises(PromptTooLong, match=r"about 0\.\d GB of memory, and one may take 0\.3 here; shorten"):
            ask()
    assert time.monotonic() - started < SECONDS / 2  # read and counted, not run
    assert model.trace("king " * 100, "The").tokens


def test_a_run_that_would_take_too_long_is_refused_before_it_begins() -> None:
    model = load("storybook-t5", device="cpu")
    object.__setattr__(model, "max_bytes", 2**40)
    started = time.monotonic()
    with pytest.raises(PromptTooLong, match=r"about \d\d seconds, and one may take 10 here; shorten"):
        model.trace("king " * 4_000, "The")
    assert time.monotonic() - started < SECONDS / 2
    model.check_size(2_000, 100)


def test_a_librarys_reason_names_files_without_their_folders() -> None:
    told = OSError("Unable to load '/root/.cache/huggingface/hub/models--a--b/snapshots/1/model.safetensors': no\nmore")
    assert _first_line(told) == "Unable to load 'model.safetensors': no"
    assert _first_line(OSError(r"C:\Users\me\model\config.json is cut")) == "config.json is cut"
    assert _first_line(OSError("see https://huggingface.co/a/b for 1/2 of it")) == (
        "see https://huggingface.co/a/b for 1/2 of it"
    )


def test_what_a_run_takes_grows_with_the_square_only_where_tables_are_held() -> None:
    t5, gpt2, bloom = (families.model(case) for case in ("t5", "gpt2", "bloom"))
    assert (t5.tables, gpt2.tables, bloom.tables) == (5, 0, 5 + 3)
    assert run_bytes(gpt2, 2_000, 0) == 2 * run_bytes(gpt2, 1_000, 0)
    assert run_bytes(t5, 2_000, 0) > 3 * run_bytes(t5, 1_000, 0)
    trace = gpt2.trace(families.text_of(50))
    assert run_bytes(gpt2, 50, 0) >= trace.nbytes
