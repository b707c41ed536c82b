"""Everything about a model: loading, tracing, sampling, vectors. Imports no Gradio and no Plotly.

The public names are looked up when first used, so that `import models` stays light.
"""

from importlib import import_module
from typing import Any

PUBLIC = {
    "Distribution": "generation.sampling",
    "LanguageModel": "engine.language_model",
    "ModelError": "errors",
    "Pool": "engine.pool",
    "Sampling": "generation.sampling",
    "Step": "generation.completion",
    "Token": "text.tokens",
    "Trace": "engine.trace",
    "load": "loading.loader",
    "pool": "engine.pool",
}

__all__ = sorted(PUBLIC)  # noqa: PLE0605 - the table above is the list


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"models.{PUBLIC[name]}"), name)
