"""What people say of an alarm is kept as a label beside the recording."""

import json
from pathlib import Path

import httpx
import pytest

from dsp.events import Event
from sensing.facts import Facts
from sensing.packets import Note
from server.alerts import labels
from server.monitor import Monitor
from tests.server.running import running

SAID = {"by": "Ben", "outcome": "false_alarm", "label": "Sat down hard", "note": "On the kitchen chair."}


async def fallen(monitor: Monitor) -> tuple[str, Path]:
    """The id of an alert, and where its session's files are."""
    session = monitor.open_session("Dora", Facts("lower_back"), "sensor")
    session.receive(Note(0.0, "stream", {}))
    monitor.event(session, 0, Event("fall", 1.5, 4.2, fields={"confidence": 0.9, "impact_mps2": 40.0, "lying_s": None}))
    session.events += 1
    (alert,) = monitor.alerts.open.values()
    return alert.id, monitor.directory_of(session.plan.id)


async def test_a_label_lies_beside_the_recording_and_is_put_right_with_the_outcome(tmp_path: Path) -> None:
    async with (
        Monitor(tmp_path) as monitor,
        running(monitor) as server,
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        alert_id, folder = await fallen(monitor)
        assert not (folder / "labels.json").exists()
        assert (await client.post(f"/api/alerts/{alert_id}/resolve", json=SAID)).status_code == 200
        kept = json.loads((folder / "labels.json").read_text())
        assert kept["schema"] == "surefoot.labels/1"
        (one,) = kept["labels"]
        assert (one["time_s"], one["kind"], one["outcome"], one["label"]) == (
            1.5,
            "fall",
            "false_alarm",
            "Sat down hard",
        )
        assert (one["note"], one["by"]) == ("On the kitchen chair.", "Ben")
        other = {"by": "Cleo", "outcome": "fall_no_injury"}
        assert (await client.post(f"/api/alerts/{alert_id}/resolve", json=other)).status_code == 200
        (one,) = json.loads((folder / "labels.json").read_text())["labels"]
        assert (one["outcome"], one["label"], one["by"]) == ("fall_no_injury", None, "Cleo")


async def test_a_disk_that_refuses_the_labels_costs_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "FILE_NAME", "no-such-folder/labels.json")
    async with (
        Monitor(tmp_path) as monitor,
        running(monitor) as server,
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        alert_id, _ = await fallen(monitor)
        assert (await client.post(f"/api/alerts/{alert_id}/resolve", json=SAID)).json()["label"] == "Sat down hard"
