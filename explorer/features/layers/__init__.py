"""The Layers tab: what the model would say if it stopped at each depth."""
