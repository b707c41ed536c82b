"""Prompting: what examples in the prompt change."""
