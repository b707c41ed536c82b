"""What the Overview asks."""

from explorer.features.overview.beside import ways
from explorer.features.overview.counting import counts
from explorer.features.overview.flow import flow
from explorer.features.overview.heads import interesting_heads, without_head
from explorer.features.overview.next_word import next_word

__all__ = ["counts", "flow", "interesting_heads", "next_word", "ways", "without_head"]
