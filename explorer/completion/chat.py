"""A conversation as an instruction model sees it: its chat template written out, token by token."""

from collections.abc import Mapping
from typing import Any

from jinja2 import TemplateError

from explorer.completion.odds import Answer
from explorer.subject import token_rows
from models.errors import InputError, Unsupported
from models.pool import Pool
from models.tokens import check_text, tokens_of

CHARACTERS = 8_000


def chat_tokens(pool: Pool, asked: Mapping[str, Any]) -> Answer:
    """The tokens of one exchange, up to where the model answers. `system` may be empty."""
    model = pool.model(asked["model"])
    if not model.tokenizer.chat_template:
        raise Unsupported(
            f"{model.name} has no chat template: it was not taught to answer, it goes on with a text. "
            "Choose a model with “Instruct” or “chat” in its name to see one."
        )
    system, user = str(asked.get("system") or ""), str(asked.get("user") or "")
    if not user.strip():
        raise InputError("Type what the person says first.")
    if len(system) + len(user) > CHARACTERS:
        raise InputError(f"Use at most {CHARACTERS:,} characters here.")
    check_text(system + user)
    messages = [{"role": "system", "content": system}] if system else []
    try:
        text = model.tokenizer.apply_chat_template(
            [*messages, {"role": "user", "content": user}], tokenize=False, add_generation_prompt=True
        )
    except TemplateError as error:
        raise InputError(f"The template of {model.name} refuses this conversation: {error}.") from error
    encoded = model.tokenizer(text, add_special_tokens=False, return_offsets_mapping=model.tokenizer.is_fast)
    tokens = tokens_of(text, encoded["input_ids"], encoded.get("offset_mapping"), model.spelling)
    return {"text": text, "tokens": token_rows(tokens)}
