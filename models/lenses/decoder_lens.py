"""DecoderLens (Langedijk et al. 2024): the decoder reads the encoder at an earlier depth, as if it ended there.

The encoder's own last norm is applied first, its statistics computed anew at that depth. Then the decoder runs as ever
on what it has said so far; all depths run in one batch. The last depth is checked against the model's own run.
"""

from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32
from numpy import ndarray
from torch import Tensor, nn
from transformers.modeling_outputs import BaseModelOutput

from models.engine.architecture import Architecture
from models.engine.capture import numpy_of
from models.engine.points import Point, reading
from models.engine.trace import Trace
from models.errors import Unsupported
from models.translation import _

# How far the last depth may lie from the model's own run: rounding, which a batch does in another order.
TOLERANCE = {torch.float32: 1e-3}
COARSE = 5e-2


def decoder_states(
    network: Any, architecture: Architecture, lock: AbstractContextManager[Any], trace: Trace
) -> Float32[ndarray, "encoder_depth target width"]:
    """The decoder's last residual, before its final norm, for each depth of the encoder it could have read."""
    if trace.encoder_residual is None:
        raise Unsupported(
            _("DecoderLens is for models with an encoder and a decoder, and {model} is none.", model=trace.model)
        )
    weight = next(architecture.blocks["decoder"][-1].parameters())
    residual = torch.from_numpy(np.array(trace.encoder_residual)).to(device=weight.device, dtype=weight.dtype)
    said = torch.tensor([[token.id for token in trace.target_tokens]], device=weight.device)
    last = Point(layer=len(architecture.blocks["decoder"]) - 1, part="output")
    with lock, torch.no_grad(), reading([last]) as values:
        source = torch.tensor([[token.id for token in trace.tokens]], device=weight.device)
        final = network.get_encoder()(input_ids=source).last_hidden_state
        read = ending(network.get_encoder(), residual[-1:], final)(residual)
        network(
            encoder_outputs=BaseModelOutput(last_hidden_state=read),
            decoder_input_ids=said.expand(len(read), -1),
            use_cache=False,
        )
        states = numpy_of(values[last])
    _check(states[-1], trace, TOLERANCE.get(weight.dtype, COARSE))
    return states


def ending(encoder: nn.Module, last: Tensor, final: Tensor) -> nn.Module:
    """What the encoder does after its last block: nothing, or one of its own norms; found by its numbers."""
    tolerance = TOLERANCE.get(last.dtype, COARSE)
    for module in (nn.Identity(), *encoder.children()):
        weight = getattr(module, "weight", None)
        if isinstance(module, nn.Identity) or (isinstance(weight, Tensor) and weight.shape == last.shape[-1:]):
            found = module(last)
            if float((found - final).abs().max()) <= tolerance * float(final.abs().max()):
                return module
    raise Unsupported(_("What the encoder does after its last block is not known, so no earlier depth can stand in."))


def _check(states: Float32[ndarray, "target width"], trace: Trace, tolerance: float) -> None:
    own = trace.residual[-1]
    if float(np.abs(states - own).max()) > tolerance * float(np.abs(own).max()):
        raise Unsupported(_("The decoder of {model} cannot be given another encoder depth to read.", model=trace.model))
