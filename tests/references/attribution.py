"""Integrated gradients and their completeness against captum, on the bundled decoders and some small families.

Not timed and not part of the suite, for captum is no dependency of ours:
`uv run --isolated --with captum==0.9.0 python -m tests.references.attribution` prints the table in attribution.md.
"""

from typing import Any

import captum
import numpy as np
import torch
from captum.attr import IntegratedGradients

from models.attribution.methods import attribute
from models.attribution.question import question
from models.engine.language_model import LanguageModel
from models.engine.trace import Trace
from models.loading.loader import load
from tests.models import families

STEPS = 50
TEXTS = {
    "storybook": "The wolf knocked at the door. The wolf knocked at the",
    "storybook-llama": "The old king rode into the dark wood and met a",
}
FAMILIES = ["gpt2", "llama", "gpt_neox", "gemma2", "qwen3", "olmo2", "bert", "modernbert"]


def by_captum(model: LanguageModel, trace: Trace, place: Any, baseline: str) -> tuple[np.ndarray, float]:
    """captum's own attribution of the same logit, summed over the embedding, and its convergence delta."""
    table = model.network.get_input_embeddings()
    ids = torch.tensor([[token.id for token in trace.tokens]])
    embeddings = table(ids).detach()
    mean = table(torch.arange(table.weight.shape[0])).mean(0).detach()
    start = mean.expand_as(embeddings) if baseline == "mean" else torch.zeros_like(embeddings)

    def forward(inputs: torch.Tensor) -> torch.Tensor:
        return model.network(inputs_embeds=inputs).logits[:, place.position, place.token]

    method = IntegratedGradients(forward)
    values, delta = method.attribute(
        embeddings, baselines=start.clone(), n_steps=STEPS, internal_batch_size=10, return_convergence_delta=True
    )
    return values.sum(-1)[0].detach().numpy(), float(delta[0])


def main() -> None:
    torch.set_num_threads(1)
    print(f"captum {captum.__version__}, {STEPS} steps, Gauss–Legendre\n")
    print("| model | baseline | largest difference of a value | our completeness error | captum's | F(e) − F(e') |")
    print("| --- | --- | --: | --: | --: | --: |")
    for name in [*TEXTS, *FAMILIES]:
        model = load(name, device="cpu") if name in TEXTS else families.model(name)
        trace = model.trace(TEXTS.get(name, families.text_of(9)))
        place = question(model, trace)
        for baseline in ("mean", "zero") if name in TEXTS else ("mean",):
            own = attribute(model, trace, place, "integrated_gradients", baseline=baseline, steps=STEPS)
            values, delta = by_captum(model, trace, place, baseline)
            assert own.baseline_output is not None
            apart = float(np.abs(own.values - values).max())
            difference = own.output - own.baseline_output
            errors = f"{own.completeness_error:+.1e} | {delta:+.1e}"
            print(f"| {name} | {baseline} | {apart:.1e} | {errors} | {difference:+.3f} |", flush=True)


if __name__ == "__main__":
    main()
