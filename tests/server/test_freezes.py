"""Freezes from the switch in a person's facts to the events of their sessions, and what analyze makes of them."""

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from sensing.facts import Facts, FactsError
from sensing.recording import Recording, read_recording, write_recording
from server.analyze import result_of
from server.bench import freezes as bench
from server.cli import app
from server.closing import RECORDING_NAME
from server.commands_people import run_person_set
from server.monitor import Monitor
from server.packing import records_of
from server.playing import play
from server.recovery import recover
from server.storage.people import add_person, change_person
from tests.dsp.freezing import TREMBLE, WALK, freezing
from tests.server.running import running

FROZE_S, THAWED_S = 18.0, 22.0
ANKLE = Facts("ankle_left", rate_hz=100.0)


@pytest.fixture
async def client(monitor: Monitor) -> AsyncIterator[httpx.AsyncClient]:
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as opened:
        yield opened


def frozen(name: str = "anna") -> Recording:
    stream = freezing((WALK, 17.6), (TREMBLE, 4.0), (WALK, 16.5))
    return Recording(name, ANKLE, 100.0, stream.time_s, stream.acc_mps2, stream.gyr_radps)


def feed(monitor: Monitor, label: str) -> str:
    session = monitor.open_session(label, ANKLE, "GaitIMU 2")
    for record in records_of(frozen()):
        monitor.receive(session, record)
    return session.plan.id


def freezes_of(monitor: Monitor, session_id: str) -> list[dict[str, Any]]:
    return [dict(one.event) for one in monitor.store.events(session_id=session_id) if one.event["kind"] == "freeze"]


async def test_the_switch_is_kept_with_the_person_and_is_off_where_it_is_left_out(client: httpx.AsyncClient) -> None:
    added = (await client.post("/api/people", json={"name": "Anna"})).json()
    assert added["freezes"] is False
    path = f"/api/people/{added['id']}"
    assert (await client.put(path, json={"name": "Anna", "freezes": True})).json()["freezes"] is True
    assert (await client.get(path)).json()["freezes"] is True
    assert (await client.put(path, json={"name": "Anna"})).json()["freezes"] is False


def test_the_command_line_switches_it_and_leaves_it_as_it_is_otherwise(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"data_dir": tmp_path}
    assert run_person_set(options, "Anna", {"freezes": True}, None) == 0
    assert "looked for" in capsys.readouterr().err
    assert run_person_set(options, "Anna", {"height_m": 1.7}, None) == 0
    assert "looked for" in capsys.readouterr().err
    assert run_person_set(options, "Anna", {"freezes": False}, None) == 0
    assert "looked for" not in capsys.readouterr().err


async def test_live_they_are_found_where_it_is_switched_on_and_a_crash_changes_nothing(tmp_path: Path) -> None:
    async with Monitor(tmp_path / "running") as monitor:
        anna = await monitor.store.change(lambda c: add_person(c, {"name": "Anna", "freezes": True}))
        session_id = feed(monitor, "Anna")
        await monitor.store.flush()
        (live,) = freezes_of(monitor, session_id)
        assert live["time_s"] < THAWED_S
        assert live["end_s"] > FROZE_S
        await monitor.store.change(lambda c: change_person(c, anna.id, {"name": "Anna", "freezes": False}))
        shutil.copytree(tmp_path / "running", tmp_path / "crashed")
    async with Monitor(tmp_path / "crashed") as monitor:
        await recover(monitor)
        assert freezes_of(monitor, session_id) == [live], "what was chosen when it began holds"
        recording = read_recording(monitor.directory_of(session_id) / RECORDING_NAME)
        assert [e for e in result_of(recording)["events"] if e["kind"] == "freeze"] == [live], "live is batch"


async def test_live_and_replayed_nothing_is_found_where_it_was_not_switched_on(monitor: Monitor) -> None:
    session_id = feed(monitor, "Bert")
    await monitor.close_session(monitor.sessions[session_id], "Done.")
    await monitor.store.change(lambda c: add_person(c, {"name": "Bert", "freezes": True}))
    again = await play(monitor, monitor.directory_of(session_id), None)
    await monitor.store.flush()
    assert freezes_of(monitor, session_id) == freezes_of(monitor, again.plan.id) == []
    assert monitor.store.events(session_id=again.plan.id), "there were other events"


def test_analyze_looks_for_them_unless_told_not_to(tmp_path: Path) -> None:
    path = tmp_path / "anna.parquet"
    write_recording(path, frozen())
    kinds = {}
    for option in ("--freezes", "--no-freezes", ""):
        out = tmp_path / f"out{option}"
        done = CliRunner().invoke(app, ["analyze", str(path), "--out", str(out), *([option] if option else [])])
        assert done.exit_code == 0, done.output
        kinds[option] = [event["kind"] for event in json.loads((out / "anna.json").read_text())["events"]]
    assert kinds[""] == kinds["--freezes"]
    assert kinds[""].count("freeze") == 1
    assert "freeze" not in kinds["--no-freezes"]


def test_the_fact_must_be_yes_or_no() -> None:
    assert Facts.from_json({"position": "ankle_left", "person": {"freezes": True}}).to_json()["person"] == {
        "freezes": True
    }
    with pytest.raises(FactsError, match="true or false"):
        Facts.from_json({"position": "ankle_left", "person": {"freezes": "sometimes"}})


def test_the_bench_measures_the_time_that_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    write_recording(folder / "one.parquet", frozen("one"))
    truth = {"subject": "A", "freezes_s": [[FROZE_S, THAWED_S]], "freeze_covered_s": [[0.0, 37.0]]}
    (folder / "truth.json").write_text(json.dumps({"one": truth, "lost": truth, "other": {}}))
    (row,) = bench.measured(tmp_path, (0.45,)).values()
    times = row.curve[True, 0.45]
    assert (row.recordings, times.frozen_s, times.free_s) == (1, pytest.approx(4.0), pytest.approx(33.0))
    assert times.hit_s > 3.0
    assert times.wrong_s < 3.0
    assert bench.main([str(tmp_path)]) == 0
    assert "set A ankle_left*" in capsys.readouterr().out
