"""The What if? tab: what a change to the model or the text does."""
