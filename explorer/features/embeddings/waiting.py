"""Waiting for a projection without a thread: others are served meanwhile, and who leaves gives up the place."""

import asyncio
from contextlib import aclosing
from uuid import uuid4
from weakref import WeakValueDictionary

from anyio import to_thread

from explorer.calls import Context
from models.projection.methods import Projection, ProjectionSettings
from models.projection.queue import projections
from models.vectors.similarity import Vectors

_TURNS: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def projected(context: Context, vectors: Vectors, settings: ProjectionSettings) -> Projection:
    """The projection, however long it takes; a visitor's second waits until the first is there.

    Raises ProjectionStopped when nobody listens any more.
    """
    visitor = context.session_id or uuid4().hex
    turn = _TURNS.setdefault(visitor, asyncio.Lock())
    async with turn:
        job = await to_thread.run_sync(projections(context.settings.cache).ask, vectors, settings, uuid4().hex)
        async with aclosing(job.follow_async()) as steps:
            async for _step in steps:
                if not await context.listening():
                    break
        return job.result()
