"""SequentialDecoder a finished run into a model folder: weights, figures, loss curve, samples and the model card."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from models.training import card, checkpoint, completions, curve, exactness, export, heads, validation
from models.training.corpus import Corpus, encoded
from models.training.presets import PRESETS, Network, Preset

SLICE = Path(__file__).parents[2] / "tests/data/held_out.txt"
"""A few kilobytes of the held-out books: the tests compare a model's figures on them with its metrics.json."""


def publish(name: str, corpus: Corpus, run: Path, folder: Path, *, hardware: str) -> None:
    """Write the best weights of `run` to `folder`, with everything that is known about them."""
    preset, tokenizer = PRESETS[name], corpus.tokenizer
    network = export.best(preset, run)
    export.write(preset, network, tokenizer, folder)
    progress = checkpoint.read(run / "checkpoint.pt")["progress"]
    metrics = _metrics(preset, network, corpus) | _effort(preset, network, progress, hardware)
    written = completions.ten(preset.objective, network, tokenizer)
    _write_json(folder / "metrics.json", metrics)
    _write_json(folder / "loss.json", progress["history"])
    _write_json(folder / "samples.json", progress["samples"])
    curve.draw(progress["history"], folder / "loss.svg", unit=card.UNITS[preset.objective])
    (folder / "README.md").write_text(card.card(name, preset, metrics, written), encoding="utf-8")


def figures(preset: Preset, network: Network, tokens: np.ndarray, tokenizer: Tokenizer) -> dict[str, float]:
    """What the card reports of a model on held-out token ids."""
    found = validation.score(preset, network, tokens, tokenizer).figures
    if preset.objective == "gaps":
        found |= {
            "gap_exact_match": exactness.gap_exact_match(network, tokens),
            "gap_names_match": exactness.gap_names_match(network, tokens),
        }
    return found


def _metrics(preset: Preset, network: Network, corpus: Corpus) -> dict[str, Any]:
    tokenizer = corpus.tokenizer
    slice_tokens = encoded(iter([SLICE.read_text(encoding="utf-8")]), tokenizer)
    metrics: dict[str, Any] = {
        "held_out": figures(preset, network, corpus.held_out, tokenizer),
        "slice": figures(preset, network, slice_tokens, tokenizer),
    }
    if preset.objective == "next":
        first, again = heads.repeated_bits(network)
        looping, completed = completions.looping(network, tokenizer)
        metrics["loops"] = {"looping": looping, "completions": completed}
        metrics["heads"] = {
            "previous_token": [
                asdict(head) for head in heads.ranked(heads.previous_token_scores(network, corpus.held_out))
            ],
            "induction": [asdict(head) for head in heads.ranked(heads.induction_scores(network))],
            "random_bits_per_token": first,
            "repeated_bits_per_token": again,
        }
    return metrics


def _effort(preset: Preset, network: Network, progress: dict[str, Any], hardware: str) -> dict[str, Any]:
    return {
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "steps": progress["step"],
        "tokens": progress["step"] * preset.rows * preset.context,
        "minutes": round(progress["seconds"] / 60, 1),
        "hardware": hardware,
        "beginning": progress.get("beginning", ""),
        "repeats_from": progress.get("repeats_from"),
        "again": progress.get("again", []),
    }


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
