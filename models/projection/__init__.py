"""Many dimensions on a plane: PCA, t-SNE, UMAP, in a process of their own, kept on disk."""
