"""The same changes with PyTorch's own hooks, at modules named by hand, in networks as transformers makes them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from models.engine.language_model import LanguageModel
from tests.models.families import reference

HEADS = 4
LLAMA = ("model.layers.1", "self_attn", "self_attn.o_proj", "mlp", "mlp.down_proj")
NORMED = (
    "model.layers.1",
    "post_attention_layernorm",
    "self_attn.o_proj",
    "post_feedforward_layernorm",
    "mlp.down_proj",
)
BERT = ("encoder.layer.1", "attention.output.dense", "attention.output.dense", "output.dense", "output.dense")
T5 = ("decoder.block.1", "layer.0.SelfAttention", "layer.0.SelfAttention.o", "layer.2.DenseReluDense",
      "layer.2.DenseReluDense.wo")  # fmt: skip
BART = ("model.decoder.layers.1", "self_attn", "self_attn.out_proj", "fc2", "fc2")
GPT2 = ("transformer.h.1", "attn", "attn.c_proj", "mlp", "mlp.c_proj")

# Block 1 of the stack that yields the logits; in it: what attention adds, its output projection, what the feed-forward
# part adds, and its last linear map ("" in a mixture of experts).
PLACES: dict[str, tuple[str, str, str, str, str]] = {
    "gpt2": GPT2,
    "gpt_bigcode, one key head": GPT2,
    "gpt_neox": ("gpt_neox.layers.1", "attention", "attention.dense", "mlp", "mlp.dense_4h_to_h"),
    "gpt_neo, local": ("transformer.h.1", "attn", "attn.attention.out_proj", "mlp", "mlp.c_proj"),
    "gptj": ("transformer.h.1", "attn", "attn.out_proj", "mlp", "mlp.fc_out"),
    "codegen": ("transformer.h.1", "attn", "attn.out_proj", "mlp", "mlp.fc_out"),
    "bloom": ("transformer.h.1", "self_attention.dense", "self_attention.dense", "mlp.dense_4h_to_h",
              "mlp.dense_4h_to_h"),
    "falcon, ALiBi": ("transformer.h.1", "self_attention", "self_attention.dense", "mlp", "mlp.dense_4h_to_h"),
    "falcon, rotary": ("transformer.h.1", "self_attention", "self_attention.dense", "mlp", "mlp.dense_4h_to_h"),
    "mpt": ("transformer.blocks.1", "attn", "attn.out_proj", "ffn.down_proj", "ffn.down_proj"),
    "opt": ("model.decoder.layers.1", "self_attn", "self_attn.out_proj", "fc2", "fc2"),
    "xglm": ("model.layers.1", "self_attn", "self_attn.out_proj", "fc2", "fc2"),
    "llama": LLAMA,
    "mistral, sliding": LLAMA,
    "mixtral": ("model.layers.1", "self_attn", "self_attn.o_proj", "mlp", ""),
    "qwen2": LLAMA,
    "qwen3": LLAMA,
    "gemma": LLAMA,
    "gemma2": NORMED,
    "gemma3": NORMED,
    "phi": ("model.layers.1", "self_attn", "self_attn.dense", "mlp", "mlp.fc2"),
    "phi3": LLAMA,
    "olmo2": NORMED,
    "cohere": LLAMA,
    "granite": LLAMA,
    "bert": (f"bert.{BERT[0]}", *BERT[1:]),
    "roberta": (f"roberta.{BERT[0]}", *BERT[1:]),
    "distilbert": ("distilbert.transformer.layer.1", "attention.out_lin", "attention.out_lin", "ffn.lin2", "ffn.lin2"),
    "deberta-v2": (f"deberta.{BERT[0]}", *BERT[1:]),
    "modernbert": ("model.layers.1", "attn", "attn.Wo", "mlp", "mlp.Wo"),
    "t5": T5,
    "mt5": T5,
    "bart": BART,
    "marian": BART,
    "pegasus": BART,
}  # fmt: skip
GROUPED = {"llama", "mistral, sliding", "qwen2", "gemma2", "falcon, rotary", "gpt_bigcode, one key head"}
ALIBI = {"bloom", "falcon, ALiBi", "mpt"}
PARALLEL = {"gpt_neox", "gptj", "falcon, rotary", "phi", "cohere"}
EDGES = "layer.1"

Hook = Callable[[Tensor], Tensor]


class ByHand:
    """The network of a family as transformers makes it, with hooks put in by hand until `remove`."""

    def __init__(self, case: str) -> None:
        self.network = reference(case)
        self.handles: list[Any] = []
        self.block, self.adds, self.projection, self.feeds, self.last = PLACES[case]

    def module(self, place: str) -> nn.Module:
        return self.network.get_submodule(f"{self.block}.{place}" if place else self.block)

    def output(self, place: str, hook: Hook) -> None:
        """Changes what a module puts out."""
        change = lambda _, __, out: (hook(out[0]), *out[1:]) if isinstance(out, tuple) else hook(out)  # noqa: E731
        self.handles.append(self.module(place).register_forward_hook(change))

    def input(self, place: str, hook: Hook) -> None:
        """Changes what a module is given first."""
        change = lambda _, given: (hook(given[0]), *given[1:])  # noqa: E731
        self.handles.append(self.module(place).register_forward_pre_hook(change))

    def remove(self) -> None:
        """Takes out all hooks, for the next who needs the network."""
        while self.handles:
            self.handles.pop().remove()

    def head(self, number: int, hook: Hook) -> None:
        def change(joined: Tensor) -> Tensor:
            new = joined.clone()
            size = joined.shape[-1] // HEADS
            new[..., number * size : (number + 1) * size] = hook(new[..., number * size : (number + 1) * size])
            return new

        self.input(self.projection, change)

    def neuron(self, number: int, hook: Hook) -> None:
        def change(activations: Tensor) -> Tensor:
            new = activations.clone()
            new[..., number] = hook(new[..., number])
            return new

        self.input(self.last, change)

    def logits(self, inputs: dict[str, Tensor]) -> Tensor:
        with torch.no_grad():
            found: Tensor = (
                self.network(**inputs, use_cache=False).logits
                if _caches(self.network)
                else (self.network(**inputs).logits)
            )
        return found[0]

    @contextmanager
    def edge(self, query: int, key: int, head: int | None, shape: tuple[int, int]) -> Iterator[None]:
        """Sets one score to −∞ before the softmax over (query, key) scores of this shape, whatever calls it there."""
        inside = [False]
        block = self.module("")
        handles = [
            block.register_forward_pre_hook(lambda *_: inside.__setitem__(0, True)),
            block.register_forward_hook(lambda *_: inside.__setitem__(0, False)),
        ]
        plain, fused = nn.functional.softmax, nn.functional.scaled_dot_product_attention
        chosen = slice(None) if head is None else head

        def softmax(scores: Tensor, *rest: Any, **named: Any) -> Tensor:
            if inside[0] and scores.shape[-2:] == shape:
                scores = scores.clone()
                by_head = scores if scores.ndim == 4 else scores[None]
                by_head[:, chosen, query, key] = float("-inf")
            return plain(scores, *rest, **named)

        def attention(q: Tensor, k: Tensor, v: Tensor, attn_mask: Tensor | None = None, **rest: Any) -> Tensor:
            if not inside[0]:
                return fused(q, k, v, attn_mask=attn_mask, **rest)
            scores = q @ k.repeat_interleave(q.shape[1] // k.shape[1], 1).transpose(-1, -2)
            scores = scores * (rest.get("scale") or q.shape[-1] ** -0.5)
            if attn_mask is None:
                ahead = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
                scores = scores.masked_fill(ahead, float("-inf"))
            elif attn_mask.dtype == torch.bool:
                scores = scores.masked_fill(~attn_mask, float("-inf"))
            else:
                scores = scores + attn_mask
            scores[:, chosen, query, key] = float("-inf")
            return scores.softmax(-1) @ v.repeat_interleave(q.shape[1] // v.shape[1], 1)

        nn.functional.softmax, nn.functional.scaled_dot_product_attention = softmax, attention  # type: ignore[assignment]
        try:
            yield
        finally:
            nn.functional.softmax, nn.functional.scaled_dot_product_attention = plain, fused
            for handle in handles:
                handle.remove()


def _caches(network: Any) -> bool:
    return hasattr(network.config, "use_cache")


def inputs_of(described: LanguageModel, text: str, target: str) -> dict[str, Tensor]:
    """What the model reads, as transformers is given it."""
    found = {"input_ids": torch.tensor([[token.id for token in described.tokenize(text)]])}
    if described.kind == "encoder-decoder":
        found["decoder_input_ids"] = torch.tensor([[token.id for token in described.tokenize(target, target=True)]])
    return found
