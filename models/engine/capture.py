"""Attention without keeping attention: queries and keys are recorded in a run, patterns computed when looked at.

transformers hands every attention layer's query, key and value, after positions are applied, to a function found in
its registry (`AttentionInterface`). Ours records what the scores are made of and leaves the work to PyTorch's own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float32
from torch import Tensor
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

from models.attention.captured import Allowed, Bias, CapturedAttention
from models.engine.points import Intervention, Kind, Point, current
from models.errors import InputError
from models.translation import _

CAPTURE = "capture"
EAGER = "eager"

# Keywords that enter the scores and are applied by `CapturedAttention`.
APPLIED = {"scaling", "softcap", "s_aux", "position_bias", "is_causal"}
# Keywords that leave scores alone, or act through the mask (sliding window) or through query and key (positions).
HARMLESS = {
    "dropout", "deterministic", "sliding_window", "position_ids", "cache_position", "use_cache", "past_key_values",
    "past_key_value", "output_attentions", "output_hidden_states", "output_router_logits", "return_dict", "layer_idx",
    "encoder_hidden_states", "encoder_attention_mask", "token_type_ids", "logits_to_keep", "num_items_in_batch",
    "position_embeddings", "cu_seq_lens_q", "cu_seq_lens_k", "max_length_q", "max_length_k", "training",
}  # fmt: skip


@dataclass(eq=False)
class Recorder:
    """Records one run: what each block of each stack put out, and the attention calls inside it, in order.

    `stack` names the stack that runs now ("encoder" or "decoder"); each call is noted with the block it happened in,
    counted from 0. Keywords nobody told us about go to `unknown`: then no pattern can be trusted.
    """

    stack: str = "decoder"
    residual: dict[str, list[Float32[np.ndarray, "position width"]]] = field(default_factory=dict)
    attention: dict[str, list[tuple[int, CapturedAttention]]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    compacted: dict[int, tuple[Tensor, Any]] = field(default_factory=dict)

    def enter(self, stack: str, incoming: Tensor, *, changed: bool = False) -> None:
        """A block starts; what the first one receives is depth 0. What was changed on the way replaces what was."""
        self.stack = stack
        if stack not in self.residual:
            self.residual[stack] = [numpy_of(incoming[0])]
        elif changed:
            self.residual[stack][-1] = numpy_of(incoming[0])

    def leave(self, stack: str, outgoing: Tensor) -> None:
        self.residual[stack].append(numpy_of(outgoing[0]))

    @property
    def layer(self) -> int:
        """The block that runs now; -1 before the first."""
        return len(self.residual.get(self.stack, ())) - 1

    def note(self, module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, rest: dict) -> None:
        self.unknown |= {name for name, given in rest.items() if given is not None} - APPLIED - HARMLESS
        allowed, added = self._masks(module, query, mask, rest)
        sinks, scaling = rest.get("s_aux"), rest.get("scaling")
        captured = CapturedAttention(
            query=numpy_of(query[0]),
            key=numpy_of(key[0]),
            scaling=query.shape[-1] ** -0.5 if scaling is None else float(scaling),
            allowed=allowed,
            bias=added,
            softcap=rest.get("softcap"),
            sinks=None if sinks is None else numpy_of(sinks.reshape(-1)),
            value_norms=_value_norms(value[0], query.shape[1]),
        )
        self.attention.setdefault(self.stack, []).append((self.layer, captured))

    def _masks(self, module: Any, query: Tensor, mask: Tensor | None, rest: dict) -> tuple[Allowed, Bias | None]:
        """The mask and the bias; tensors shared by several layers are compacted and kept once."""
        causal = mask is None and query.shape[2] > 1 and _causal(module, rest)
        allowed = Allowed(ahead=0) if causal else Allowed()
        added = rest.get("position_bias")
        if mask is not None and mask.dtype == torch.bool and _by_head(mask):
            cut = torch.zeros(mask.shape, device=mask.device).masked_fill(~mask, float("-inf"))
            added = cut if added is None else added + cut
        elif mask is not None and mask.dtype == torch.bool:
            allowed = self._once(mask, lambda: allowed_of(mask[0, 0]))
        elif mask is not None:
            added = mask if added is None else added + mask
        return allowed, None if added is None else self._once(added, lambda: bias_of(added[0]))

    def _once(self, tensor: Tensor, compact: Callable[[], Any]) -> Any:
        if id(tensor) not in self.compacted:
            self.compacted[id(tensor)] = (tensor, compact())  # the tensor is held so that its id stays its own
        return self.compacted[id(tensor)][1]


_recorder: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


def current_recorder() -> Recorder | None:
    """The recorder of the run this thread is in, if it is being recorded."""
    return _recorder.get()


@contextmanager
def recording() -> Iterator[Recorder]:
    """Records every model prepared for it that runs in this thread until the block ends."""
    recorder = Recorder()
    token = _recorder.set(recorder)
    try:
        yield recorder
    finally:
        _recorder.reset(token)


def capture(
    module: Any, query: Tensor, key: Tensor, value: Tensor, attention_mask: Tensor | None, **rest: Any
) -> tuple[Tensor, None]:
    """The attention function registered with transformers: records the call, then computes it."""
    recorder, intervention = current_recorder(), current()
    given = value
    if intervention is not None:
        value = edited_values(intervention, query, given)
        attention_mask = edited_mask(intervention, module, query, key, attention_mask, rest)
    if recorder is not None:
        recorder.note(module, query, key, value, attention_mask, rest)
    if rest.get("softcap") is None and rest.get("s_aux") is None and value is given:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **rest)
    return _attend(module, query, key, value, attention_mask, rest), None  # the fused kernel knows none of them


def edited_values(intervention: Intervention, query: Tensor, value: Tensor) -> Tensor:
    """The values after this run's edits of them: as they are where there are none."""
    kind: Kind = "cross" if intervention.attended else "self"
    point = Point(stack=intervention.stack, layer=intervention.layer, part="values", kind=kind)
    if not intervention.touches(point):
        return value
    groups = query.shape[1] // value.shape[1]
    by_head = value.repeat_interleave(groups, dim=1).transpose(1, 2)
    edited = intervention.apply(point, by_head)
    return value if edited is by_head else edited.transpose(1, 2).to(value.dtype)


