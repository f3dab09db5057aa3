"""The wheel alone is enough: an empty environment, no Node, and `surefoot demo` shows steps."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 300.0  # every kernel is compiled anew, beside other tests


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "-q", "-w", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("surefoot-*.whl")
    return built


def test_the_wheel_carries_the_built_dashboard_the_samples_and_the_migrations(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "dashboard/dist/index.html" in names
    assert any(re.fullmatch(r"dashboard/dist/assets/.+\.js", name) for name in names)
    assert any(name.startswith("sensing/samples/") and name.endswith(".parquet") for name in names)
    assert any("migrations" in name for name in names)
    assert not [name for name in names if name.startswith(("tests/", "dashboard/src/", "dashboard/node_modules/"))]


@pytest.fixture(scope="module")
def empty_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh virtual environment with nothing but the wheel and what it asks for, at the locked versions."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=True)
    lock = (ROOT / "requirements" / "runtime.txt").read_text()
    pins = re.findall(r"^(\S+==[^\s\\]+(?: ; [^\\\n]+)?)", lock, flags=re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pins) + "\n")
    command = [folder / "venv" / "bin" / "python", "-m", "pip", "install", "-q", wheel, "-c", constraints]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "venv"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def demo(empty_environment: Path, tmp_path: Path) -> Iterator[str]:
    """The address of `surefoot demo` running from the wheel, with neither Node nor the checkout in sight."""
    port = free_port()
    tools = tmp_path / "path"
    tools.mkdir()
    environ = {"PATH": str(tools), "HOME": str(tmp_path), "SUREFOOT_DATA_DIR": str(tmp_path / "data")}
    environ |= {name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ}
    command = [empty_environment / "bin" / "surefoot", "demo", "--no-browser", "--port", str(port)]
    with (tmp_path / "demo.log").open("w") as log:
        process = subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(120)


def fetch(address: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            body: bytes = answer.read()
            return body
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_surefoot_demo_from_the_wheel_serves_the_dashboard_and_counts_live_steps(demo: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    page, live_steps = b"", 0
    while time.monotonic() < deadline and not (page and live_steps):
        page = page or fetch(f"{demo}/") or b""
        listed = json.loads(fetch(f"{demo}/api/sessions?limit=50") or b'{"items": []}')
        live_steps = max([item["steps"] for item in listed["items"] if item["state"] == "live"], default=0)
        time.sleep(0.5)
    assert b"<script" in page
    assert live_steps > 0
