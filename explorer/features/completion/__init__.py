"""What the Completion, Surprise and Prompting tabs send to the browser: plain values from the model's own numbers."""
