"""What the Attention tab asks."""

from explorer.features.attention.bertviz import bertviz
from explorer.features.attention.compare import head_likeness, head_pair, paired_distances
from explorer.features.attention.continuation import continuation
from explorer.features.attention.grid import induction, overview
from explorer.features.attention.pictures import heatmap, shading

__all__ = [
    "bertviz",
    "continuation",
    "head_likeness",
    "head_pair",
    "heatmap",
    "induction",
    "overview",
    "paired_distances",
    "shading",
]
