"""Tokens: which pieces the text becomes."""
