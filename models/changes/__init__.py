"""Changes made to a model for one run: what can be switched off, cut, replaced or added, and how it is done."""
