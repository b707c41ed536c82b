"""What the Embeddings tab asks: what lies near, and where everything lies."""

from explorer.features.embeddings.arithmetic import analogy_scores, word_arithmetic
from explorer.features.embeddings.colours import vector_colours
from explorer.features.embeddings.compare_states import compare_states
from explorer.features.embeddings.lookup import find_vectors, nearest_vectors, vector_group, vector_names
from explorer.features.embeddings.map import map_points, map_table
from explorer.features.embeddings.positions import positions
from explorer.features.embeddings.sentences import sentence_similarity
from explorer.features.embeddings.trajectories import cosine_by_depth, trajectories

__all__ = [
    "analogy_scores",
    "compare_states",
    "cosine_by_depth",
    "find_vectors",
    "map_points",
    "map_table",
    "nearest_vectors",
    "positions",
    "sentence_similarity",
    "trajectories",
    "vector_colours",
    "vector_group",
    "vector_names",
    "word_arithmetic",
]
