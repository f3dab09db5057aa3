"""Calibration walks measured anew from what was recorded: from files, through the page's API, on the command line."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from dsp.wearing import Wearing
from sensing.facts import Facts, Person, StrideCalibration
from sensing.recording import Recording, read_recording, write_recording
from server.analyze import result_of
from server.calibration import KnownWalk, with_walk
from server.calibration_walk import PROVISIONAL_HEIGHT_M, measure, pendulum_m, source_at, uncalibrated
from server.cli import app
from server.closing import RECORDING_NAME
from server.monitor import Monitor
from server.packing import records_of
from server.playing import import_recording, open_for
from server.storage.people import StoredPerson
from tests.server.people import walker
from tests.server.running import running

VOISARD = Path(__file__).parents[3] / "shared" / "recordings" / "voisard_healthy"
EARLIER = KnownWalk("s", 0.0, 20.0, 20.0, 20.0, 30, "2026-11-21T09:00:00+00:00")


def anna(height_m: float | None = None, **more: Any) -> StoredPerson:
    return StoredPerson(1, "Anna", height_m, None, None, None, None, more)


def tall(recording: Recording, height_m: float, factor: float | None = None) -> Recording:
    calibrations = {"lower_back": StrideCalibration(factor, 1.1)} if factor else None
    person = Person(height_m=height_m, stride_calibration=calibrations)
    return replace(recording, facts=replace(recording.facts, person=person))


def test_without_any_height_a_walk_is_measured_as_if_of_somebody_of_170_centimetres() -> None:
    recording = walker(40.0)
    nobody = uncalibrated(recording.facts, anna())
    assert nobody.sensor_height_m == pendulum_m(Wearing("lower_back", height_m=PROVISIONAL_HEIGHT_M))
    same = uncalibrated(tall(recording, PROVISIONAL_HEIGHT_M).facts, anna())
    blocks = list(recording.blocks(512))
    assert measure(blocks, nobody, None, None) == measure(blocks, same, None, None)


def test_the_person_is_as_tall_as_the_facts_say_else_as_is_known() -> None:
    facts = walker(5.0).facts
    assert uncalibrated(facts, anna(1.5)).sensor_height_m == pendulum_m(Wearing("lower_back", height_m=1.5))
    assert uncalibrated(tall(walker(5.0), 1.9).facts, anna(1.5)).sensor_height_m == pendulum_m(
        Wearing("lower_back", height_m=1.9)
    )


def test_a_calibration_in_force_changes_nothing_and_further_walks_use_its_sensor_height() -> None:
    recording = tall(walker(40.0), 1.8, 1.3)
    wearing = uncalibrated(recording.facts, anna())
    assert wearing.calibration is None
    assert wearing.sensor_height_m == pendulum_m(Wearing("lower_back", height_m=1.8))
    stored = {"lower_back": with_walk(None, EARLIER, 0.9)}
    assert uncalibrated(recording.facts, anna(1.8, **stored)).sensor_height_m == 0.9


def test_elsewhere_no_sensor_height_is_made_up() -> None:
    wearing = uncalibrated(Facts("wrist"), anna(1.6))
    assert (wearing.position, wearing.height_m, wearing.sensor_height_m) == ("wrist", 1.6, None)


def test_a_part_of_a_long_recording_is_measured_as_in_the_whole() -> None:
    recording = walker(200.0)
    wearing = uncalibrated(recording.facts, anna())
    whole = measure(list(recording.blocks(128)), wearing, 100.0, 120.0)
    late = [block for block in recording.blocks(128) if block.time_s[0] > 30.0]
    part = measure(late, wearing, 100.0, 120.0)
    assert part.strides == whole.strides
    assert part.measured_m == pytest.approx(whole.measured_m, rel=0.02)


@pytest.mark.skipif(not VOISARD.is_dir(), reason="the development recordings are not there")
def test_people_who_walked_twenty_metres_are_measured_within_a_tenth_after_one_calibration_walk() -> None:
    errors = []
    for subject in ("v01", "v03", "v05"):
        ratios = []
        for trial in (1, 2, 3):
            recording = read_recording(VOISARD / f"{subject}_{trial}_lower_back.parquet")
            wearing = uncalibrated(recording.facts, anna())
            ratios.append(20.0 / measure(recording.blocks(8192), wearing, 0.0, 1e6).measured_m)
        errors += [abs(ratios[0] / other - 1.0) for other in ratios[1:]]
    assert max(errors) < 0.1
    assert sum(errors) / len(errors) < 0.05


# --- through the page's API ---


@dataclass
class Api:
    """A server that knows Anna, with a finished walk of hers."""

    monitor: Monitor
    client: httpx.AsyncClient
    person: int
    session: str

    async def calibrate(self, **wish: Any) -> httpx.Response:
        asked = {"session_id": self.session, "distance_m": 20.0, **wish}
        return await self.client.post(f"/api/people/{self.person}/calibrations", json=asked)


@pytest.fixture
async def api(monitor: Monitor) -> AsyncIterator[Api]:
    await import_recording(monitor, walker(30.0, name="anna"), simulated=False)
    session = monitor.store.sessions(1)[1][0].id
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url, timeout=30) as client:
        person = (await client.post("/api/people", json={"name": "Anna"})).json()["id"]
        yield Api(monitor, client, person, session)


def walked_m(recording: Recording) -> float:
    return measure(recording.blocks(512), uncalibrated(recording.facts, anna()), None, None).measured_m


async def test_a_walk_becomes_a_calibration_that_the_next_session_carries(api: Api) -> None:
    really_m = round(1.1 * walked_m(walker(30.0)), 2)
    answer = await api.calibrate(distance_m=really_m)
    assert answer.status_code == 201, answer.text
    done = answer.json()
    assert done["factor"] == pytest.approx(1.1, abs=2e-3)
    assert done["measured_m"] == pytest.approx(really_m / 1.1, rel=2e-3)
    assert done["strides"] > 12
    assert done["pendulum_m"] == pendulum_m(Wearing("lower_back", height_m=1.7))
    person = (await api.client.get(f"/api/people/{api.person}")).json()
    assert person["calibrations"] == [{k: v for k, v in done.items() if k not in ("measured_m", "strides")}]
    session = api.monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 2")
    calibration = session.plan.wearing.calibration
    assert calibration is not None
    assert (calibration.factor, calibration.pendulum_m) == (done["factor"], done["pendulum_m"])
    gone = (await api.client.delete(f"/api/people/{api.person}/calibrations/lower_back")).json()
    assert gone["calibrations"] == []
    missing = await api.client.delete(f"/api/people/{api.person}/calibrations/lower_back")
    assert (missing.status_code, missing.json()["detail"]) == (404, "Anna has no calibration for the lower back.")


async def test_a_session_in_progress_is_measured_from_its_raw_log_up_to_now(api: Api) -> None:
    session = api.monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 2")
    for record in records_of(walker(30.0)):
        api.monitor.receive(session, record)
    really_m = round(0.9 * walked_m(walker(30.0)), 2)
    answer = await api.calibrate(session_id=session.plan.id, distance_m=really_m, start_s=1.0, end_s=30.0)
    assert answer.status_code == 201, answer.text
    assert answer.json()["factor"] == pytest.approx(0.9, abs=0.02)


async def test_a_recording_that_is_being_played_is_measured_from_its_samples(api: Api) -> None:
    recording = walker(30.0, name="anna")
    session = open_for(api.monitor, recording, simulated=False)
    for block in recording.blocks(8):
        session.receive_block(block)
    really_m = round(walked_m(recording), 2)
    answer = await api.calibrate(session_id=session.plan.id, distance_m=really_m)
    assert answer.json()["factor"] == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize(
    ("wish", "status", "complaint"),
    [
        ({"session_id": "nothing"}, 404, "There is no session nothing."),
        ({"distance_m": 5.0}, 409, "too short"),
        ({"distance_m": 900.0}, 409, "cannot be 900 m"),
        ({"start_s": 0.0, "end_s": 2.0}, 409, "Nobody walked"),
        ({"start_s": 10.0, "end_s": 12.0}, 409, "Only"),
        ({"start_s": 12.0, "end_s": 10.0}, 409, "ends before it begins"),
    ],
)
async def test_what_cannot_be_used_is_refused_with_a_sentence(
    api: Api, wish: dict[str, Any], status: int, complaint: str
) -> None:
    answer = await api.calibrate(**wish)
    assert answer.status_code == status
    assert complaint in answer.json()["detail"]
    assert (await api.client.get(f"/api/people/{api.person}")).json()["calibrations"] == []


async def test_somebody_elses_walk_is_refused(api: Api) -> None:
    await import_recording(api.monitor, walker(30.0, name="bert"), simulated=False)
    answer = await api.calibrate(session_id=api.monitor.store.sessions(1)[1][0].id)
    assert answer.status_code == 409
    assert "is of Bert, not of Anna" in answer.json()["detail"]


# --- on the command line ---


def surefoot(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(map(str, arguments)), env={"NO_COLOR": "1", "COLUMNS": "200"})
    return result.exit_code, " ".join(result.output.split())


def test_people_are_kept_and_calibrated_on_the_command_line(tmp_path: Path) -> None:
    data, recording = tmp_path / "data", tmp_path / "walk.parquet"
    write_recording(recording, walker(30.0))
    here = ("--data-dir", data)
    assert "Nobody is known yet" in surefoot("people", *here)[1]
    status, said = surefoot("calibrate", recording, "--distance", 20, "--person", "Anna", *here)
    assert (status, "There is no person Anna yet" in said) == (2, True)
    assert surefoot("person", "set", "Anna", "--height", 1.62, "--age", 61, *here)[0] == 0
    assert surefoot("person", "set", "anna", "--sensor-height", 1.7, *here)[0] == 2
    assert surefoot("person", "set", "ANNA", "--sensor-height", 0.98, *here)[0] == 0
    assert surefoot("person", "set", "Bert", *here)[0] == 0
    status, said = surefoot("person", "set", "Bert", "--rename", "anna", *here)
    assert (status, "There is a person Anna already" in said) == (2, True)
    really_m = round(walked_m(walker(30.0)) * math.sqrt(0.98 / (0.593 * 1.7)), 1)
    status, said = surefoot("calibrate", recording, "--distance", really_m, "--person", "anna", *here)
    assert status == 0, said
    assert "from the next session on" in said
    status, said = surefoot("people", *here)
    assert "1.62 m" in said
    assert "lower back × " in said
    status, said = surefoot("calibrate", recording, "--distance", 3, "--person", "Anna", *here)
    assert (status, "too short" in said) == (1, True)
    status, said = surefoot("calibrate", "nowhere", "--distance", 20, "--person", "Anna", *here)
    assert (status, "neither a recording" in said) == (1, True)


async def test_the_session_of_somebody_else_is_refused_on_the_command_line(monitor: Monitor, tmp_path: Path) -> None:
    session = monitor.open_session("Bert", Facts("lower_back"), "GaitIMU 2")
    for record in records_of(walker(10.0)):
        monitor.receive(session, record)
    await monitor.store.flush()
    source = source_at(monitor.directory_of(session.plan.id))
    assert (source.name, source.label) == (session.plan.id, "Bert")
    surefoot("person", "set", "Anna", "--data-dir", tmp_path)
    folder = monitor.directory_of(session.plan.id)
    status, said = surefoot("calibrate", folder, "--distance", 20, "--person", "Anna", "--data-dir", tmp_path)
    assert status == 2
    assert "is of Bert, not of Anna" in said


def test_a_calibration_can_be_stated_for_an_analysis(tmp_path: Path) -> None:
    recording = tmp_path / "walk.parquet"
    write_recording(recording, walker(30.0))
    stated = 'stride_calibration={"lower_back": {"factor": 7}}'
    status, said = surefoot("analyze", recording, "--out", tmp_path / "out", "--fact", stated)
    assert (status, "factor 7 must lie between 0.6 and 1.6" in said) == (2, True)
    stated = 'stride_calibration={"lower_back": {"factor": 1.1, "pendulum_m": 1.0}}'
    assert surefoot("analyze", recording, "--out", tmp_path / "out", "--fact", stated)[0] == 0


async def test_the_calibrated_walk_comes_out_as_long_as_it_was_and_the_next_ones_error_is_the_calibrations(
    api: Api,
) -> None:
    recording = walker(30.0)
    really_m = round(1.1 * walked_m(recording), 2)
    assert (await api.calibrate(distance_m=really_m)).status_code == 201
    session = api.monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 2")
    for record in records_of(recording):
        api.monitor.receive(session, record)
    await api.monitor.close_session(session, "Done.")
    (bout,) = api.monitor.store.events(session_id=session.plan.id, kinds=["walking_bout"])
    assert bout.event["distance_m"] == pytest.approx(really_m, rel=0.02)
    assert bout.event["length_model"] == "pendulum, calibrated"
    written = read_recording(api.monitor.directory_of(session.plan.id) / RECORDING_NAME)
    again = [event for event in result_of(written)["events"] if event["kind"] == "walking_bout"]
    assert again == [dict(bout.event)], "the recording alone gives the same numbers"
