"""What the map offers to choose, known without the engine."""

METHODS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
AUTOMATIC = -1
"""The sample that lets the method decide: all vectors for PCA, fewer for what takes longer."""
