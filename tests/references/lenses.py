"""The logit lens against TransformerLens, an independent implementation; writes lenses.md beside this file.

    uv run --isolated --with transformer-lens==4.3.0 python -m tests.references.lenses

TransformerLens reads with its raw weights, as ours are, so the logits themselves are compared, at every depth from the
embedding on. The figure is the largest difference over all depths, positions and tokens, against the largest
logit of the model's own answer. What it refuses is written down as it says it.
"""

import tempfile
import warnings
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from transformer_lens.model_bridge import TransformerBridge

from models import load
from models.engine.language_model import LanguageModel
from tests.models import families

BUNDLED = Path(__file__).parents[2] / "models/bundled"
TABLE = Path(__file__).with_suffix(".md")
TEXT = "The wolf knocked at the door. The wolf knocked at the"
TINY = (
    "gpt2", "gpt_neox", "gptj", "llama", "mistral, sliding", "qwen2", "qwen3", "gemma", "gemma2", "phi", "phi3",
    "stablelm", "bloom", "opt", "olmo2", "granite",
)  # fmt: skip


def theirs(folder: Path, network: Any, tokenizer: Any, ids: torch.Tensor) -> list[np.ndarray]:
    """TransformerLens's residual at every depth, through its own final norm and unembedding."""
    bridge = TransformerBridge.boot_transformers(str(folder), hf_model=network, tokenizer=tokenizer, device="cpu")
    with torch.no_grad():
        logits, cache = bridge.run_with_cache(ids)
        last = bridge.cfg.n_layers - 1
        depths = [cache["blocks.0.hook_in"], *(cache[f"blocks.{layer}.hook_out"] for layer in range(last + 1))]
        read = [bridge.unembed(bridge.ln_final(residual)) for residual in depths]
        scale = getattr(
            network.config, "logits_scaling", 1.0
        )  # Granite's, which its bridge leaves to the network's head
        read = [one / scale for one in read]
        cap = getattr(bridge.cfg, "output_logits_soft_cap", 0) or 0
        read = [cap * torch.tanh(one / cap) if cap > 0 else one for one in read]
    assert torch.allclose(read[-1], logits, atol=1e-3 * float(logits.abs().max())), "it does not read itself"
    return [one[0].numpy() for one in read]


def compared(name: str, model: LanguageModel, text: str, folder: Path, network: Any) -> str:
    trace = model.trace(text)
    ids = torch.tensor([[token.id for token in trace.tokens]])
    try:
        read = theirs(folder, network, model.tokenizer, ids)
    except Exception as error:  # noqa: BLE001 - what it cannot read is an answer too
        return (
            f"| {name} | refused | {str(error).strip().splitlines()[0][:100] if str(error) else type(error).__name__} |"
        )
    largest = max(float(np.abs(one - trace.lens(depth)).max()) for depth, one in enumerate(read))
    share = largest / float(np.abs(trace.logits).max())
    return f"| {name} | {'agrees' if share < 1e-3 else 'DIFFERS'} | {share:.1e} over {len(read)} depths |"


def main() -> None:
    warnings.filterwarnings("ignore")
    rows = []
    for name in ("storybook", "storybook-llama"):
        network: Any = transformers.AutoModelForCausalLM.from_pretrained(BUNDLED / name, dtype=torch.float32)
        network.eval()
        rows.append(compared(name, load(name, device="cpu"), TEXT, BUNDLED / name, network))
        print(rows[-1], flush=True)
    for case in TINY:
        with tempfile.TemporaryDirectory() as folder:
            network = families.build(case, eager=True)
            network.save_pretrained(folder)
            families.words().save_pretrained(folder)
            rows.append(compared(case, families.model(case), families.text_of(9), Path(folder), network))
            print(rows[-1], flush=True)
    head = (
        f"The logit lens against TransformerLens {version('transformer-lens')}, "
        f"transformers {transformers.__version__}, "
        f"on {datetime.now(UTC):%Y-%m-%d}.\n\n"
        "| model | | largest difference, of the largest logit |\n| --- | --- | --- |"
    )
    TABLE.write_text("\n".join([head, *rows, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
