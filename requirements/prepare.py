"""Sets a checkout up: environment, locked packages, dashboard, browser. Standard library only; quick the second time.

python3 requirements/prepare.py run | test | peers     writes what it is doing to standard output

`peers` are the published pipelines that `make bench` measures beside Surefoot, in an environment of their own.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = Path(__file__).resolve().parent
MINIMUM_PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MAC_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


class SetupError(Exception):
    """Setting up failed; the text is a sentence that says what to do."""


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def environment() -> Path:
    """Where the virtual environment lies: `.venv`, or what SUREFOOT_VENV names."""
    return Path(os.environ.get("SUREFOOT_VENV") or ROOT / ".venv")


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def run(command: list[str | Path], failure: str, *, quiet: bool = True) -> None:
    """Runs a command; raises SetupError with `failure` and the command's last lines where it fails."""
    done = subprocess.run(list(map(str, command)), cwd=ROOT, capture_output=quiet, text=True, check=False)
    if done.returncode:
        tail = "\n".join(((done.stdout or "") + (done.stderr or "")).strip().splitlines()[-15:])
        raise SetupError(f"{failure}\n{tail}".strip())


def make_environment(folder: Path) -> None:
    """A virtual environment with pip, made once for each Python."""
    python = python_of(folder)
    if python.exists():
        works = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
        if works:
            return
        say(f"the environment in {folder.name} does not work any more: making it again")
        shutil.rmtree(folder)
    say(f"making a Python environment in {folder.name}")
    try:
        venv.create(folder, with_pip=True)
    except (subprocess.CalledProcessError, ImportError) as problem:
        shutil.rmtree(folder, ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise SetupError(
            "This Python cannot make virtual environments. On Debian, Ubuntu and WSL run: "
            f"sudo apt install python{version}-venv   and then this command again."
        ) from problem


def install(folder: Path, lock: str) -> None:
    """The packages of one lock file, skipped when that very lock is installed already."""
    path = LOCKS / f"{lock}.txt"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    stamp = folder / f".installed-{lock}"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    count = sum(1 for line in path.read_text().splitlines() if "==" in line and not line.startswith((" ", "#")))
    say(f"installing the {lock} packages ({count} at most, a minute or two)")
    pip: list[str | Path] = [python_of(folder), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    run(
        [*pip, "--require-hashes", "-r", path],
        "The packages could not be installed. Check the network connection and the free disk space, then try again.",
    )
    stamp.write_text(digest)


def prepare_peers() -> int:
    """The peers' own environment; where they cannot be installed, a sentence, and the bench goes on without them."""
    folder = Path(os.environ.get("SUREFOOT_PEERS_VENV") or ROOT / ".venv-peers")
    try:
        make_environment(folder)
        install(folder, "peers")
    except SetupError as problem:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        say(f"mobgap and scikit-digital-health cannot be had on this Python {version}: the bench leaves them out")
        say(str(problem).strip().splitlines()[-1][:200])
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def install_checkout(folder: Path) -> None:
    """The `surefoot` command, running from this checkout."""
    stamp = folder / ".installed-checkout"
    digest = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + str(ROOT).encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == digest:
        return
    say("installing the surefoot command")
    pip: list[str | Path] = [python_of(folder), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    run([*pip, "--no-deps", "--no-build-isolation", "-e", ROOT], "The surefoot command could not be installed.")
    stamp.write_text(digest)


def build_dashboard(folder: Path) -> None:
    """Node from the system, else from the locked Python package; then the build itself."""
    python = python_of(folder)
    probe = "import sys; from dashboard import bundle; import sys; sys.exit(bundle.system_npm() is None)"
    if subprocess.run([python, "-c", probe], cwd=ROOT, check=False).returncode:
        install(folder, "node")
    if not (ROOT / "dashboard" / "dist" / "index.html").is_file():
        say("building the dashboard (half a minute the first time)")
    run([python, ROOT / "dashboard" / "bundle.py"], "The dashboard could not be built.")


def present_browser() -> str | None:
    """A Chrome or Chromium of this machine: SUREFOOT_BROWSER, the path, or a Mac's applications."""
    named = os.environ.get("SUREFOOT_BROWSER")
    if named:
        return named
    found = [path for name in BROWSERS if (path := shutil.which(name))]
    return next(iter(found + [path for path in MAC_BROWSERS if Path(path).exists()]), None)


def debian_browser() -> str | None:
    """Debian's package `chromium`, where apt is there and may install without asking."""
    apt = shutil.which("apt-get")
    if not apt or sys.platform != "linux":
        return None
    may = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if may and (
        not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode
    ):
        return None
    say("installing Debian's chromium for the browser tests")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        subprocess.run([*may, apt, *command], env=quiet, capture_output=True, check=False)
    return shutil.which("chromium")


def playwright_browser(folder: Path) -> str | None:
    """Playwright's own Chromium, downloaded where that is possible."""
    say("trying Playwright's own browser download")
    python = python_of(folder)
    done = subprocess.run([python, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
    if done.returncode:
        return None
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    said = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
    return said if said and Path(said).exists() else None


def find_browser(folder: Path) -> None:
    """Leaves the path of a browser in the environment's folder for the tests, or nothing where there is none."""
    note = folder / ".browser"
    browser = present_browser() or debian_browser() or playwright_browser(folder)
    note.write_text(browser or "")
    say(f"browser for the tests: {browser}" if browser else "no browser to be had: the browser tests will be skipped")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=["run", "test", "peers"])
    purpose = parser.parse_args().purpose
    if sys.version_info < MINIMUM_PYTHON:
        print(f"Surefoot needs Python 3.11 or later; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    if purpose == "peers":
        return prepare_peers()
    print("Setting Surefoot up", flush=True)
    folder = environment()
    try:
        make_environment(folder)
        for lock in ("runtime", "build") if purpose == "run" else ("dev",):
            install(folder, lock)
        install_checkout(folder)
        build_dashboard(folder)
        if purpose == "test":
            find_browser(folder)
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    say("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
