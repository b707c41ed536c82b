"""What the Embeddings tab asks the server: one module per part of the tab."""
