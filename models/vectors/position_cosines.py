"""How alike the rows of a position table are: the picture in which its order can be seen."""

import numpy as np
from jaxtyping import Float32, Int64
from numpy import ndarray

MAX_ROWS = 200


def position_cosines(
    table: Float32[ndarray, "row width"], most: int = MAX_ROWS
) -> tuple[Int64[ndarray, " chosen"], Float32[ndarray, "chosen chosen"]]:
    """Rows of the table, at most `most` and evenly spread, and the cosine of each with each (0 for rows of zeros)."""
    rows = np.unique(np.linspace(0, len(table) - 1, min(len(table), most)).round().astype(np.int64))
    lengths = np.linalg.norm(table[rows], axis=1, keepdims=True)
    units = table[rows] / np.where(lengths > 0, lengths, 1)
    return rows, (units @ units.T).astype(np.float32)
