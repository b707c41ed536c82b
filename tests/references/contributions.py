"""Contributions against TransformerLens, an independent implementation; writes contributions.md beside this file.

    uv run --isolated --with transformer-lens==4.3.0 python -m tests.references.contributions

What is compared is the difference of two logits, part by part and head by head: TransformerLens centres its weights
over the vocabulary, which adds the same number to every logit and falls out of a difference. The final norm's shift is
in its bias of the unembedding, outside its parts, as it is in our part "bias". What it refuses is written down as it
says it; and where its heads do not add up to its own attention, because a norm stands behind them, that too.
"""

import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
import transformers
from transformer_lens.model_bridge import TransformerBridge
from transformer_lens.tools.analysis import direct_logit_attribution

from models import load
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from tests.models import families

BUNDLED = Path(__file__).parents[2] / "models/bundled"
TABLE = Path(__file__).with_suffix(".md")
TEXT = "The wolf knocked at the"
TINY = (
    "gpt2", "gpt_neo, local", "gpt_neox", "gptj", "codegen", "bloom", "falcon, rotary", "mpt", "opt", "xglm", "llama",
    "mistral, sliding", "qwen2", "qwen3", "gemma", "gemma2", "phi", "phi3", "stablelm", "starcoder2", "olmo2", "cohere",
    "granite", "smollm3", "mixtral",
)  # fmt: skip
Values = dict[str, float]


def theirs(
    folder: Path, network: Any, tokenizer: Any, ids: torch.Tensor, pair: tuple[int, int]
) -> tuple[Values, Values]:
    """TransformerLens's attribution of the difference, by component and by head, under its own labels."""
    bridge = TransformerBridge.boot_transformers(str(folder), hf_model=network, tokenizer=tokenizer, device="cpu")
    bridge.enable_compatibility_mode(disable_warnings=True, fold_value_biases=False)
    found = []
    for unit in ("component", "head"):
        answer, other = (torch.tensor([token]) for token in pair)
        told = direct_logit_attribution(bridge, ids, answer_tokens=answer, incorrect_tokens=other, unit=unit, pos=-1)
        values = told.attribution.detach().double().reshape(len(told.labels)).tolist()
        found.append(dict(zip(told.labels, values, strict=True)))
    return found[0], found[1]


def ours(trace: Trace, pair: tuple[int, int]) -> tuple[Values, Values, float]:
    """The same by this engine, under their labels, and our remainder."""
    asked: dict[str, Any] = {"token": f"#{pair[0]}", "against": f"#{pair[1]}", "count": 10_000}
    names = {"embedding": "embed", "position embedding": "pos_embed"}
    kinds = {"attention": "attn_out", "feed-forward": "mlp_out"}
    whole = trace.contributions(**asked)
    parts = {
        names.get(one.name) or f"{one.layer}_{kinds[one.name]}": one.value for one in whole.parts if one.name != "bias"
    }
    heads = {
        f"L{one.layer}H{one.head}": one.value
        for one in trace.contributions(by="head", **asked).parts
        if one.name == "head"
    }
    return parts, heads, whole.remainder


def largest_difference(one: Values, other: Values) -> tuple[int, float]:
    """How many labels both have, and the largest difference among them against the largest value."""
    shared = one.keys() & other.keys()
    scale = max(abs(one[label]) for label in shared)
    return len(shared), max(abs(one[label] - other[label]) for label in shared) / scale


def biases_of(trace: Trace, pair: tuple[int, int]) -> Values:
    """What the biases behind attention add in each layer, which is in no head."""
    found = trace.contributions(token=f"#{pair[0]}", against=f"#{pair[1]}", by="head", count=10_000)
    return {str(one.layer): one.value for one in found.parts if one.name == "attention bias"}


def heads_add_up(parts: Values, heads: Values, biases: Values) -> bool:
    """Whether the heads of the first layer make up its attention."""
    added = sum(value for label, value in heads.items() if label.startswith("L0H")) + biases.get("0", 0.0)
    return abs(added - parts["0_attn_out"]) < 1e-4 * abs(parts["0_attn_out"])


def cases() -> Iterator[tuple[str, Path, Any, LanguageModel, str]]:
    """Name, folder, a fresh network, our model and the text of every case."""
    for name in ("storybook", "storybook-llama"):
        network = transformers.AutoModelForCausalLM.from_pretrained(BUNDLED / name, dtype=torch.float32)
        yield name, BUNDLED / name, network, load(name), TEXT
    for name in TINY:
        with tempfile.TemporaryDirectory() as folder:
            families.build(name).save_pretrained(folder)
            families.words().save_pretrained(folder)
            yield name, Path(folder), families.build(name, eager=True), families.model(name), families.text_of(9)


def compared(name: str, folder: Path, network: Any, model: LanguageModel, text: str) -> str:
    """One line of the table."""
    trace = model.trace(text, families.text_of(4, seed=1) if model.kind == "encoder-decoder" else "")
    order = trace.logits_at(-1).argsort()
    pair = (int(order[-1]), int(order[len(order) // 2]))
    parts, heads, remainder = ours(trace, pair)
    try:
        ids = torch.tensor([[token.id for token in trace.tokens]])
        their_parts, their_heads = theirs(folder, network, model.tokenizer, ids, pair)
    except Exception as error:  # noqa: BLE001 - whatever it refuses is written down
        reason = " ".join(str(error).split())[:44].replace("|", "/")
        return f"| {name} | – | – | – | – | {remainder:.0e} | TransformerLens: {type(error).__name__}: {reason} |"
    (count, part), (head_count, head) = largest_difference(parts, their_parts), largest_difference(heads, their_heads)
    verdict = "agrees" if part < 1e-4 and head < 1e-4 else "DIFFERS"
    if part < 1e-4 and verdict == "DIFFERS" and not heads_add_up(their_parts, their_heads, biases_of(trace, pair)):
        verdict = "parts agree; its heads do not add up to its own attention, ours do"
    return f"| {name} | {count} | {part:.0e} | {head_count} | {head:.0e} | {remainder:.0e} | {verdict} |"


def main() -> None:
    warnings.simplefilter("ignore")
    lines = []
    for case in cases():
        lines.append(compared(*case))
        print(lines[-1], flush=True)
    versions = ", ".join(f"{name} {version(name)}" for name in ("transformer-lens", "transformers", "torch"))
    head = [
        "# Contributions against TransformerLens",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {versions}; the likeliest token against the middle one, at the last",
        "position. Differences are the largest of any part (of any head), against the largest part (head); the",
        "remainder is what our own sum leaves of the difference of logits.",
        "",
        "| model | parts | largest difference | heads | largest difference | our remainder | |",
        "| --- | --: | --: | --: | --: | --: | --- |",
    ]
    TABLE.write_text("\n".join([*head, *lines, ""]), "utf-8")


if __name__ == "__main__":
    main()
