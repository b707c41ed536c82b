"""One table of what a visitor waits for: `uv run python -m tests.benchmarks [--only NAME] [--write]`.

Every row is measured as a visitor gets it: Chromium with real clicks, clients in processes of their own, the app in
another. Times are ratios within one run where the machine matters. `--write` keeps the table in `table.md`.
"""

import argparse
from importlib import import_module
from pathlib import Path

from tests.benchmarks.table import Row, table

FILE = Path(__file__).with_name("table.md")
# By the module of each, which is imported when its rows are measured: some need the engine, some must not.
ROWS = {
    "painting": "page_rows.painting",
    "clients": "crowd_rows.clients",
    "startup": "page_rows.startup",
    "pictures": "page_rows.pictures",
    "transfer": "page_rows.transfer",
    "long": "shape_rows.long_texts",
    "memory": "page_rows.memory",
    "trace": "shape_rows.trace",
    "layers": "inside_rows.layers",
    "neurons": "inside_rows.neurons",
    "capture": "change_rows.capture",
    "experiment": "change_rows.experiment",
    "sweep": "change_rows.sweep",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description="What a visitor waits for.")
    parser.add_argument("--only", action="append", choices=ROWS, help="measure this alone; may be given again")
    parser.add_argument("--write", action="store_true", help=f"keep the table in {FILE.name}")
    asked = parser.parse_args()
    rows: list[Row] = []
    for name in asked.only or ROWS:
        module, function = ROWS[name].split(".")
        found: list[Row] = getattr(import_module(f"tests.benchmarks.{module}"), function)()
        rows += found
        for row in found:
            print(f"{row.what}: {row.figure} (goal {row.goal})", flush=True)
    print(f"\n{table(rows)}")
    if asked.write:
        FILE.write_text(f"# What a visitor waits for\n\n{table(rows)}\n", "utf-8")


if __name__ == "__main__":
    main()
