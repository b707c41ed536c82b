"""Makes the peaks that come with the program: python -m models.neurons [MODEL …]; without a name, of all bundled.

Run it whenever a bundled model's weights or the passages change; a test tells when that has been forgotten.
"""

import argparse

from models import load
from models.catalog import offered
from models.neurons.peaks import Peaks, read_all
from models.neurons.ready import save


def main() -> None:
    bundled = [entry.name for entry in offered() if entry.bundled]
    parser = argparse.ArgumentParser(prog="python -m models.neurons", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help=f"which of {', '.join(bundled)} (all)")
    for name in parser.parse_args().models or bundled:
        model = load(name, device="cpu")
        *_, found = read_all(model)
        if isinstance(found, Peaks):
            file = save(model, found)
            print(f"{file.name}: {file.stat().st_size} bytes")  # noqa: T201 - a command says what it made


if __name__ == "__main__":
    main()
