"""A conversation as an instruction model reads it: its chat template written out, token by token."""

from typing import Any

from jinja2 import TemplateError

from models.errors import InputError, Unsupported
from models.text.token_decoder import TokenDecoder
from models.text.tokens import Token, check_text, tokens_of
from models.translation import _


def chat_text(tokenizer: Any, name: str, user: str, system: str = "") -> str:
    """One exchange, up to where the model called `name` answers. An empty `system` is left out.

    Raises Unsupported for a model without a template, InputError for a conversation that its template refuses.
    """
    if not tokenizer.chat_template:
        raise Unsupported(
            _(
                "{model} has no chat template: it was not taught to answer, it goes on with a text. Choose a model "
                "with “Instruct” or “chat” in its name to see one.",
                model=name,
            )
        )
    if not user.strip():
        raise InputError(_("Type what the person says first."))
    check_text(system + user)
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": user})
    try:
        return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
    except Exception as error:  # a template is a program, and may fail like one
        reason = str(error).splitlines()[0] if isinstance(error, TemplateError) and str(error) else type(error).__name__
        sentence = _("The template of {model} refuses this conversation: {reason}.", model=name, reason=reason)
        raise InputError(sentence) from error


def chat_tokens(tokenizer: Any, text: str, token_decoder: TokenDecoder) -> tuple[Token, ...]:
    """The tokens of a conversation as `chat_text` wrote it; the template brings its special tokens itself."""
    encoded = tokenizer(text, add_special_tokens=False, return_offsets_mapping=tokenizer.is_fast)
    return tokens_of(text, encoded["input_ids"], encoded.get("offset_mapping"), token_decoder)
