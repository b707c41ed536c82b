"""How alike two models' states are whose spaces cannot be laid over each other: linear CKA, depth by depth."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Float64
from numpy import ndarray

LEAST_TOKENS = 4
"""The unbiased estimator divides by n − 3."""

NOTHING = 1e-12
"""Of the squared length of the similarities: less is rounding, the tokens are all equally alike."""


def cka(one: Float[ndarray, "token width"], other: Float[ndarray, "token other_width"]) -> float:
    """Linear centred kernel alignment of tokens in two spaces: 1 for a rotated, scaled copy, about 0 by chance.

    HSIC(K, L) / √(HSIC(K, K) · HSIC(L, L)) with K and L the products of tokens with tokens (Kornblith et al. 2019,
    "Similarity of Neural Network Representations Revisited"). HSIC is estimated without bias (Song et al. 2012,
    "Feature Selection via Dependence Maximization", equation 5; Nguyen et al. 2021), so that few tokens do not make it
    high by themselves; it may come out below 0, to −1. NaN where the tokens of one side do not differ. Raises
    ValueError for fewer than four tokens.
    """
    return float(cka_by_depth([one], [other])[0, 0])


def cka_by_depth(
    one: Sequence[Float[ndarray, "token width"]], other: Sequence[Float[ndarray, "token other_width"]]
) -> Float64[ndarray, "depth other_depth"]:
    """The same for every depth of the one with every depth of the other."""
    here, there = (np.stack([_similarities(states) for states in side]) for side in (one, other))
    return np.asarray(here @ there.T)


def _similarities(states: ndarray) -> Float64[ndarray, " pair"]:
    """The U-centred products of every token with every other, of length one; NaN where they do not differ.

    Products of two such rows are ratios of unbiased HSIC (Székely and Rizzo 2014, "Partial Distance Correlation").
    """
    count = len(states)
    if count < LEAST_TOKENS:
        raise ValueError(f"CKA needs {LEAST_TOKENS} tokens, not {count}")
    exact = states.astype(np.float64)
    exact = exact - exact.mean(0)
    products = exact @ exact.T
    size = float(np.square(products).sum())
    np.fill_diagonal(products, 0)
    rows = products.sum(0) / (count - 2)
    centred = products - rows[:, None] - rows[None] + products.sum() / ((count - 1) * (count - 2))
    np.fill_diagonal(centred, 0)
    length = float(np.square(centred).sum())
    if length <= NOTHING * size:
        return np.full(centred.size, np.nan)
    return centred.ravel() / np.sqrt(length)
