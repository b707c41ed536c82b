"""A model with changes made to it: the same weights under the same lock, whose every run is changed."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from models.changes.edits import edits_of
from models.changes.kinds import changes_of
from models.changes.turn import Turn
from models.engine.language_model import LanguageModel

OF_RUN = ("lenses",)  # kept with a model, but run with its lock


def changed_model(model: LanguageModel, changes: Iterable[Any], text: str, target: str = "") -> LanguageModel:
    """The model with these changes, for runs about this text; the model itself where there are none.

    Changes of a model that is changed already are added to its own.
    """
    wanted = changes_of(changes)
    if not wanted:
        return model
    _ = model.text_tokenizer.token_decoder, model.vocab  # made once, for the copy too
    changed = copy(model)
    for name in OF_RUN:
        vars(changed).pop(name, None)
    edits = edits_of(model, wanted, text, target)
    vars(changed).update(changes=(*model.changes, *wanted), lock=Turn(model.lock, edits))
    return changed
