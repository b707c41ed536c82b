"""Errors of models, each told in one sentence for the person at the keyboard."""

# ruff: noqa: N818 - the names say what is the matter; "Error" behind each would say nothing more


class ModelError(Exception):
    """Something a person can put right; `str(error)` is the sentence to show."""


class InputError(ModelError):
    """An argument or a text is outside what is possible."""


class PromptTooLong(InputError):
    """The text is longer than the model's context, or than this page accepts."""


class UnknownModel(ModelError):
    """No model has this name here."""


class GatedModel(ModelError):
    """The model's owner wants a licence accepted before anyone downloads it."""


class UnsafeWeights(ModelError):
    """The weights are pickled: reading them could run a stranger's code."""


class RemoteCode(ModelError):
    """The model needs code from its repository, which is never run."""


class CorruptModel(ModelError):
    """A file of the model is damaged, missing or does not fit the others."""


class TooLarge(ModelError):
    """The model does not fit in the memory or on the disk of this machine."""


class Offline(ModelError):
    """The model would have to be downloaded, and there is no network."""


class Unsupported(ModelError):
    """Outside what the explorer can read truthfully: a kind of model, or one thing about it."""
