"""The whole model on one screen: the text goes in, layers and heads look at it, and the next word comes out."""
