"""Fits the tuned and the Jacobian lens of a model: python -m models.training.lenses storybook --corpus DIR.

Both are written beside the model's weights, with the hash of those weights and with how far each lens agrees with the
model on the corpus's held-out books. Any model can be named that the explorer loads.
"""

import argparse
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from models import load
from models.engine.language_model import LanguageModel
from models.errors import ModelError, Unsupported
from models.lenses.fitted import FITTED, read, save
from models.training.lens_fits import fit_jacobian, fit_tuned
from models.training.lens_scores import faithfulness
from models.training.lens_texts import Reading, corpus_files, passages, readings

LENGTH = 128
"""Tokens of a prompt."""

ROWS = 8
"""Prompts of a batch; half as many in a step of the tuned lens."""

JUDGED, HELD_OUT = 16, 48
"""Held-out passages: on the first few the tuned lens sees when to stop, on the rest the lenses are measured."""


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    try:
        fit(arguments.model, arguments.corpus, arguments.lenses, prompts=arguments.prompts)
    except ModelError as error:
        raise SystemExit(str(error)) from error


def fit(name: str, corpus: Path, lenses: Sequence[str], *, prompts: int) -> None:
    """Fit these lenses of one model, measure all it has, and write them."""
    training, held_out = corpus_files(corpus)
    model, random = load(name, device="cpu"), np.random.default_rng(0)
    if model.folder is None:
        raise Unsupported(f"{name} has no folder to write a lens to.")
    _say(f"{name}: reading the corpus")
    judged, measured = _split(list(readings(model, passages(held_out, HELD_OUT * 2, random), LENGTH, ROWS, random)))
    fitted = []
    if "jacobian" in lenses:
        chosen = list(readings(model, passages(training[:8], prompts * 2, random), LENGTH, ROWS, random))
        fitted.append(fit_jacobian(model, chosen[: max(1, prompts // ROWS)], _say))
    if "tuned" in lenses:
        fitted.append(fit_tuned(model, _endless(model, training, random), judged, _say))
    others = [read(model.folder, name, lens) for lens in FITTED if lens not in lenses and _there(model, lens)]
    found = faithfulness(model, measured, [*fitted, *others])
    for lens, told in found.items():
        _say(f"{lens}: agreement {told.agreement}, KL {told.kl} bits")
    about = {"corpus": f"{corpus.name}, {len(training)} files", "held_out": _counted(measured)}
    for one in [*fitted, *others]:
        told_of = {**one.about, **(about if one in fitted else {})}
        file = save(replace(one, about=told_of, faithfulness=found), model.folder, name)
        _say(f"{file.name}: {file.stat().st_size} bytes")


def _split(batches: list[Reading]) -> tuple[list[Reading], list[Reading]]:
    return batches[: JUDGED // ROWS], batches[JUDGED // ROWS : (JUDGED + HELD_OUT) // ROWS]


def _counted(batches: Sequence[Reading]) -> str:
    return f"{sum(int(batch.real.sum()) for batch in batches)} positions of {len(batches) * ROWS} passages"


def _endless(model: LanguageModel, files: list[Path], random: np.random.Generator) -> Iterator[Reading]:
    """Batches of passages, file after file, for as long as they are wanted."""
    for file in itertools.cycle(files):
        yield from readings(model, passages([file], 400, random), LENGTH, ROWS // 2, random)


def _there(model: LanguageModel, lens: str) -> bool:
    try:
        read(model.folder, model.name, lens)
    except ModelError:
        return False
    return True


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training.lenses", description=__doc__)
    parser.add_argument("model", help="a name of the catalogue, a Hub id or a folder")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with train-*.txt.xz and valid*.txt.xz")
    parser.add_argument("--lenses", nargs="*", choices=FITTED, default=FITTED, help="which to fit (both)")
    parser.add_argument("--prompts", type=int, default=48, help="prompts the Jacobian lens is averaged over (48)")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="processor threads")
    return parser.parse_args()


if __name__ == "__main__":
    main()