def edited_mask(
    intervention: Intervention, module: Any, query: Tensor, key: Tensor, mask: Tensor | None, rest: dict
) -> Tensor | None:
    """The mask after this run's edits of it: the mask itself where there are none."""
    kind: Kind = "cross" if intervention.attended else "self"
    intervention.attended += 1
    point = Point(stack=intervention.stack, layer=intervention.layer, part="mask", kind=kind)
    if not intervention.touches(point):
        return mask
    before = _allowed(module, query, key, mask, rest)
    after = intervention.apply(point, before)
    if after is before:
        return mask
    check_rows(before, after)
    if mask is None or mask.dtype == torch.bool:
        return after
    return mask.masked_fill(~after, torch.finfo(mask.dtype).min)


def check_rows(before: Bool[Tensor, "batch head query key"], after: Bool[Tensor, "batch head query key"]) -> None:
    """Raises InputError where an edit of a mask leaves a query nothing to look at."""
    if bool((before.any(dim=-1) & ~after.any(dim=-1)).any()):
        raise InputError(_("A position must keep at least one position to attend to; cut fewer connections."))


def _allowed(
    module: Any, query: Tensor, key: Tensor, mask: Tensor | None, rest: dict
) -> Bool[Tensor, "batch head query key"]:
    """True where each head of each query may attend, of a mask in any form."""
    batch, heads, queries, keys = *query.shape[:3], key.shape[2]
    if mask is not None:
        seen = mask if mask.dtype == torch.bool else mask > torch.finfo(mask.dtype).min / 2
    else:
        seen = torch.ones(queries, keys, dtype=torch.bool, device=query.device)
        seen = seen.tril() if queries > 1 and _causal(module, rest) else seen
    return seen[..., :keys].expand(batch, heads, queries, keys).clone()


