"""What the Overview asks."""

from explorer.features.overview.flow import flow
from explorer.features.overview.heads import interesting_heads, without_head
from explorer.features.overview.next_word import next_word

__all__ = ["flow", "interesting_heads", "next_word", "without_head"]
