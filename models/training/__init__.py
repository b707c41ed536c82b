"""Trains the bundled storybook models: one small family, one tokenizer, one command each."""
