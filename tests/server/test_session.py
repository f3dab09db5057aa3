import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.events import Event
from sensing.facts import StatedTest
from sensing.packets import Note, Packet, Record
from sensing.rawlog import RawLogError, read_raw_log
from sensing.recording import Facts, Recording, read_recording
from server.analyze import result_of
from server.closing import RECORDING_NAME
from server.monitor import Monitor
from server.packing import records_of
from server.plan import SessionPlan
from server.session import Session
from server.waveforms import FILE_NAME, read_waveforms
from server.wire import unframed, unpack_waveform
from tests.server.people import walker


class Kept:
    """An outlet that keeps what it is given."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.frames: list[bytes] = []
        self.states: list[str] = []

    def opened(self, session: Session) -> None:
        self.states.append("opened")

    def event(self, session: Session, ordinal: int, event: Event) -> None:
        assert ordinal == len(self.events)
        self.events.append(event)

    def waveform(self, session: Session, frame: bytes) -> None:
        self.frames.append(frame)

    def changed(self, session: Session) -> None:
        self.states.append(session.state)


class Hands:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def plan(name: str = "s-1") -> SessionPlan:
    return SessionPlan(name, "Anna", Facts("lower_back"), "GaitIMU 1")


def with_gap(recording: Recording, start_s: float, end_s: float) -> Recording:
    kept = (recording.time_s < start_s) | (recording.time_s >= end_s)
    assert recording.gyr_radps is not None
    return replace(
        recording,
        time_s=recording.time_s[kept],
        acc_mps2=np.ascontiguousarray(recording.acc_mps2[kept]),
        gyr_radps=np.ascontiguousarray(recording.gyr_radps[kept]),
    )


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(records_of(with_gap(walker(30.0), 14.0, 16.0)))


async def test_live_is_batch_the_recording_that_a_session_leaves_gives_the_very_same_events(
    monitor: Monitor, records: list[Record]
) -> None:
    session = monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 1")
    for record in records:
        monitor.receive(session, record)
    assert await monitor.close_session(session, "over") is None
    live = [dict(stored.event) for stored in monitor.store.events(session_id=session.plan.id)]
    recording = read_recording(monitor.directory_of(session.plan.id) / RECORDING_NAME)
    batch = result_of(recording)
    assert live == batch["events"]
    assert sum(event["kind"] == "step" for event in live) > 20
    assert len(recording.gaps) == 1
    row = monitor.store.session(session.plan.id)
    assert row is not None
    assert (row.state, row.gap_count, row.has_gyroscope) == ("finished", 1, True)
    assert row.steps == batch["summary"]["steps"]  # type: ignore[index,call-overload]
    assert row.duration_s == pytest.approx(recording.duration_s)


async def test_a_recording_that_is_played_leaves_the_same_recording(monitor: Monitor) -> None:
    original = with_gap(walker(12.0), 6.0, 7.0)
    session = monitor.open_session("Anna", original.facts, "recording")
    for block in original.blocks(7):
        session.receive_block(block)
    assert await monitor.close_session(session, "over") is None
    written = read_recording(monitor.directory_of(session.plan.id) / RECORDING_NAME)
    assert np.array_equal(written.time_s, original.time_s)
    assert np.array_equal(written.acc_mps2, original.acc_mps2)
    assert written.facts.position == "lower_back"


def test_the_raw_log_holds_every_record_in_order_on_the_sessions_own_time(
    tmp_path: Path, records: list[Record]
) -> None:
    session = Session(plan(), 1, tmp_path, Kept())
    later = [replace(record, arrival_s=record.arrival_s + 500.0) for record in records]
    for record in later:
        session.receive(record)
    session.end("over")
    log = read_raw_log(tmp_path)
    logged = list(log.records)
    assert [type(one) for one in logged[:-1]] == [type(one) for one in records]
    assert [one.arrival_s for one in logged[:-1]] == pytest.approx([one.arrival_s for one in records])
    assert isinstance(logged[-1], Note)
    assert logged[-1].kind == "stopped"
    assert SessionPlan.from_json(log.header["plan"]) == session.plan  # type: ignore[arg-type]


def test_what_comes_before_the_first_stream_note_is_not_part_of_the_session(tmp_path: Path) -> None:
    outlet = Kept()
    session = Session(plan(), 1, tmp_path / "s", outlet)
    session.receive(Packet(1.0, b"stray"))
    session.receive(Note(2.0, "disconnected"))
    assert not session.opened
    assert outlet.states == []
    assert not (tmp_path / "s").exists()


def test_waveforms_on_the_disk_are_the_bytes_that_pages_got(tmp_path: Path, records: list[Record]) -> None:
    outlet = Kept()
    session = Session(plan(), 3, tmp_path, outlet)
    for record in records:
        session.receive(record)
    session.end("over")
    stored = read_waveforms(tmp_path / FILE_NAME, -1e9, 1e9)
    assert [frame for _, frame in unframed(stored)] == outlet.frames
    read = [unpack_waveform(frame) for frame in outlet.frames]
    assert [one.frame_no for one in read] == list(range(len(read)))
    assert {one.stream_no for one in read} == {3}
    jumps = [
        after.t0_s - (before.t0_s + len(before.acc_body_mps2) * before.dt_s)
        for before, after in itertools.pairwise(read)
    ]
    assert sum(jump > 0.5 for jump in jumps) == 1, "the gap of two seconds shows as one jump"
    assert all(abs(jump) < 1e-6 or jump > 0.5 for jump in jumps)
    assert np.isfinite(read[10].rates_radps).all()
    part = [unpack_waveform(frame) for _, frame in unframed(read_waveforms(tmp_path / FILE_NAME, 5.0, 6.0))]
    assert part[0].t0_s <= 5.0
    assert part[-1].t0_s < 6.0 <= part[-1].t0_s + 0.11
    assert 10 <= len(part) <= 12


def test_silence_is_reported_by_the_watchdog_and_taken_back_by_the_next_packet(
    tmp_path: Path, records: list[Record]
) -> None:
    clock = Hands()
    session = Session(plan(), 1, tmp_path, Kept(), clock=clock, silence_s=1.5)
    session.on_status({"state": "streaming"})
    for record in records[:20]:
        session.receive(record)
    assert session.state == "streaming"
    clock.now_s += 1.0
    assert session.state == "streaming"
    assert session.last_sample_age_s == pytest.approx(1.0, abs=0.05)
    clock.now_s += 1.0
    assert session.state == "no_data"
    session.receive(records[20])
    assert session.state == "streaming"


def test_a_stream_that_never_sends_a_sample_is_silent_too(tmp_path: Path, records: list[Record]) -> None:
    clock = Hands()
    session = Session(plan(), 1, tmp_path, Kept(), clock=clock)
    session.on_status({"state": "streaming"})
    session.receive(records[0])
    clock.now_s += 2.0
    assert session.state == "no_data"


def test_what_the_operator_says_is_in_the_raw_log_and_in_the_facts(tmp_path: Path, records: list[Record]) -> None:
    clock = Hands()
    session = Session(plan(), 1, tmp_path, Kept(), clock=clock)
    for record in records[:50]:
        session.receive(record)
    clock.now_s += 0.25
    session.note("remark", {"text": "Has a cold."})
    stated = session.set_up(StatedTest("tug", cue_s=12.0))
    assert stated.set_s == pytest.approx(records[49].arrival_s + 0.25)
    assert session.told.facts == {"tests": [stated.to_json()]}
    session.end("over")
    notes = [one for one in read_raw_log(tmp_path).records if isinstance(one, Note)]
    assert [one.kind for one in notes] == ["stream", "remark", "test", "stopped"]
    assert notes[2].fields == {"protocol": "tug", "set_s": stated.set_s, "cue_s": 12.0, "aborted": False}
    with pytest.raises(ValueError, match="no test can be set up"):
        session.set_up(StatedTest("tug"))


def test_a_log_of_the_first_version_says_its_test_its_go_and_its_stop_in_three_notes(
    tmp_path: Path, records: list[Record]
) -> None:
    session = Session(plan(), 1, tmp_path, Kept())
    said = [Note(8.0, "test", {"test": "tug"}), Note(9.0, "cue", {}), Note(20.0, "end_cue", {})]
    for record in sorted([*records, *said], key=lambda one: one.arrival_s):
        session.receive(record)
    session.end("over")
    go, stop = session.told.tests
    assert (go.protocol, go.set_s, go.cue_s, go.end_cue_s) == ("tug", 9.0, 9.0, None)
    assert (stop.set_s, stop.cue_s, stop.end_cue_s) == (20.0, 9.0, 20.0)


def test_a_note_that_says_nothing_useful_changes_nothing(tmp_path: Path, records: list[Record]) -> None:
    session = Session(plan(), 1, tmp_path, Kept())
    for record in records[:50]:
        session.receive(record)
    for fields in ({"protocol": "hop"}, {"protocol": "tug", "cue_s": "now"}, {"test": "none"}):
        session.note("test", fields)
    session.note("cue", {})
    assert session.told.facts == {}
    assert session.fault is None


def test_too_many_tests_without_a_sample_between_them_are_left_out_live_as_in_the_recording(
    tmp_path: Path, records: list[Record]
) -> None:
    session = Session(plan(), 1, tmp_path, Kept())
    for record in records[:50]:
        session.receive(record)
    for _ in range(12):
        session.set_up(StatedTest("tug", cue_s=50.0))
    assert len(session.told.tests) == 8
    assert session.fault is None


def test_a_packet_that_a_driver_chokes_on_is_reported_and_the_rest_goes_on(
    tmp_path: Path, records: list[Record]
) -> None:
    outlet = Kept()
    session = Session(plan(), 1, tmp_path, outlet)
    session.receive(Note(0.0, "stream", {"driver": "no such driver", "choice": {}}))
    for record in records:
        session.receive(record)
    assert session.counters()["samples"] > 2000
    assert outlet.events


def test_a_disk_that_refuses_does_not_stop_the_live_view_and_is_said(tmp_path: Path, records: list[Record]) -> None:
    (tmp_path / "file").write_text("not a folder")
    outlet = Kept()
    session = Session(plan(), 1, tmp_path / "file" / "below", outlet)
    for record in records:
        session.receive(record)
    session.end("over")
    assert outlet.events
    assert outlet.frames
    assert session.fault is not None
    assert session.fault.startswith("Not being recorded")
    with pytest.raises(RawLogError):
        read_raw_log(tmp_path)


async def test_a_session_without_samples_leaves_nothing_in_the_list(monitor: Monitor, records: list[Record]) -> None:
    session = monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 1")
    monitor.receive(session, records[0])
    await monitor.store.flush()
    assert monitor.store.sessions(10)[0] == 1
    assert await monitor.close_session(session, "over") is None
    assert monitor.store.sessions(10)[0] == 0


def cut_up(recording: Recording, sizes: list[int]) -> Iterator[tuple[int, int]]:
    start = 0
    turn = 0
    while start < recording.time_s.size:
        end = min(start + sizes[turn % len(sizes)], recording.time_s.size)
        yield start, end
        start, turn = end, turn + 1


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=5))
def test_however_the_samples_are_cut_the_events_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    recording = walker(10.0)
    whole = next(iter(recording.blocks(100_000)))
    results = []
    for cuts in (sizes, [100_000]):
        outlet = Kept()
        session = Session(plan(), 1, tmp_path_factory.mktemp("s"), outlet)
        for start, end in cut_up(recording, cuts):
            session.receive_block(whole[start:end])
        session.end("over")
        results.append(([event.to_json() for event in outlet.events], outlet.frames))
    assert results[0] == results[1]
