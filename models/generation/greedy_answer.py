"""Whether a model's likeliest continuation is a given answer: one pass over both instead of writing token by token."""

from models.engine.language_model import LanguageModel


def answers(model: LanguageModel, prompt: str, answer: str) -> bool:
    """Whether greedy writing after `prompt` begins with the tokens of `answer`.

    An encoder-decoder reads the prompt as its source and answers in its target. Where prompt and answer would share a
    token the answer cannot be asked for by itself, and is counted as not given.
    """
    if model.kind == "encoder-decoder":
        trace = model.trace(prompt, answer)
        ids, start = [token.id for token in trace.target_tokens], 1
    else:
        before = [token.id for token in model.tokenize(prompt) if not token.special]
        trace = model.trace(prompt + answer)
        ids = [token.id for token in trace.tokens]
        start = next((at for at in range(len(ids)) if ids[at : at + len(before)] == before), len(ids)) + len(before)
    if start >= len(ids):
        return False
    likeliest = trace.logits_of(slice(start - 1, len(ids) - 1)).argmax(axis=1)
    return likeliest.tolist() == ids[start:]
