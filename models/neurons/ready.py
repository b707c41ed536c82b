"""Peaks that come with the program: where the neurons of the bundled models are most active, so that nobody waits.

One small file for each model, in `ready_peaks/`: activations as 16-bit numbers, and to which weights and passages they
belong. Other weights or passages are read anew. `python -m models.neurons` makes the files.
"""

import logging
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy import ndarray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from models.engine.cache import derived
from models.engine.language_model import LanguageModel
from models.lenses.fitted import weights_digest
from models.neurons.peaks import Peaks, passages, read_all

LOG = logging.getLogger(__name__)

FOLDER = Path(__file__).with_name("ready_peaks")


def ready(model: LanguageModel, folder: Path = FOLDER) -> Peaks | None:
    """The peaks of this model, if they came with the program and are of its weights and of the passages as they are."""
    file = folder / f"{model.name}.safetensors"
    if model.folder is None or not file.is_file():
        return None
    try:
        with safe_open(file, framework="numpy") as opened:
            told = opened.metadata()
            found = {name: opened.get_tensor(name) for name in ("activations", "passages", "positions")}
    except (OSError, SafetensorError) as error:
        LOG.warning("The peaks in %s cannot be read (%s); the passages are read instead.", file.name, error)
        return None
    if told != _about(model, model.folder):
        return None
    return Peaks(
        activations=found["activations"].astype(np.float32),
        passages=found["passages"].astype(np.int32),
        positions=found["positions"].astype(np.int32),
    )


def peaks(model: LanguageModel) -> Iterator[int | Peaks]:
    """Each neuron's peaks, kept with the model: ready, or how many passages are done and then they."""
    kept = model.derived.peek("neuron peaks")
    if kept is not None:
        yield kept.value
        return
    made = ready(model)
    for news in read_all(model) if made is None else ():
        if isinstance(news, Peaks):
            made = news
        else:
            yield news
    if made is None:
        raise TypeError("Reading the passages ends with the peaks.")
    found = made
    yield derived(model, "neuron peaks", lambda: found)


def save(model: LanguageModel, found: Peaks, folder: Path = FOLDER) -> Path:
    """Write one file, and say where."""
    if model.folder is None:
        raise ValueError("A model without files has no weights to name.")
    folder.mkdir(exist_ok=True)
    file = folder / f"{model.name}.safetensors"
    arrays: dict[str, ndarray] = {
        "activations": found.activations.astype(np.float16),
        "passages": found.passages.astype(np.uint8),
        "positions": found.positions.astype(np.uint16),
    }
    save_file(arrays, file, _about(model, model.folder))
    return file


def _about(model: LanguageModel, folder: Path) -> dict[str, str]:
    read = blake2b("\n\n".join(passages()).encode(), digest_size=16).hexdigest()
    return {"model": model.name, "weights": weights_digest(folder, model.name), "passages": read}
