"""Text as a model reads it: tokens and their spans, the bytes of tokens, the vocabulary."""
