"""Where two completions part: what a model gave several candidates behind what it had written until then."""

from collections.abc import Sequence

import torch

from models.generation.decoding import CachedDecoder
from models.generation.generation_request import GenerativeModel, prepare_request
from models.generation.sampling import Candidate, Sampling, distribution


def weighed(
    model: GenerativeModel,
    text: str,
    sampling: Sampling,
    written: Sequence[int],
    candidates: Sequence[int],
    *,
    target: str = "",
) -> tuple[Candidate, ...]:
    """What each of the candidates had behind the text and the ids written so far, in one pass over all of them.

    Raises InputError for a text `complete` would refuse, or an id outside the vocabulary.
    """
    request = prepare_request(
        model, text, sampling, max_new_tokens=len(written) + 1, target=target, prefix_ids=written
    )  # fmt: skip
    with model.lock, torch.no_grad():
        logits = CachedDecoder(model.network, request.source).next([list(request.ids)])
    found = distribution(logits[0], sampling, request.ids)
    return tuple(found.of(candidate) for candidate in candidates)
