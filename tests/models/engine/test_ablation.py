"""A head switched off gives what a hand-written hook at the projection behind it gives."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from models.engine.ablation import logits_without_head, without_head
from models.engine.readings import softmax64
from models.errors import InputError
from tests.models.families import model, reference, text_of

LENGTH = 7
HEAD, LAYER, HEADS = 2, 1, 4
# kind of attention and, by the family's own names, the projection that takes the heads' outputs
PROJECTIONS = [
    ("gpt2", "self", "transformer.h.1.attn.c_proj"),
    ("llama", "self", "model.layers.1.self_attn.o_proj"),
    ("t5", "encoder", "encoder.block.1.layer.0.SelfAttention.o"),
    ("t5", "decoder", "decoder.block.1.layer.0.SelfAttention.o"),
    ("t5", "cross", "decoder.block.1.layer.1.EncDecAttention.o"),
]


@pytest.mark.parametrize(("case", "kind", "projection"), PROJECTIONS)
def test_a_head_switched_off_is_zero_before_the_output_projection(case: str, kind: str, projection: str) -> None:
    target = text_of(4, seed=1) if case == "t5" else ""
    trace = model(case).trace(text_of(LENGTH), target)
    found = logits_without_head(model(case), trace, kind=kind, layer=LAYER, head=HEAD, position=2)
    network, inputs = reference(case), {"input_ids": torch.tensor([[token.id for token in trace.tokens]])}
    if target:
        inputs["decoder_input_ids"] = torch.tensor([[token.id for token in trace.target_tokens]])
    handle = network.get_submodule(projection).register_forward_pre_hook(_zero)
    with torch.no_grad():
        expected = network(**inputs).logits[0, 2].numpy()
    handle.remove()
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-5)
    assert not np.allclose(found, trace.logits_at(2), atol=1e-4)


def _zero(_module: nn.Module, arguments: tuple[Tensor, ...]) -> Any:
    value = arguments[0].clone()
    size = value.shape[-1] // HEADS
    value[..., HEAD * size : (HEAD + 1) * size] = 0
    return (value,)


def test_what_is_said_of_the_winner_is_read_from_both_runs() -> None:
    trace = model("gpt2").trace(text_of(LENGTH))
    found = without_head(model("gpt2"), trace, kind="self", layer=LAYER, head=HEAD, position=6)
    after = softmax64(logits_without_head(model("gpt2"), trace, kind="self", layer=LAYER, head=HEAD, position=6))
    assert found.winner == trace.logits_at(-1).argmax()
    assert found.before == softmax64(trace.logits_at(-1)).max()
    assert found.after == after[found.winner]
    assert found.new_winner == int(after.argmax())
    assert found.new_probability == float(after.max())
    assert without_head(model("gpt2"), trace, kind="self", layer=LAYER, head=HEAD, position=6) is found


def test_a_head_that_is_not_there_is_named() -> None:
    trace = model("gpt2").trace(text_of(LENGTH))
    with pytest.raises(InputError, match="1·9"):
        without_head(model("gpt2"), trace, kind="self", layer=1, head=9, position=0)
