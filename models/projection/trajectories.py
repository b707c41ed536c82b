"""Paths of tokens through the layers in one picture: one PCA shared by all tokens, depths and sentences."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from models.projection.methods import Metric, Projection, ProjectionSettings, principal_components
from models.vectors.embedding_tables import Path
from models.vectors.similarity import Vectors


def shared_components(paths: Sequence[Path], *, dimensions: Literal[2, 3] = 2, metric: Metric = "cosine") -> Projection:
    """The principal components of all vectors of all paths, path after path and in each from depth 0 on."""
    rows = Vectors(np.concatenate([path.vectors for path in paths]))
    return principal_components(rows, ProjectionSettings(dimensions=dimensions, metric=metric))
