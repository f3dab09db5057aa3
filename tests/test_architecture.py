"""The rules of the tree that no type checker sees: import directions, locks, what ships in the wheel."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def test_imports_point_from_server_to_dsp_to_sensing_and_dsp_stays_pure() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_a_version_and_a_hash_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    entries = re.split(r"\n(?=\S)", text.strip())
    assert entries
    for entry in entries:
        assert re.match(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==\S+", entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text


def test_the_small_locks_agree_with_the_large_one() -> None:
    def versions(name: str) -> set[str]:
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        return set(re.findall(r"^([A-Za-z0-9._-]+==[^\s;]+)", text, flags=re.MULTILINE))

    everything = versions("dev")
    for small in ("runtime", "build", "node"):
        assert versions(small) <= everything, small


def test_what_the_wheel_asks_for_is_what_the_runtime_lock_was_made_from() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = (ROOT / "requirements" / "runtime.in").read_text().split()
    assert sorted(wanted) == sorted(project["dependencies"])


def test_the_dashboards_lock_names_no_address() -> None:
    lock = json.loads((ROOT / "dashboard" / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_no_source_file_has_outgrown_four_hundred_lines() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py", "*.ts", "*.tsx", "*.css"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in listed if (ROOT / name).exists()}
    assert {name: n for name, n in lengths.items() if n > 400} == {}
