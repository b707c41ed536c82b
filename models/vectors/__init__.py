"""Embedding tables and contextual vectors: neighbours, analogies, positions."""
