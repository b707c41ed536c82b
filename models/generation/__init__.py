"""Sampling, decoding with a KV cache, continuous batching, beam search and scoring."""
