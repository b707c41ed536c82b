"""Surprisal: how well the model expected each token."""