def _causal(module: Any, rest: dict) -> bool:
    told = rest.get("is_causal")
    return bool(getattr(module, "is_causal", True) if told is None else told)


def _attend(module: Any, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, rest: dict) -> Tensor:
    """Attention with a soft cap on scores (Gemma 2), a sink per head (GPT-OSS) or values of its own for each head.

    Gives (batch, query, head, size).
    """
    key, value = (given.repeat_interleave(query.shape[1] // given.shape[1], dim=1) for given in (key, value))
    scores = query @ key.transpose(2, 3) * (rest.get("scaling") or query.shape[-1] ** -0.5)
    if (softcap := rest.get("softcap")) is not None:
        scores = softcap * torch.tanh(scores / softcap)
    if mask is None and query.shape[2] > 1 and _causal(module, rest):
        mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
    if mask is not None:
        scores = scores.masked_fill(~mask, float("-inf")) if mask.dtype == torch.bool else scores + mask
    if (sinks := rest.get("s_aux")) is not None:
        scores = torch.cat([scores, sinks.reshape(1, -1, 1, 1).expand(*scores.shape[:3], 1).to(scores.dtype)], dim=-1)
    weights = scores.softmax(dim=-1, dtype=torch.float32).to(query.dtype)
    return (weights[..., : key.shape[2]] @ value).transpose(1, 2).contiguous()


def allowed_of(mask: Bool[Tensor, "query key"]) -> Allowed:
    """A mask as a band around the diagonal where it is one, so that it costs nothing to keep."""
    queries, keys = mask.shape
    # The last row tells how far back a query sees, the first how far ahead.
    back, ahead = int(mask[-1, :queries].sum()) - 1, int(mask[0].sum()) - 1
    band = Allowed(
        back=None if back >= queries - 1 else back, ahead=None if ahead >= keys - 1 else ahead
    )  # a reach beyond the text is no limit
    rows = band.rows(0, queries, keys)
    whole = mask.cpu().numpy()
    fits = whole.all() if rows is None else queries == keys and np.array_equal(rows, whole)
    return band if fits else Allowed(dense=whole)


def bias_of(added: Tensor) -> Bias:
    """A bias (head, query, key) by distance where it depends on nothing else."""
    bias = numpy_of(added)
    queries = bias.shape[1]
    # Distances from −(queries − 1), the first key seen by the last query, to keys − 1, the last key seen by the first.
    by_distance = np.concatenate([bias[:, :0:-1, 0], bias[:, 0, :]], axis=1)
    candidate = Bias(by_distance=np.ascontiguousarray(by_distance))
    same = np.array_equal(candidate.rows(slice(None), 0, queries, bias.shape[2]), bias)
    return candidate if same else Bias(dense=bias)


def _by_head(mask: Bool[Tensor, "batch head query key"]) -> bool:
    """True if not all heads may attend alike: so after an edit of the mask, never before."""
    return mask.shape[1] > 1 and not torch.equal(mask, mask[:, :1].expand_as(mask))


def implementation(network: Any) -> str:
    """The attention function the network uses now."""
    return str(network.config._attn_implementation)  # noqa: SLF001 - transformers offers no public name for it


def numpy_of(tensor: Tensor) -> np.ndarray:
    """A tensor as a float32 array of its own that nobody writes to again."""
    array = tensor.detach().to(device="cpu", dtype=torch.float32, copy=True).contiguous().numpy()
    array.flags.writeable = False
    return array


def _value_norms(value: Tensor, heads: int) -> Float32[np.ndarray, "head key"]:
    """‖v‖ of each key, for each query head (Kobayashi et al. 2020 weigh attention with the norm of what it brings)."""
    return np.repeat(numpy_of(value.float().norm(dim=-1)), heads // value.shape[0], axis=0)


def register() -> None:
    """Makes `CAPTURE` known to transformers; asking twice does no harm."""
    AttentionInterface.register(CAPTURE, capture)
    AttentionMaskInterface.register(CAPTURE, sdpa_mask)
