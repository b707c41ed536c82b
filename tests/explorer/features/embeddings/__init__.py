"""Tests of what the Embeddings tab asks the server."""
