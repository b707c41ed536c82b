"""Attention patterns from captured queries and keys, what they are read as, and scores of heads."""
