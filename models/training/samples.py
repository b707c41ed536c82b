"""What a model writes for one fixed beginning: the same words at every point of training."""

from collections.abc import Callable
from typing import Any

import torch
from tokenizers import Tokenizer

from models.training.presets import Network, Preset
from models.training.tokenizer import END_ID, MASK_ID, PAD_ID

SAMPLING = {"do_sample": True, "temperature": 0.8, "top_p": 0.9, "top_k": 0}
SEED = 7

OPENINGS = {
    "next": "Once upon a time there was a little girl who",
    "masked": "Once upon a time there was a little [MASK] who lived in a [MASK] with her [MASK].",
    "gaps": "Once upon a time there was a little <extra_id_0> who lived in a <extra_id_1> with her <extra_id_2>.",
}


def sample(preset: Preset, network: Network, tokenizer: Tokenizer) -> dict[str, Any]:
    """What the network makes of its objective's opening."""
    opening = OPENINGS[preset.objective]
    return {"opening": opening, "text": WRITERS[preset.objective](network, tokenizer, opening, SEED)}


@torch.no_grad()
def completion(network: Network, tokenizer: Tokenizer, opening: str, seed: int, tokens: int = 60) -> str:
    """`opening` and up to `tokens` sampled tokens more, as far as the context goes."""
    torch.manual_seed(seed)
    ids = torch.tensor([tokenizer.encode(opening).ids])
    tokens = min(tokens, network.config.max_position_embeddings - ids.shape[1])
    written = network.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, pad_token_id=PAD_ID, **SAMPLING
    )
    return tokenizer.decode(written[0].tolist())


@torch.no_grad()
def filled(network: Network, tokenizer: Tokenizer, text: str, _: int = 0) -> str:
    """`text` with the likeliest token in place of each mask."""
    ids = torch.tensor([tokenizer.encode(text).ids])
    best = network(input_ids=ids).logits.argmax(-1)
    return tokenizer.decode(torch.where(ids == MASK_ID, best, ids)[0].tolist(), skip_special_tokens=False)


@torch.no_grad()
def missing(network: Network, tokenizer: Tokenizer, text: str, _: int = 0) -> str:
    """What the network writes for the gaps of `text`, sentinels included."""
    ids = torch.tensor([tokenizer.encode(text).ids])
    written = network.generate(ids, max_new_tokens=40, do_sample=False, pad_token_id=PAD_ID, eos_token_id=END_ID)
    return tokenizer.decode(
        [token for token in written[0].tolist() if token not in (PAD_ID, END_ID)], skip_special_tokens=False
    )


WRITERS: dict[str, Callable[[Network, Tokenizer, str, int], str]] = {
    "next": completion,
    "masked": filled,
    "gaps": missing,
}
