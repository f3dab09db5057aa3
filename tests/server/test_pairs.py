"""Two sensors of one person are paired while they run, and again when their sessions are played."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensing.facts import Facts
from sensing.packets import Record
from sensing.recording import Recording, read_recording
from server.monitor import Monitor
from server.numbers import numbers_over_time
from server.packing import records_of
from server.pairs import offset_of, partner_of
from server.session import Session

SAMPLES = Path(__file__).resolve().parents[2] / "sensing" / "samples"
LATER_S = 3.0  # the right sensor is switched on so much later
RADIO_S = 500.0  # what the radio's clock shows at the beginning
BEGAN = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def ankle(side: str, start_s: float = 0.0, stop_s: float = 40.0) -> Recording:
    recording = read_recording(SAMPLES / f"bert_walks_ankle_{side}.parquet")
    part = (recording.time_s >= start_s) & (recording.time_s < stop_s)
    assert recording.gyr_radps is not None
    return replace(
        recording,
        time_s=recording.time_s[part],
        acc_mps2=recording.acc_mps2[part],
        gyr_radps=recording.gyr_radps[part],
    )


def heard(recording: Recording, after_s: float) -> Iterator[Record]:
    for record in records_of(recording):
        yield replace(record, arrival_s=record.arrival_s + RADIO_S + after_s)


def walk_with_both(monitor: Monitor, labels: tuple[str, str] = ("Bert", "Bert")) -> tuple[Session, Session]:
    """Both ankles' packets in the order in which they are heard."""
    sessions = []
    for label, side, began in zip(labels, ("left", "right"), (0.0, LATER_S), strict=True):
        session = monitor.open_session(label, Facts(f"ankle_{side}"), f"GaitIMU {side}")  # type: ignore[arg-type]
        session.started_at = BEGAN + timedelta(seconds=began)
        sessions.append(session)
    left, right = sessions
    records = [(record, left) for record in heard(ankle("left"), 0.0)]
    records += [(record, right) for record in heard(ankle("right", LATER_S), LATER_S)]
    for record, session in sorted(records, key=lambda one: one[0].arrival_s):
        monitor.receive(session, record)
    return left, right


async def test_both_streams_show_what_the_two_tell_together(monitor: Monitor) -> None:
    left, right = walk_with_both(monitor)
    for session, other in ((left, right), (right, left)):
        numbers = monitor.pairs.numbers(session)
        assert numbers is not None
        assert numbers.with_session_id == other.plan.id
        assert numbers.steps == 20
        assert numbers.left_step_time_s == pytest.approx(0.535, abs=0.04)
        assert numbers.right_step_time_s == pytest.approx(0.535, abs=0.04)
        assert 0.0 <= numbers.age_s < 3.0
        assert f'"pair":{{"with_session_id":"{other.plan.id}"' in monitor.stream_text(session)


async def test_other_people_and_unfitting_places_are_not_paired(monitor: Monitor) -> None:
    for session in walk_with_both(monitor, ("Bert", "Anna")):
        assert monitor.pairs.numbers(session) is None
        assert '"pair":null' in monitor.stream_text(session)


async def test_a_session_that_ends_leaves_the_other_alone_until_another_comes(monitor: Monitor) -> None:
    left, right = walk_with_both(monitor)
    await monitor.close_session(right, "test")
    assert monitor.pairs.numbers(left) is None
    third = monitor.open_session("Bert", Facts("ankle_right"), "GaitIMU 3")
    for record in heard(ankle("right", 30.0), 30.0):
        monitor.receive(third, record)
    numbers = monitor.pairs.numbers(third)
    assert numbers is not None
    assert numbers.with_session_id == left.plan.id


async def test_a_replay_shows_the_pair_again_on_its_own_clock(monitor: Monitor) -> None:
    left, right = walk_with_both(monitor)
    live = monitor.pairs.numbers(left)
    assert live is not None
    for session in (left, right):
        await monitor.close_session(session, "test")
    for session, other, offset_s in ((left, right, LATER_S), (right, left, -LATER_S)):
        row, partner_row = (monitor.store.session(one.plan.id) for one in (session, other))
        assert row is not None
        assert partner_row is not None
        assert offset_of(row, partner_row) == offset_s
        partner = partner_of(monitor.store, row)
        assert partner is not None
        assert partner.session_id == other.plan.id
        found = monitor.store.events(session_id=session.plan.id)
        over_time = numbers_over_time(found, row.facts, row.duration_s, partner)
        last = over_time.pair[-1]
        assert last.steps == 20
        assert last.left_step_time_s == pytest.approx(live.left_step_time_s, abs=0.03)
        assert [one.emitted_s for one in over_time.pair] == sorted({one.emitted_s for one in over_time.pair})


async def test_sessions_at_other_times_or_of_other_people_are_no_partners(monitor: Monitor) -> None:
    left, right = walk_with_both(monitor, ("Bert", "Anna"))
    for session in (left, right):
        await monitor.close_session(session, "test")
        row = monitor.store.session(session.plan.id)
        assert row is not None
        assert partner_of(monitor.store, row) is None
