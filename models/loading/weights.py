"""The files of a model's folder, read without running or unpickling anything."""

import json
import re
from dataclasses import dataclass
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

from models.errors import CorruptModel, RemoteCode, UnsafeWeights, Unsupported
from models.translation import _

WEIGHTS = re.compile(r"model(-\d{5}-of-\d{5})?\.safetensors")
INDEX = "model.safetensors.index.json"
PICKLED = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
MAX_HEADER_BYTES = 25_000_000  # a tenth of a million tensors; the format itself allows four times as much

QUANTIZERS = {
    "gptq": ("gptqmodel", "auto_gptq"),
    "awq": ("gptqmodel", "awq"),
    "auto-round": ("auto_round",),
    "aqlm": ("aqlm",),
    "bitsandbytes": ("bitsandbytes",),
    "compressed-tensors": ("compressed_tensors",),
    "eetq": ("eetq",),
    "hqq": ("hqq",),
    "quanto": ("optimum",),
    "torchao": ("torchao",),
    "vptq": ("vptq",),
}
"""How weights may be quantized, by the name in their configuration, and the packages one of which reads them."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """The weights of a folder: number of parameters, bytes on disk, and how many tensors they are."""

    parameters: int
    nbytes: int
    tensors: int


def read_config(folder: Path, name: str) -> dict[str, Any]:
    """The folder's config.json, refused if it is damaged, or describes what only its author's code can run."""
    from transformers import CONFIG_MAPPING  # noqa: PLC0415 - sizes are known before the engine is there

    config = _json(folder / "config.json", name)
    family = config.get("model_type")
    if (folder / "adapter_config.json").is_file() and family is None:
        raise adapter(name)
    if not isinstance(family, str) or family not in CONFIG_MAPPING:
        if "auto_map" in config:
            raise RemoteCode(
                _("{name} runs only with code from its own repository, and the explorer never runs that.", name=name)
            )
        raise Unsupported(
            _(
                "{name} is of the type {type}, which this version of transformers does not know; choose another model.",
                name=name,
                type=repr(family),
            )
        )
    refuse_quantized(config, name)
    return config


def refuse_quantized(config: dict[str, Any], name: str) -> None:
    """Refuse weights that only another program, or a package that is not here, can read: GPTQ, AWQ, MLX and others."""
    told = config.get("quantization_config")
    method = str(told.get("quant_method", "")) if isinstance(told, dict) else ""
    packages = QUANTIZERS.get(method, ())
    if packages and not any(find_spec(package) for package in packages):
        raise Unsupported(
            _(
                "{name} is quantized with {method}, which needs the package {package}, and that is not installed here; "
                "choose the model it was made from.",
                name=name,
                method=method,
                package=packages[0],
            )
        )
    if isinstance(config.get("quantization"), dict) and "bits" in config["quantization"]:
        raise Unsupported(
            _(
                "{name} is quantized for Apple's MLX, which alone can read it; choose the model it was made from.",
                name=name,
            )
        )


def refuse_other_formats(names: list[str], name: str) -> None:
    """Say which other format a repository without the files of a whole model is in, if it is one we know."""
    if any(file.endswith(".gguf") for file in names) and not any(WEIGHTS.fullmatch(file) for file in names):
        raise Unsupported(
            _(
                "{name} has GGUF files only, which llama.cpp reads and the explorer does not; choose the model they "
                "were made from, which its page on the Hub names.",
                name=name,
            )
        )
    if "adapter_config.json" in names:
        raise adapter(name)


def adapter(name: str) -> Unsupported:
    """The refusal of an adapter (LoRA)."""
    return Unsupported(_("{name} is an adapter, not a model: merge it into its base model first.", name=name))


def read_weights(folder: Path, name: str) -> Weights:
    """Counts the numbers in the folder's safetensors files by their headers; refuses damaged and pickled weights."""
    files = weight_files(folder, name)
    shapes = [shape for file in files for shape in _read_header(file, name)]
    return Weights(
        parameters=sum(map(prod, shapes)), nbytes=sum(file.stat().st_size for file in files), tensors=len(shapes)
    )


def refuse_pickled(names: list[str], name: str) -> None:
    """Says why a folder without safetensors is not read."""
    if any(file.endswith(PICKLED) for file in names):
        raise UnsafeWeights(
            _(
                "{name} has only pickled weights, and reading those could run a stranger's code; "
                "choose a model that offers safetensors.",
                name=name,
            )
        )
    raise CorruptModel(_("{name} has no weights in the safetensors format; choose another model.", name=name))


def weight_files(folder: Path, name: str) -> list[Path]:
    """The files that hold the folder's weights, those and no others, in the order of their names."""
    if (folder / "model.safetensors").is_file():
        return [folder / "model.safetensors"]
    if not (folder / INDEX).is_file():
        refuse_other_formats([file.name for file in folder.iterdir()], name)
        refuse_pickled([file.name for file in folder.iterdir()], name)
    named = _json(folder / INDEX, name).get("weight_map")
    files = list(named.values()) if isinstance(named, dict) else []
    if not files or any(not isinstance(file, str) or "/" in file for file in files):
        raise _damaged(name, INDEX)
    wanted = set(files)
    missing = sorted(file for file in wanted if not (folder / file).is_file())
    if missing:
        raise CorruptModel(
            _("{name}: the file {file} is missing; download the model again.", name=name, file=missing[0])
        )
    return [folder / file for file in sorted(wanted)]


def _read_header(file: Path, name: str) -> list[list[int]]:
    """The shapes in a safetensors file: eight bytes of length, a JSON header, then the numbers."""
    damaged = CorruptModel(
        _(
            "{name}: the weights in {file} are damaged or incomplete; download the model again.",
            name=name,
            file=file.name,
        )
    )
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if not 0 < length <= min(MAX_HEADER_BYTES, file.stat().st_size):
            raise damaged
        try:
            header = json.loads(opened.read(length))
            tensors = [entry for key, entry in header.items() if key != "__metadata__"]
            end = max((_whole(entry["data_offsets"][1]) for entry in tensors), default=0)
            shapes = [[_whole(size) for size in entry["shape"]] for entry in tensors]
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise damaged from error
    if file.stat().st_size != 8 + length + end:
        raise damaged
    return shapes


def _whole(size: Any) -> int:
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise ValueError(f"{size!r} is no size")
    return size


def _json(file: Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CorruptModel(_("{name} is no model: it has no {file}.", name=name, file=file.name)) from error
    except (OSError, ValueError, RecursionError) as error:
        raise _damaged(name, file.name) from error
    if not isinstance(content, dict):
        raise _damaged(name, file.name)
    return content


def _damaged(name: str, file: str) -> CorruptModel:
    return CorruptModel(_("{name}: {file} is damaged; download the model again.", name=name, file=file))
