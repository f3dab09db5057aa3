import json
import os
import re
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sensing.recording import write_recording
from server import VERSION
from server.cli import app
from tests.server.people import walker

COMMANDS = (
    "serve",
    "live",
    "demo",
    "analyze",
    "record",
    "replay",
    "scan",
    "test",
    "sessions",
    "token",
    "people",
    "person",
    "calibrate",
)


def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person would start it."""
    return subprocess.run(
        [sys.executable, "-m", "server.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **more},
    )


def invoke(*arguments: object) -> tuple[int, str]:
    """The command in this process: quicker, for what ends before anything is started."""
    result = CliRunner().invoke(app, list(map(str, arguments)), env={"NO_COLOR": "1", "COLUMNS": "200"})
    return result.exit_code, result.output


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION
    assert invoke("--version") == (0, f"surefoot {VERSION}\n")


def test_help_names_every_command_with_a_sentence() -> None:
    status, text = invoke("--help")
    assert status == 0
    for command in COMMANDS:
        assert re.search(rf"{command}\s+\w+", text), command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_every_command_is_explained(command: str) -> None:
    status, text = invoke(command, "--help")
    assert status == 0
    assert "Usage" in text
    for line in text.splitlines():
        option = re.match(r"[│\s*]*(--[a-z-]+)(.*)", line)
        if option and option[1] != "--help":
            assert re.search(r"[A-Z0-9][a-z ].{8,}", option[2]), line


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("analyze",),
        ("analyze", "x.parquet"),
        ("live", "--position", "elbow"),
        ("serve", "--port", "many"),
        ("replay", "x", "--speed", "0"),
        ("record", "out.txt"),
    ],
)
def test_unusable_arguments_end_with_2(arguments: tuple[str, ...]) -> None:
    status, text = invoke(*arguments)
    assert status == 2
    assert text.strip()


def test_a_server_for_the_network_without_a_token_ends_with_2_and_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUREFOOT_TOKEN", raising=False)
    status, text = invoke("serve", "--host", "0.0.0.0")
    assert status == 2
    assert "surefoot token" in text


def test_analyze_keeps_to_the_contracts_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_recording(tmp_path / "in" / "good.parquet", walker(8.0))
    out = tmp_path / "out"
    fine = run("analyze", tmp_path / "in" / "good.parquet", "--out", out)
    assert (fine.returncode, fine.stdout) == (0, ""), fine.stderr
    result = json.loads((out / "good.json").read_text())
    assert result["schema"] == "surefoot.analysis/1"
    (tmp_path / "in" / "bad.csv").write_text("time_s,nothing\n0,1\n")
    some = run("analyze", tmp_path / "in", "--out", tmp_path / "out2")
    assert some.returncode == 1
    assert "bad.csv" in some.stderr
    assert (tmp_path / "out2" / "good.json").exists()
    assert "Traceback" not in some.stderr
    none = run("analyze", tmp_path / "nowhere.parquet", "--out", out)
    assert none.returncode == 1
    assert "nowhere.parquet" in none.stderr
    assert run("analyze", tmp_path / "in", "--out", out, "--fact", "height").returncode == 2
    assert run("analyze", tmp_path / "in", "--out", out, "--test", "marathon").returncode == 2
    assert run("analyze", tmp_path / "in", "--out", out, "--until", "nan").returncode == 2
    assert run("analyze", tmp_path / "in", "--out", out, "--until", "-3").returncode == 2


def test_analyze_takes_facts_from_its_options_and_stops_where_it_is_told(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.csv", walker(20.0))
    (tmp_path / "a.json").unlink()
    done = run("analyze", tmp_path / "a.csv", "--out", tmp_path, "--position", "waist", "--until", 12, "--height", 1.7)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "a.json").read_text())
    assert result["recording"]["position"] == "waist"
    assert result["recording"]["duration_s"] == pytest.approx(12.0, abs=0.02)
    assert max(event["emitted_s"] for event in result["events"]) <= 12.0


def test_analyze_takes_a_test_with_its_go_and_its_stop_from_its_options(tmp_path: Path) -> None:
    write_recording(tmp_path / "a.csv", walker(40.0, still_s=60.0))
    test = ("--test", "stance", "--stance", "tandem_left", "--cue", 5, "--end-cue", 17.5)
    done = run("analyze", tmp_path / "a.csv", "--out", tmp_path / "out", *test)
    assert done.returncode == 0, done.stderr
    (stance,) = (e for e in json.loads((tmp_path / "out" / "a.json").read_text())["events"] if e["kind"] == "stance")
    assert (stance["condition"], stance["prompted"], stance["cue_s"]) == ("tandem_left", True, 5.0)
    assert stance["end_s"] == pytest.approx(17.5, abs=0.1)


def test_analyze_does_not_wait_for_what_only_a_server_needs() -> None:
    program = (
        "import sys; from server.commands_offline import run_analyze; import server.cli, server.analyze; "
        "print([m for m in ('fastapi', 'uvicorn', 'sqlalchemy', 'bleak', 'bumble', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_port_in_use_is_a_sentence_with_another_port(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", port, "--data-dir", tmp_path)
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_surefoot_on_the_same_folder_says_so(tmp_path: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, "-m", "server.cli", "serve", "--port", "0", "--data-dir", str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert first.stderr is not None
        assert "Surefoot is at" in first.stderr.readline()
        second = run("serve", "--port", 0, "--data-dir", tmp_path)
        assert second.returncode == 1
        assert f"process {first.pid}" in second.stderr
        first.send_signal(signal.SIGINT)
        assert first.wait(20) == 0
        assert "every session is closed" in first.stderr.read()
    finally:
        first.kill()
        first.wait()


def test_what_there_is_not_to_play_or_to_record_is_a_sentence(tmp_path: Path) -> None:
    status, text = invoke("replay", "nothing", "--data-dir", tmp_path, "--no-browser", "--port", 0)
    assert status == 1
    assert "neither a recording" in text
    (tmp_path / "there.csv").write_text("x")
    status, text = invoke("record", tmp_path / "there.csv", "--data-dir", tmp_path)
    assert status == 2
    assert "--overwrite" in text
    status, text = invoke("sessions", "--data-dir", tmp_path)
    assert status == 0
    assert "no sessions" in text


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a user's folders private by itself")
def test_a_new_data_folder_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    invoke("replay", "nothing", "--data-dir", tmp_path / "people", "--no-browser", "--port", 0)
    assert (tmp_path / "people").stat().st_mode & 0o077 == 0


def test_a_token_comes_alone_on_standard_output() -> None:
    done = run("token")
    assert done.returncode == 0
    assert re.fullmatch(r"[\w-]{43}\n", done.stdout)
    assert "SUREFOOT_TOKEN" in done.stderr
