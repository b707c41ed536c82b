"""Everything about a model: loading, tracing, sampling, vectors. Imports no Gradio and no Plotly."""
