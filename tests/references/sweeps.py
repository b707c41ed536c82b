"""Sweeps against TransformerLens's patching functions, an independent implementation; writes sweeps.md beside it.

    uv run --isolated --with transformer-lens==4.3.0 python -m tests.references.sweeps

The same two texts, the same metric, every cell: residual, attention and feed-forward by position, and heads.
"""

import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from transformer_lens import patching
from transformer_lens.model_bridge import TransformerBridge

from models import load
from models.engine.language_model import LanguageModel
from models.sweeps.examples import examples_of
from models.sweeps.pair import Pair, pair_of
from models.sweeps.sweep import sweep

BUNDLED = Path(__file__).parents[2] / "models/bundled"
TABLE = Path(__file__).with_suffix(".md")
FUNCTIONS: dict[str, Callable[..., torch.Tensor]] = {
    "residual": patching.get_act_patch_resid_pre,
    "attention": patching.get_act_patch_attn_out,
    "feed_forward": patching.get_act_patch_mlp_out,
    "head": patching.get_act_patch_attn_head_out_all_pos,
}


def theirs(bridge: Any, pair: Pair, of: str) -> np.ndarray:
    """TransformerLens's own sweep: clean activations into the corrupted run, scored between both runs."""
    ids = [torch.tensor([[token.id for token in side.trace.tokens]]) for side in (pair.clean, pair.corrupted)]
    clean_logits, cache = bridge.run_with_cache(ids[0])
    corrupted_logits = bridge(ids[1])

    def difference(logits: torch.Tensor) -> torch.Tensor:
        return logits[0, -1, pair.answer] - logits[0, -1, pair.foil]

    clean, corrupted = difference(clean_logits), difference(corrupted_logits)
    found = FUNCTIONS[of](bridge, ids[1], cache, lambda logits: (difference(logits) - corrupted) / (clean - corrupted))
    return found.detach().numpy()


def compared(name: str, model: LanguageModel, bridge: Any, pair: Pair) -> list[str]:
    """A line of the table for each part."""
    lines = []
    for of in FUNCTIONS:
        own = sweep(model, pair, of).values
        try:
            other = theirs(bridge, pair, of)
        except Exception as error:  # noqa: BLE001 - whatever it refuses is written down
            reason = " ".join(str(error).split())[:60].replace("|", "/")
            lines.append(f"| {name} | {of} | – | – | TransformerLens: {type(error).__name__}: {reason} |")
            continue
        own = own[: len(other)]  # it has no row for what the last block puts out
        apart = float(np.abs(own - other).max())
        verdict = "agrees" if apart < 1e-3 else "DIFFERS"
        lines.append(f"| {name} | {of} | {own.size} | {apart:.0e} | {verdict} |")
    return lines


def main() -> None:
    warnings.simplefilter("ignore")
    torch.set_grad_enabled(mode=False)
    lines = []
    for name in ("storybook", "storybook-llama"):
        network = transformers.AutoModelForCausalLM.from_pretrained(BUNDLED / name, dtype=torch.float32)
        model = load(name, device="cpu")
        bridge = TransformerBridge.boot_transformers(
            str(BUNDLED / name), hf_model=network, tokenizer=model.tokenizer, device="cpu"
        )
        bridge.enable_compatibility_mode(disable_warnings=True, no_processing=True)
        one = next(one for one in examples_of(name) if len(model.tokenize(one.text)) == len(model.tokenize(one.other)))
        pair = pair_of(model, model.trace(one.text), model.trace(one.other))
        lines += compared(f"{name}: {one.text} / {one.other}", model, bridge, pair)
        print("\n".join(lines[-4:]), flush=True)
    versions = ", ".join(f"{name} {version(name)}" for name in ("transformer-lens", "transformers", "torch"))
    head = [
        "# Sweeps against TransformerLens",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {versions}; clean activations into the corrupted run, logit difference, as a",
        "share of the way. The largest difference of any cell.",
        "",
        "| texts | patched | cells | largest difference | |",
        "| --- | --- | --: | --: | --- |",
    ]
    TABLE.write_text("\n".join([*head, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
