"""Sentences as single vectors: the last hidden states of a text pooled into one, and how alike such vectors are.

Sentence encoders (Reimers & Gurevych 2019, "Sentence-BERT", section 3) take the mean of all tokens, or the first token;
embedding models built on decoders take the last. Any model can be asked; only some were trained to be.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float32
from numpy import ndarray

from models.engine.capture import numpy_of
from models.engine.language_model import LanguageModel
from models.errors import InputError, PromptTooLong
from models.translation import _

Pooling = Literal["mean", "first", "last"]
MAX_SENTENCES = 12


def sentence_vectors(
    model: LanguageModel, sentences: Sequence[str], pooling: Pooling = "mean"
) -> Float32[ndarray, "sentence width"]:
    """One vector of each sentence, read by itself: the mean over its tokens, or its first or last token's.

    Special tokens count, as sentence encoders were trained. Of an encoder-decoder it is the encoder that reads. Raises
    InputError for no or too many sentences, PromptTooLong for one beyond the context.
    """
    if not 1 <= len(sentences) <= MAX_SENTENCES:
        raise InputError(_("Type from 1 to {most} sentences, each on a line of its own.", most=MAX_SENTENCES))
    return np.stack([pooled(states(model, sentence), pooling) for sentence in sentences])


def states(model: LanguageModel, sentence: str) -> Float32[ndarray, "position width"]:
    """The last hidden states of a sentence, after the final norm."""
    ids = [token.id for token in model.tokenize(sentence)]
    if not ids:
        raise InputError(_("{model} sees no token in this text. Type at least one letter.", model=model.name))
    if model.context is not None and len(ids) > model.context:
        raise PromptTooLong(
            _("A sentence is {count} tokens long and {model} reads {context}; shorten it.",
              count=len(ids), model=model.name, context=model.context)
        )  # fmt: skip
    network = model.network
    stack = network.get_encoder() if model.kind == "encoder-decoder" else network.base_model
    given = torch.tensor([ids], device=network.get_input_embeddings().weight.device)
    with model.lock, torch.no_grad():
        return numpy_of(stack(input_ids=given, return_dict=True).last_hidden_state[0])


def pooled(vectors: Float32[ndarray, "position width"], pooling: Pooling) -> Float32[ndarray, " width"]:
    """The mean of all vectors, the first or the last."""
    if pooling == "mean":
        return vectors.mean(axis=0, dtype=np.float32)
    return vectors[0 if pooling == "first" else -1]


def cosines(vectors: Float32[ndarray, "sentence width"]) -> Float32[ndarray, "sentence sentence"]:
    """The cosine of every two vectors, from -1 to 1; 0 with a vector of zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return np.clip(directions @ directions.T, -1, 1)
