"""When memory runs out in the middle of a run: recognised on any device, and room made for the next run."""

import gc
import sys
import traceback

from models.errors import ModelError, TooLarge
from models.translation import _

SAID = ("out of memory", "can't allocate memory")
"""How devices whose errors are of no type of their own say it, in part."""


def out_of_memory(error: BaseException) -> bool:
    """True if an operation of PyTorch or Python found no memory, on whatever device."""
    if isinstance(error, MemoryError) or any(kind.__name__ == "OutOfMemoryError" for kind in type(error).__mro__):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in SAID)


def make_room(error: BaseException) -> ModelError:
    """Free what the run that failed with `error` had taken; the sentence to show in its place.

    Its traceback holds every tensor that was being worked on, so all its frames that have ended are cleared.
    """
    held: BaseException | None = error
    while held is not None:
        traceback.clear_frames(held.__traceback__)
        held = held.__cause__ or held.__context__
    gc.collect()
    torch = sys.modules.get("torch")
    if torch is not None and torch.accelerator.is_available():
        getattr(torch.get_device_module(), "empty_cache", lambda: None)()
    return TooLarge(
        _("The memory ran out in this run, and what it took is free again; shorten the text or choose a smaller model.")
    )
