"""What is said, and what is written to the log, when something goes wrong that nobody foresaw."""

import logging
import traceback

from models.errors import ModelError
from models.memory import make_room, out_of_memory
from models.translation import _


def foreseen(error: Exception) -> ModelError | None:
    """What a person can put right about this error; None for one that nobody foresaw.

    Where memory ran out, what the run had taken is freed.
    """
    if isinstance(error, ModelError):
        return error
    return make_room(error) if out_of_memory(error) else None


def sentence_of(log: logging.Logger, name: str, error: Exception) -> str:
    """What is said of any error but a `ModelError`; the log has where it happened."""
    note_failure(log, name, error)
    told = foreseen(error)
    return broken() if told is None else str(told)


def broken() -> str:
    """What is said of an error nobody foresaw; the log has the rest."""
    return _("Something went wrong on the server and was written to its log; try again, or try another text.")


def note_failure(log: logging.Logger, name: str, error: BaseException) -> None:
    """Write down where it happened and of what type, never the error's own message: that often quotes the visitor."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed with %s:\n%s", name, type(error).__name__, where)
