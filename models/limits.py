"""How much may be asked for at once: bounds that requests name before the engine is imported."""

MAX_QUERY_LENGTH = 200
"""Characters of a word, or of what is searched for in a vocabulary."""

MAX_CONTRIBUTIONS = 10_000
MAX_NEURONS = 1_000
MAX_INTEGRATION_STEPS = 1_000

COMPONENTS = 50
"""Principal components kept; t-SNE and UMAP look for neighbours among them."""

MAX_POINTS = 250_000
"""Vectors in one projection."""

MAX_BATCH_SIZE = 64
"""Sequences of one model that share its passes."""

MOST_SECONDS = 10
"""Seconds one run may take by its estimate: others of the same model wait for it."""
