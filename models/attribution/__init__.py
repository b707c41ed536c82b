"""Input attribution: which tokens of the text made the difference to one logit, by several methods side by side."""
