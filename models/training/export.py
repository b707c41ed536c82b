"""Writes a trained model as a folder that transformers loads: half precision, small files, its own tokenizer."""

from pathlib import Path

import torch
from tokenizers import Tokenizer

from models.training import checkpoint, presets
from models.training.presets import Network, Preset
from models.training.tokenizer import wrapped

LARGEST_FILE = "8MB"


def best(preset: Preset, run: Path) -> Network:
    """The best weights of a run in a plain network, rounded to half precision as they will be saved."""
    weights = checkpoint.read(run / "best.pt")["weights"]
    network = presets.plain(preset)
    network.load_state_dict(weights)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half())
    return network


def write(preset: Preset, network: Network, tokenizer: Tokenizer, folder: Path) -> None:
    """Weights, configuration and tokenizer in `folder`; the network itself stays in float32."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("model*.safetensors*"):
        old.unlink()
    presets.plain(preset, network.parameters()).half().save_pretrained(folder, max_shard_size=LARGEST_FILE)
    for weights in folder.glob("model*.safetensors"):
        weights.chmod(0o644)  # safetensors writes files that only their owner may read
    wrapped(tokenizer, context=preset.context).save_pretrained(folder)
