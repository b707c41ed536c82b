"""One model and one run of it: architecture, capture, trace, pool."""
