import math
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from dsp.events import Event
from dsp.wearing import Wearing
from sensing.facts import CALIBRATION_FACTOR, Facts, Person, StrideCalibration
from sensing.recording import Recording, read_recording, write_recording
from server.calibration import CalibrationError, KnownWalk, error_share, measured_walk, with_walk
from server.calibration_walk import PROVISIONAL_HEIGHT_M, measure, pendulum_m, source_at, uncalibrated
from server.cli import app
from server.monitor import Monitor
from server.packing import records_of
from server.playing import import_recording, open_for
from server.storage.people import StoredPerson
from tests.server.people import walker
from tests.server.running import running

VOISARD = Path(__file__).parents[3] / "shared" / "recordings" / "voisard_healthy"


def steps(first_s: float, last_s: float, count: int, lengths: Sequence[float | None] = ()) -> list[Event]:
    apart = (last_s - first_s) / (count - 1)
    of = list(lengths) or [None] * count
    return [
        Event("step", first_s + n * apart, first_s + n * apart + 0.5, None, {"stride_length_m": of[n]})
        for n in range(count)
    ]


def bout(first_s: float, last_s: float, distance_m: float | None) -> Event:
    return Event("walking_bout", first_s, last_s + 3.0, last_s, {"distance_m": distance_m})


WALK = [*steps(10.0, 30.0, 41), bout(10.0, 30.0, 24.0)]


def test_a_walk_within_the_times_counts_with_its_whole_distance() -> None:
    found = measured_walk(WALK, 9.0, 31.0, one_leg=False)
    assert (found.measured_m, found.strides, found.start_s, found.end_s) == (24.0, 39, 10.0, 30.0)
    assert measured_walk(WALK, None, None, one_leg=False) == found, "the only walk needs no times"
    assert measured_walk(WALK, None, None, one_leg=True).strides == 40


def test_a_walk_that_the_times_cut_counts_with_its_steps_share_each_weighing_its_length() -> None:
    assert measured_walk(WALK, 10.0, 20.0, one_leg=False).measured_m == pytest.approx(24.0 * 21 / 41)
    lengths = [None] * 2 + [0.8] * 19 + [1.6] * 20
    walk = [*steps(10.0, 30.0, 41, lengths), bout(10.0, 30.0, 24.0)]
    usual = (0.8 * 19 + 1.6 * 20) / 39
    slow_m = 2 * usual + 0.8 * 19
    found = measured_walk(walk, 0.0, 20.0, one_leg=False)
    assert found.measured_m == pytest.approx(24.0 * slow_m / (slow_m + 1.6 * 20))


def test_walks_with_a_rest_between_them_add_up_when_the_times_hold_both() -> None:
    two = [*WALK, *steps(40.0, 50.0, 21), bout(40.0, 50.0, 12.0)]
    assert measured_walk(two, 5.0, 55.0, one_leg=False).measured_m == 36.0
    with pytest.raises(CalibrationError, match="There are 2 walks"):
        measured_walk(two, None, None, one_leg=False)


def test_steps_that_were_taken_back_do_not_count() -> None:
    back = Event("retraction", 33.0, 33.0, None, {"of_kind": "step", "of_time_s": 12.0})
    assert measured_walk([*WALK, back], 9.0, 31.0, one_leg=False).strides == 38


@pytest.mark.parametrize(
    ("events", "start_s", "end_s", "complaint"),
    [
        ([], None, None, "Nobody walked"),
        (WALK, 31.0, 60.0, "Nobody walked"),
        (WALK, 10.0, 15.0, "Only 9 strides"),
        ([*steps(10.0, 30.0, 41), bout(10.0, 30.0, None)], None, None, "gives no stride length"),
    ],
)
def test_a_walk_that_says_nothing_is_refused_with_a_sentence(
    events: list[Event], start_s: float | None, end_s: float | None, complaint: str
) -> None:
    with pytest.raises(CalibrationError, match=complaint):
        measured_walk(events, start_s, end_s, one_leg=False)


def known(distance_m: float = 20.0, measured_m: float = 20.0, start_s: float = 0.0, source: str = "s") -> KnownWalk:
    return KnownWalk(source, start_s, start_s + 20.0, distance_m, measured_m, 30, "2026-11-21T09:00:00+00:00")


def test_the_factor_is_known_over_measured_distance_of_all_walks_together() -> None:
    first = with_walk(None, known(20.0, 18.0), 0.95)
    assert first["factor"] == pytest.approx(20 / 18, abs=1e-4)
    assert (first["pendulum_m"], first["walked_m"], len(first["walks"])) == (0.95, 20.0, 1)
    second = with_walk(first, known(40.0, 40.0, 100.0), 0.95)
    assert second["factor"] == pytest.approx(60 / 58, abs=1e-4)
    assert (second["walked_m"], len(second["walks"])) == (60.0, 2)


def test_a_walk_measured_again_replaces_itself() -> None:
    first = with_walk(None, known(20.0, 18.0), 0.95)
    again = with_walk(first, known(20.0, 19.0, 3.0), 0.95)
    assert (again["factor"], len(again["walks"])) == (round(20 / 19, 4), 1)
    elsewhere = with_walk(first, known(20.0, 19.0, 3.0, source="other"), 0.95)
    assert len(elsewhere["walks"]) == 2


@pytest.mark.parametrize(
    ("walk", "complaint"),
    [
        (known(9.0, 9.0), "too short"),
        (known(20.0, 40.0), "cannot be 20 m"),
        (known(40.0, 20.0), "cannot be 40 m"),
    ],
)
def test_a_walk_that_cannot_be_believed_is_refused(walk: KnownWalk, complaint: str) -> None:
    with pytest.raises(CalibrationError, match=complaint):
        with_walk(None, walk, None)


def test_more_walks_are_surer_and_walks_that_disagree_less_so() -> None:
    one, three = [known()], [known(start_s=n * 100.0) for n in range(3)]
    disagreeing = [known(20.0, 20.0 * scale, n * 100.0) for n, scale in enumerate((0.8, 1.0, 1.25))]
    assert 0.02 < error_share(three) < error_share(one) < 0.06
    assert error_share(disagreeing) > 2 * error_share(three)
    assert error_share([replace(known(), strides=200)]) < error_share(one)


@given(st.lists(st.tuples(st.floats(10, 400), st.floats(0.61, 1.59)), min_size=1, max_size=25))
def test_any_walks_give_a_factor_between_the_smallest_and_the_largest(given_walks: list[tuple[float, float]]) -> None:
    stored: dict[str, Any] | None = None
    for number, (distance_m, ratio) in enumerate(given_walks):
        stored = with_walk(stored, known(distance_m, distance_m / ratio, 100.0 * number), None)
    assert stored is not None
    ratios = [ratio for _, ratio in given_walks[-20:]]
    assert min(ratios) - 1e-3 <= stored["factor"] <= max(ratios) + 1e-3
    assert CALIBRATION_FACTOR[0] <= stored["factor"] <= CALIBRATION_FACTOR[1]
    assert 0.0 < stored["error_share"] < 1.0
    assert len(stored["walks"]) == min(20, len(given_walks))
    StrideCalibration.from_json({name: stored[name] for name in ("factor", "pendulum_m", "error_share", "walked_m")})


# --- measured anew from what was recorded ---


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
    stored = {"lower_back": with_walk(None, known(), 0.9)}
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
