"""Sweeps: which activations carry an answer from one text into the run of another, each cell a real patched run."""
