"""The models behind the page: one pool, made as the settings ask; the engine is imported when it loads a model."""

# ruff: noqa: PLC0415 - see above

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psutil

from explorer.settings import Settings
from models.engine.pool import Pool

if TYPE_CHECKING:
    import models.engine.language_model
    import models.text.text_tokenizer

GIBIBYTE = 2**30


def pool_for(settings: Settings) -> Pool:
    """Make the pool that page and endpoints share; hosted mode and the text limit are kept by its loader."""

    def loader(name: str, **options: Any) -> "models.engine.language_model.LanguageModel":
        from models.loading.loader import load

        model = load(
            name,
            device=settings.device,
            precision=settings.precision,
            hosted=settings.mode == "hosted",
            **options,
        )
        largest = _bytes(settings.run_memory) or psutil.virtual_memory().total // 8
        return replace(model, max_characters=settings.characters, max_tokens=settings.tokens, max_bytes=largest)

    def read_tokenizer(name: str) -> "models.text.text_tokenizer.TextTokenizer":
        from models.loading.loader import load_tokenizer

        found = load_tokenizer(name, hosted=settings.mode == "hosted")
        return replace(found, max_characters=settings.characters)

    return Pool(
        loader, read_tokenizer, model_bytes=_bytes(settings.model_memory), trace_bytes=_bytes(settings.trace_memory)
    )


def _bytes(gibibytes: float | None) -> int | None:
    return None if gibibytes is None else int(gibibytes * GIBIBYTE)
