"""Lets a model begin with the word embeddings another has learned, so that its short training goes to the rest."""

from pathlib import Path

import torch

from models.errors import InputError
from models.training import checkpoint
from models.training.presets import Network, Preset

EMBEDDINGS = ("transformer.wte.weight", "model.embed_tokens.weight")
"""Where a decoder keeps its embeddings: GPT-2's name and Llama's."""


@torch.no_grad()
def begin_with_words(preset: Preset, network: Network, run: Path) -> None:
    """Copy the embeddings of the best weights in `run`, sized as this kind of network is used to.

    Raises InputError where `run` holds no decoder of the same width and vocabulary.
    """
    path = run / "best.pt"
    if not path.exists():
        raise InputError(f"{run} holds no trained weights. Train that model first, or leave --words out.")
    weights = checkpoint.read(path)["weights"]
    words = next((weights[name] for name in EMBEDDINGS if name in weights), None)
    own = network.get_input_embeddings().weight
    if words is None or words.shape != own.shape:
        raise InputError(f"The words in {run} do not fit this model. Name a decoder of the same width with --words.")
    own.copy_(words * preset.words_size)
