"""Makes the maps that come with the program: python -m models.projection [MODEL …]; without a name, of all.

Takes some minutes a model. Run it whenever a bundled model's weights, a default setting or `VERSION` changes; a test
tells when that has been forgotten.
"""

import argparse
import time

from models import load
from models.catalog import offered
from models.projection.methods import Method, ProjectionSettings, principal_components
from models.projection.ready import FOLDER, about, save
from models.projection.run import laid_out
from models.vectors.embedding_tables import table

MAPS: tuple[tuple[Method, int], ...] = (("umap", 2), ("umap", 3), ("tsne", 2))
"""Method and dimensions of each map; t-SNE is drawn in two only."""


def main() -> None:
    bundled = [entry.name for entry in offered() if entry.bundled]
    parser = argparse.ArgumentParser(prog="python -m models.projection", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"which of {', '.join(bundled)} (all)")
    FOLDER.mkdir(exist_ok=True)
    for name in parser.parse_args().models or bundled:
        for method, dimensions in MAPS:
            _make(name, ProjectionSettings(method=method, dimensions=dimensions))


def file_name(model: str, settings: ProjectionSettings) -> str:
    """The file in `maps/` that holds a model's map with these settings."""
    return f"{model}-{settings.method}{'-3d' if settings.dimensions == 3 else ''}.safetensors"


def _make(name: str, settings: ProjectionSettings) -> None:
    vectors = table(load(name, device="cpu"))
    began = time.monotonic()
    components = principal_components(vectors, ProjectionSettings())
    projection = laid_out(components, settings, lambda _share, _stage: None)
    file = FOLDER / file_name(name, settings)
    save(file, name, vectors, projection)
    seconds, trust = time.monotonic() - began, about(file)["trustworthiness"]
    told = f"{file.name}: {file.stat().st_size} bytes, trustworthiness {trust}, {seconds:.0f} s"
    print(told, flush=True)  # noqa: T201 - a command says what it made


if __name__ == "__main__":
    main()
