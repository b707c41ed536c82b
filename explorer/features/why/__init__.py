"""Why the model says a token: what each part adds to its logit."""
