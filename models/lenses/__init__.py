"""Lenses: what a model would say at an earlier depth, and how far each such reading can be believed."""
