"""What is looked at before a stranger's folder is read: the kinds and sizes of its files, and its tokenizer at work.

The libraries that read a model believe its files: a pipe or an endless device hangs them, a count of two million layers
fills the memory, a tokenizer may write a billion characters for one. So files are looked at first, and tokenizer and
chat template are tried in a process of their own, whose time and memory end (`rehearsal`).
"""

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import CorruptModel
from models.translation import _

MEBIBYTE = 2**20
LARGEST = {"config.json": MEBIBYTE, "generation_config.json": MEBIBYTE, "chat_template.jinja": MEBIBYTE}
LARGEST_OTHER = 128 * MEBIBYTE  # the largest vocabularies of 2026 are about 40 MiB of JSON
READ = (".json", ".model", ".txt", ".jinja", ".tiktoken", ".safetensors")
LAYER_COUNTS = ("num_hidden_layers", "num_layers", "num_decoder_layers", "encoder_layers", "decoder_layers",
                "n_layer", "n_layers", "num_encoder_layers")  # fmt: skip

REHEARSAL = Path(__file__).with_name("rehearsal.py")
REHEARSAL_SECONDS = 8.0
BROKE_DOWN = 3  # see `rehearsal`


def check_files(folder: Path, name: str) -> None:
    """Refuse what is no ordinary file, and what is larger than any honest file of its kind."""
    for file in folder.iterdir():
        if file.suffix not in READ:
            continue
        try:
            found = file.stat()
        except OSError as error:  # a link to nothing, or to itself
            raise CorruptModel(
                _("{name}: {file} leads nowhere; download the model again.", name=name, file=file.name)
            ) from error
        if not stat.S_ISREG(found.st_mode):
            raise CorruptModel(
                _("{name}: {file} is no ordinary file, so it is not read; choose another model.",
                  name=name, file=file.name)
            )  # fmt: skip
        if file.suffix != ".safetensors" and found.st_size > LARGEST.get(file.name, LARGEST_OTHER):
            raise CorruptModel(
                _("{name}: {file} is larger than such a file can be; choose another model.", name=name, file=file.name)
            )


def check_layers(config: Mapping[str, Any], tensors: int, name: str) -> None:
    """Refuse a configuration that asks for more blocks than the weights have tensors: each block needs several."""
    texts = [config, *(value for value in config.values() if isinstance(value, Mapping))]
    asked = [text.get(key) for text in texts for key in LAYER_COUNTS]
    largest = max((count for count in asked if isinstance(count, int | float)), default=0)
    if not largest <= tensors:
        raise CorruptModel(
            _(
                "{name}: config.json asks for {count} layers and the weights have {tensors} tensors; download the "
                "model again.",
                name=name,
                count=f"{largest:.6g}",
                tensors=tensors,
            )
        )


def rehearse(folder: Path, name: str) -> None:
    """Try the tokenizer and the chat template on a few sentences in a process that ends after a few seconds.

    Its memory is bounded too where the system can do that. What fails there in an ordinary way is left to the real
    reading, which has the better sentence; only what would not end, or ends the process, is refused here.
    """
    if not any(
        (folder / file).is_file() for file in ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")
    ):
        return
    command = [sys.executable, "-I", str(REHEARSAL), str(folder)]
    quiet = {"TOKENIZERS_PARALLELISM": "false", "RAYON_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603 - our own script, and a folder as its one argument
            command, env=os.environ | quiet, timeout=REHEARSAL_SECONDS, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _endless(name) from error
    except OSError:  # no second process can be started here: the real reading has to do
        return
    if done.returncode == BROKE_DOWN:
        raise CorruptModel(_("The tokenizer of {name} is damaged; download the model again.", name=name))
    if done.returncode != 0:
        raise _endless(name)


def _endless(name: str) -> CorruptModel:
    return CorruptModel(
        _(
            "The tokenizer or chat template of {name} takes more time or memory than any honest one; choose another "
            "model.",
            name=name,
        )
    )
