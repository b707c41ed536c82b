"""Tests of what the attention tab shows."""
