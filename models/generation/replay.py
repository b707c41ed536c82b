"""The steps of a completion that is already written: what the model gave each of its tokens, in their order."""

from collections.abc import Iterator, Sequence

import torch

from models.generation.decoding import CachedDecoder
from models.generation.detokenizer import IncrementalDetokenizer
from models.generation.generation_request import GenerativeModel, prepare_request
from models.generation.sampling import Sampling, distribution
from models.generation.steps import Step, step_of


def replay(
    model: GenerativeModel, text: str, sampling: Sampling, token_ids: Sequence[int], *, target: str = ""
) -> Iterator[Step]:
    """Go through `token_ids` (at least one) behind the text as if they were being written now.

    Raises InputError for a text `complete` would refuse; what does not fit the model's context is left out.
    """
    request = prepare_request(model, text, sampling, max_new_tokens=len(token_ids), target=target)
    with model.lock, torch.no_grad():
        decoder = CachedDecoder(model.network, request.source)
    detokenizer = IncrementalDetokenizer(model.token_decoder)
    ids, new = list(request.ids), list(request.ids)
    for token_id in token_ids[: request.max_tokens_left]:
        with model.lock, torch.no_grad():
            logits = decoder.next([new])
        yield step_of(distribution(logits[0], sampling, ids), token_id, detokenizer, "")
        ids.append(token_id)
        new = [token_id]
