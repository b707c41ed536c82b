"""What people see: the page, its tabs and views, the endpoints. Imports models, never torch."""

import contextlib
import os

# Read by Gradio while it is imported: no telemetry, no version check, and no statistics recomputed at every event.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")

# On ZeroGPU this package has to be there before anything touches CUDA; elsewhere it is not installed.
with contextlib.suppress(ImportError):
    import spaces  # noqa: F401
