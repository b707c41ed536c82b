"""Trains one storybook model: python -m models.training storybook --corpus DIR --minutes 90."""

import argparse
import os
from pathlib import Path

import torch

from models.training.corpus import prepare
from models.training.presets import PRESETS
from models.training.publish import publish
from models.training.session import Budget, Session

BUNDLED = Path(__file__).parents[1] / "bundled"
BEGIN = (
    "begin with the weights in these folders, runs or models, the encoder's last (the bundled models that the preset "
    "names); without a name: random weights"
)


def main() -> None:
    arguments = _arguments()
    torch.set_num_threads(arguments.threads)
    device, precision = hardware()
    print(f"{arguments.model} on {device.type} in {str(precision).removeprefix('torch.')}", flush=True)
    corpus = prepare(arguments.corpus, arguments.runs / "corpus")
    budget = Budget(minutes=arguments.minutes, epochs=arguments.epochs)
    folder = arguments.runs / arguments.model
    session = Session(
        arguments.model,
        corpus,
        folder,
        budget,
        device=device,
        precision=precision,
        resume=arguments.resume,
        beginning=_beginning(arguments),
    )
    if not arguments.publish_only:
        session.run()
    if session.stopping:
        print("stopped; --resume goes on from here", flush=True)
        return
    into = arguments.into or folder / "model"
    publish(arguments.model, corpus, folder, into, hardware=_described(device))
    print(f"the model is in {into}", flush=True)


def _beginning(arguments: argparse.Namespace) -> list[Path]:
    if arguments.begin is not None:
        return list(arguments.begin)
    return [BUNDLED / name for name in PRESETS[arguments.model].beginnings]


def hardware() -> tuple[torch.device, torch.dtype]:
    """CUDA in bf16, a CPU with bf16 units in bf16, any other CPU in float32."""
    if torch.cuda.is_available():
        return torch.device("cuda"), torch.bfloat16
    fast = torch.cpu._is_avx512_bf16_supported()  # noqa: SLF001 -- PyTorch tells it nowhere else
    return torch.device("cpu"), torch.bfloat16 if fast else torch.float32


def _described(device: torch.device) -> str:
    if device.type == "cuda":
        return f"one {torch.cuda.get_device_name()}"
    threads = "one thread" if torch.get_num_threads() == 1 else f"{torch.get_num_threads()} threads"
    return f"{threads} of a server CPU with {os.cpu_count()} cores, which had other work too"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.training", description=__doc__)
    parser.add_argument("model", nargs="?", default="storybook", choices=PRESETS, help="which model (storybook)")
    parser.add_argument("--corpus", type=Path, required=True, help="folder with train-*.txt.xz and valid.txt.xz")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where checkpoints go (runs/)")
    parser.add_argument("--minutes", type=float, default=90, help="time to train, decay included (90)")
    parser.add_argument("--epochs", type=float, default=float("inf"), help="stop after so many epochs at the latest")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="processor threads")
    parser.add_argument("--into", type=Path, help="where the finished model goes (a folder beside the checkpoints)")
    parser.add_argument("--publish-only", action="store_true", help="write the model from the best weights so far")
    parser.add_argument("--begin", type=Path, nargs="*", help=BEGIN)
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    return parser.parse_args()


if __name__ == "__main__":
    main()
