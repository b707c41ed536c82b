"""What is said, and what is written to the log, when something goes wrong that nobody foresaw."""

import logging
import traceback

from models.translation import _


def broken() -> str:
    """What is said of an error nobody foresaw; the log has the rest."""
    return _("Something went wrong on the server and was written to its log; try again, or try another text.")


def note_failure(log: logging.Logger, name: str, error: BaseException) -> None:
    """Write down where it happened and of what type, never the error's own message: that often quotes the visitor."""
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s failed with %s:\n%s", name, type(error).__name__, where)
