"""`python -m tests.web`: layout, lint and types of the scripts; with `--fix`, what can be repaired is repaired."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tests.web import HERE, ROOT, checked, program

PACKAGES = HERE / "node_modules"
LOCK = HERE / "package-lock.json"
INSTALLED = PACKAGES / ".installed-lock"  # the fingerprint of the lock file that was installed
WIDEST = 120


def main(options: list[str]) -> int:
    """Run every check in order and stop at the first that fails."""
    install()
    steps = {"Layout and lint": lambda: biome(fix="--fix" in options), "Line length": narrow, "Types": types}
    for name, step in steps.items():
        if not step():
            print(f"{name} of the scripts: failed.", file=sys.stderr)
            return 1
    print(f"The scripts are in order: {len(checked('.js'))} scripts checked.")
    return 0


def install() -> None:
    """Install the packages the checks need, if they are missing or the lock file has changed."""
    fingerprint = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if INSTALLED.is_file() and INSTALLED.read_text("utf-8") == fingerprint:
        return
    if not run([program("npm"), "ci", "--loglevel=error"]):
        raise SystemExit("The packages of the checks could not be installed.")
    INSTALLED.write_text(fingerprint, "utf-8")


def biome(*, fix: bool) -> bool:
    files = [os.path.relpath(path, HERE) for path in checked(".js", ".css", ".json")]
    return run([bin_of("biome"), "check", *(["--write"] if fix else []), "--error-on-warnings", *files])


def narrow() -> bool:
    """Whether no line is longer than a screen is wide; the formatter leaves texts and comments as they are."""
    wide = [
        f"{path.relative_to(ROOT)}:{number}: {len(line)} characters"
        for path in checked(".js", ".css")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if len(line) > WIDEST
    ]
    print("\n".join(wide), end="\n" if wide else "")
    return not wide


def types() -> bool:
    return run([bin_of("tsc"), "--project", "."])


def bin_of(name: str) -> str:
    return str(PACKAGES / ".bin" / name)


def run(command: list[str]) -> bool:
    """Whether the command succeeds, run where the configuration lies, with node on the path."""
    places = os.pathsep.join([str(Path(program("node")).parent), os.environ.get("PATH", "")])
    return subprocess.run(command, cwd=HERE, env={**os.environ, "PATH": places}, check=False).returncode == 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
