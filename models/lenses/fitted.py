"""Lenses that were fitted to one model, and the files that hold them beside its weights.

Both carry the residual of one depth to where the last depth would have it, before the final norm:

"tuned": h + A h + b of each depth (Belrose et al. 2023, "Eliciting Latent Predictions from Transformers with the Tuned
Lens"). "jacobian": J h, J the average Jacobian of the last depth with respect to this one (Gurnee et al. 2026,
"Verbalizable Representations Form a Global Workspace in Language Models"). Depth 0 is the embedding; the last depth has
none, for it is there already. `python -m models.training.lenses` makes the files.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from numpy import ndarray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from models.errors import CorruptModel, ModelError, Unsupported
from models.loading.weights import weight_files
from models.translation import _

FITTED = ("tuned", "jacobian")
CONVENTION = "depth 0 is the embedding, depth d the output of block d, before the final norm; positions count from 0"
COMMAND = "python -m models.training.lenses {name} --corpus DIR"


@dataclass(frozen=True, kw_only=True)
class Faithfulness:
    """How far a lens agrees with its model on held-out text, one number for each depth, the last among them.

    `agreement` is the share of positions whose likeliest token is the model's own, in [0, 1]; `kl` the mean
    Kullback-Leibler divergence of the lens's distribution from the model's, in bits.
    """

    agreement: tuple[float, ...]
    kl: tuple[float, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class FittedLens:
    """The matrices (and for the tuned lens biases) of the depths before the last.

    `about` says what the lens was fitted on, `faithfulness` how well this one and others do on held-out text, by name.
    """

    lens: str
    matrices: Float32[ndarray, "depth width width"]
    biases: Float32[ndarray, "depth width"] | None = None
    about: Mapping[str, str] = field(default_factory=dict)
    faithfulness: Mapping[str, Faithfulness] = field(default_factory=dict)

    def states(self, residual: Float32[ndarray, "position width"], depth: int) -> Float32[ndarray, "position width"]:
        """The residual of one depth before the last, carried to where the last depth would have it."""
        carried = residual @ self.matrices[depth].T
        return carried if self.biases is None else residual + carried + self.biases[depth]


def file_of(folder: Path, lens: str) -> Path:
    """Where a model's folder keeps a lens of this name."""
    return folder / f"{lens}_lens.safetensors"


def weights_digest(folder: Path, name: str) -> str:
    """The hash of a model's weights, as its files have them."""
    digest = blake2b(digest_size=16)
    for file in weight_files(folder, name):
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def save(fitted: FittedLens, folder: Path, name: str) -> Path:
    """Write a lens beside the weights it was fitted to, in 16-bit numbers, and say where."""
    tensors = {"matrices": fitted.matrices.astype(np.float16)}
    if fitted.biases is not None:
        tensors["biases"] = fitted.biases.astype(np.float16)
    about = {**fitted.about, "lens": fitted.lens, "weights": weights_digest(folder, name), "convention": CONVENTION}
    told = {lens: asdict(one) for lens, one in fitted.faithfulness.items()}
    file = file_of(folder, fitted.lens)
    save_file(tensors, file, {**about, "faithfulness": json.dumps(told)})
    return file


def read(folder: Path | None, name: str, lens: str) -> FittedLens:
    """The lens of a model; Unsupported where there is none or it is another model's, CorruptModel where it is damaged.

    `folder` is None for a model that has no files.
    """
    if folder is None or not file_of(folder, lens).is_file():
        raise Unsupported(_missing(name, lens))
    file = file_of(folder, lens)
    try:
        fitted, weights = _read(file, lens)
    except ModelError:
        raise
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise CorruptModel(
            _(
                "The lens in {file} of {model} is damaged; delete it, or fit it again with {command}.",
                file=file.name,
                model=name,
                command=_command(name),
            )
        ) from error
    if weights != weights_digest(folder, name):
        raise Unsupported(
            _(
                "The lens in {file} was fitted to other weights than those of {model}; fit it again with {command}.",
                file=file.name,
                model=name,
                command=_command(name),
            )
        )
    return fitted


def _read(file: Path, lens: str) -> tuple[FittedLens, str]:
    with safe_open(file, framework="numpy") as opened:
        about = dict(opened.metadata())
        if about["lens"] != lens or about["convention"] != CONVENTION:
            raise ValueError("another lens, or another convention")
        biases = opened.get_tensor("biases").astype(np.float32) if lens == "tuned" else None
        matrices = opened.get_tensor("matrices").astype(np.float32)
    told = {one: _faithfulness(values) for one, values in json.loads(about.pop("faithfulness")).items()}
    weights = about.pop("weights")
    fitted = FittedLens(lens=lens, matrices=matrices, biases=biases, about=about, faithfulness=told)
    return fitted, weights


def _faithfulness(told: Mapping[str, list[float]]) -> Faithfulness:
    return Faithfulness(agreement=tuple(told["agreement"]), kl=tuple(told["kl"]))


def _missing(name: str, lens: str) -> str:
    sentences = {
        "tuned": _("{model} has no tuned lens yet; fit one with {command}.", model=name, command=_command(name)),
        "jacobian": _("{model} has no Jacobian lens yet; fit one with {command}.", model=name, command=_command(name)),
    }
    return sentences[lens]


def _command(name: str) -> str:
    return COMMAND.format(name=name)
