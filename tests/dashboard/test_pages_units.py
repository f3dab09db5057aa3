"""The dashboard's own unit tests and its lock file."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dashboard.bundle import HERE, BuildError, build, find_npm


def test_the_unit_tests_of_the_pages_pass() -> None:
    try:
        build()
        npm = find_npm()
    except BuildError as problem:
        pytest.skip(str(problem))
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    outcome = subprocess.run(
        [*npm, "test"], cwd=HERE, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_lock_file_names_no_registry_and_has_a_checksum_for_every_package() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry.get("integrity", "").startswith("sha512-"), name
