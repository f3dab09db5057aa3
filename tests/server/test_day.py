from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensing.block import POSITIONS
from sensing.facts import Facts
from server.day import (
    BEST_FIRST,
    DAY_S,
    Span,
    Walk,
    Worn,
    by_day,
    by_length,
    by_speed,
    counted,
    day_start_s,
    days_until,
    median_speed_mps,
    summary_of,
    usual_of,
)
from server.models_people import DaySummary
from server.monitor import Monitor
from server.packing import records_of
from server.plan import SessionPlan
from server.playing import play
from server.rows import row_at_start
from server.storage.store import StoredEvent
from tests.server.people import walker
from tests.server.running import running

MONDAY = date(2026, 11, 23)
NOON_S = day_start_s(MONDAY, 0) + DAY_S / 2


def walk(start_s: float, end_s: float, steps: int = 20, speed_mps: float | None = 1.0, session: str = "a") -> Walk:
    """In seconds after Monday noon."""
    metres = None if speed_mps is None else speed_mps * (end_s - start_s)
    return Walk(session, NOON_S, NOON_S + start_s, NOON_S + end_s, steps, speed_mps, metres)


def worn(position: str, spans: Sequence[Span], *walks: Walk, session: str = "a") -> Worn:
    return Worn(session, position, [(NOON_S + start, NOON_S + end) for start, end in spans], walks)


def test_every_position_has_its_rank() -> None:
    assert set(BEST_FIRST) == {place.removesuffix("_left").removesuffix("_right") for place in POSITIONS}


def test_two_sensors_worn_at_once_are_counted_once_the_better_placed_one_where_it_was_worn() -> None:
    back = worn("lower_back", [(0, 100)], walk(80, 95, 30), session="back")
    pocket = worn("pocket", [(50, 200)], walk(82, 97, 28), walk(90, 110, 40), walk(150, 160, 18), session="pocket")
    found = counted([pocket, back])
    assert [(start - NOON_S, end - NOON_S) for start, end in found.spans] == [(0, 100), (100, 200)]
    assert [(one.start_s - NOON_S, one.end_s - NOON_S, one.steps) for one in found.walks] == [
        (80, 95, 30),
        (100, 110, 20),
        (150, 160, 18),
    ]


def test_a_hole_in_the_better_sensors_recording_is_filled_by_the_other() -> None:
    back = worn("lower_back", [(0, 40), (60, 100)], session="back")
    pocket = worn("pocket", [(0, 100)], walk(45, 55), session="pocket")
    found = counted([back, pocket])
    assert sum(end - start for start, end in found.spans) == 100
    assert len(found.walks) == 1


def test_a_walk_over_midnight_is_two_walks_with_their_shares() -> None:
    midnight = DAY_S / 2
    session = worn("waist", [(0, DAY_S)], walk(midnight - 30, midnight + 10, 60))
    monday, tuesday = by_day(counted([session]), [MONDAY, MONDAY + timedelta(days=1)], 0)
    assert [(one.duration_s, one.steps, one.distance_m) for one in (*monday.walks, *tuesday.walks)] == [
        (30, 45, 30),
        (10, 15, 10),
    ]
    assert (summary_of(MONDAY, monday).recorded_s, summary_of(MONDAY, tuesday).recorded_s) == (DAY_S / 2, DAY_S / 2)


def test_the_local_day_begins_at_local_midnight() -> None:
    assert day_start_s(date(1970, 1, 2), 60) == 23 * 3600
    assert day_start_s(MONDAY, -300) - day_start_s(MONDAY, 0) == 5 * 3600


def test_a_day_without_a_recording_has_no_figures_and_one_without_a_walk_has_zeros() -> None:
    nothing = summary_of(MONDAY, by_day(counted([]), [MONDAY], 0)[0])
    assert nothing == DaySummary(
        date=MONDAY,
        recorded_s=0,
        walking_s=None,
        steps=None,
        bouts=None,
        longest_bout_s=None,
        median_speed_mps=None,
    )
    idle = summary_of(MONDAY, by_day(counted([worn("waist", [(0, 60)])]), [MONDAY], 0)[0])
    assert (idle.recorded_s, idle.walking_s, idle.steps, idle.bouts, idle.longest_bout_s) == (60, 0, 0, 0, None)


def test_walks_are_sorted_by_length_and_speed() -> None:
    walks = [walk(0, 9.9), walk(20, 30), walk(100, 400, speed_mps=0.59), walk(500, 530, speed_mps=2.7)]
    assert [(one.from_s, one.to_s, one.bouts, one.walking_s) for one in by_length(walks)] == [
        (0, 10, 1, pytest.approx(9.9)),
        (10, 30, 1, 10),
        (30, 60, 1, 30),
        (60, 120, 0, 0),
        (120, None, 1, 300),
    ]
    speeds = by_speed([*walks, walk(600, 700, speed_mps=None)])
    assert speeds is not None
    assert [(one.from_mps, one.to_mps, one.walking_s) for one in speeds if one.walking_s] == [
        (0.4, 0.6, 300),
        (1.0, 1.2, pytest.approx(19.9)),
        (2.0, None, 30),
    ]
    assert median_speed_mps(walks) == 0.59
    assert by_speed([walk(0, 10, speed_mps=None)]) is None
    assert median_speed_mps([walk(0, 10, speed_mps=None)]) is None


def summary(ago: int, **figures: Any) -> DaySummary:
    usual = {"recorded_s": 4e4, "walking_s": 3000.0, "steps": 5000, "bouts": 80, "longest_bout_s": 300.0}
    return DaySummary(date=MONDAY - timedelta(days=ago), median_speed_mps=None, **(usual | figures))


def test_the_usual_day_leaves_out_days_with_less_than_an_hour_and_needs_three() -> None:
    short = summary(9, recorded_s=3599.0, steps=10)
    assert usual_of([short, summary(1), summary(2)]) is None
    usual = usual_of([short, *(summary(n, steps=1000 * n) for n in range(1, 6))])
    assert usual is not None
    assert usual.days == 5
    assert (usual.steps.low, usual.steps.median, usual.steps.high) == (2000, 3000, 4000)
    assert usual.median_speed_mps is None
    assert usual.longest_bout_s is not None


@st.composite
def wearings(draw: st.DrawFn) -> list[Worn]:
    """Up to five sessions of up to three days within a week, some at once, with walks inside their spans."""
    found = []
    for number in range(draw(st.integers(0, 5))):
        spans, walks = [], []
        at = draw(st.integers(0, 5 * 24 * 60)) * 60.0
        for _ in range(draw(st.integers(1, 3))):
            end = at + draw(st.integers(1, 1000)) * 60.0
            spans.append((at, end))
            while at + 4.0 < end and len(walks) < 30:
                length = draw(st.floats(3.0, 4000.0))
                walks.append(walk(at, min(at + length, end), draw(st.integers(4, 5000)), session=str(number)))
                at += length + draw(st.floats(3.0, 20000.0))
            at = end + draw(st.integers(1, 300)) * 60.0
        found.append(worn(draw(st.sampled_from(POSITIONS)), spans, *walks, session=str(number)))
    return found


WEEKS = [MONDAY + timedelta(days=n) for n in range(-2, 14)]


@given(wearings(), st.integers(-14 * 60, 14 * 60))
def test_days_add_up_to_the_whole_and_count_no_instant_twice(sessions: list[Worn], utc_offset_min: int) -> None:
    whole = counted(sessions)
    assert all(before[1] <= after[0] for before, after in zip(whole.spans, whole.spans[1:], strict=False))
    days = by_day(whole, WEEKS, utc_offset_min)
    assert sum(len(day.spans) for day in days) >= len(whole.spans)
    recorded_s = sum(end - start for start, end in whole.spans)
    assert sum(summary_of(MONDAY, day).recorded_s for day in days) == pytest.approx(recorded_s)
    assert sum(one.duration_s for day in days for one in day.walks) == pytest.approx(
        sum(one.duration_s for one in whole.walks)
    )
    assert sum(one.steps for day in days for one in day.walks) == sum(one.steps for one in whole.walks)
    for when, day in zip(WEEKS, days, strict=True):
        begin = day_start_s(when, utc_offset_min)
        for one in day.walks:
            assert begin <= one.start_s <= one.end_s <= begin + DAY_S
        figures = summary_of(when, day)
        assert (figures.walking_s or 0.0) <= figures.recorded_s + 1e-3
        classes = by_length(day.walks)
        assert sum(one.bouts for one in classes) == len(day.walks)


@given(wearings())
def test_one_sensor_alone_loses_nothing_and_the_order_of_sessions_does_not_matter(sessions: list[Worn]) -> None:
    for alone in sessions:
        found = counted([alone])
        assert list(found.spans) == list(alone.spans)
        assert sum(one.steps for one in found.walks) == sum(one.steps for one in alone.walks)
    assert counted(sessions) == counted(sessions[::-1])


# --- through the page's API ---


@dataclass
class Api:
    """A server that knows Anna."""

    monitor: Monitor
    client: httpx.AsyncClient
    person: int
    ordinals: dict[str, int] = field(default_factory=dict)

    async def day(self, **query: Any) -> dict[str, Any]:
        answer = await self.client.get(f"/api/people/{self.person}/day", params=query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def session(self, session_id: str, started_at: datetime, duration_s: float, **more: Any) -> None:
        """A finished session of Anna's, unless `more` says otherwise."""
        plan = SessionPlan(session_id, "Anna", Facts("lower_back"), "sensor")
        row = row_at_start(plan, started_at.isoformat())
        ended_at = (started_at + timedelta(seconds=duration_s)).isoformat()
        row |= {"state": "finished", "duration_s": duration_s, "ended_at": ended_at, **more}
        self.monitor.store.add_session(row)

    def event(self, session_id: str, kind: str, time_s: float, **fields: Any) -> None:
        ordinal = self.ordinals[session_id] = self.ordinals.get(session_id, -1) + 1
        event = {"kind": kind, "time_s": time_s, "emitted_s": time_s, **fields}
        self.monitor.store.add_event(StoredEvent(self.monitor.store.next_seq(), session_id, ordinal, event))

    def bout(self, session_id: str, time_s: float, duration_s: float, speed_mps: float | None = 1.0) -> None:
        metres = None if speed_mps is None else speed_mps * duration_s
        self.event(
            session_id,
            "walking_bout",
            time_s,
            end_s=time_s + duration_s,
            steps=round(2 * duration_s),
            speed_mps=speed_mps,
            distance_m=metres,
        )


@pytest.fixture
async def api(monitor: Monitor) -> AsyncIterator[Api]:
    async with running(monitor) as server, httpx.AsyncClient(base_url=server.url) as client:
        person = (await client.post("/api/people", json={"name": "Anna"})).json()["id"]
        yield Api(monitor, client, person)


def at(hour: int, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


async def test_a_day_shows_its_walks_its_sessions_and_the_four_weeks_before(api: Api) -> None:
    for ago in (0, 1, 2, 3):
        session_id = f"day-{ago}"
        api.session(session_id, at(9, MONDAY - timedelta(days=ago)), 7200.0)
        api.bout(session_id, 100.0, 50.0 + ago)
        api.bout(session_id, 1000.0, 20.0, 0.5)
        api.bout(session_id, 2000.0, 5.0, None)
    day = await api.day(date="2026-11-23")
    assert (day["date"], day["recorded_s"], day["walking_s"]) == ("2026-11-23", 7200.0, 75.0)
    assert (day["steps"], day["bouts"], day["distance_m"]) == (150, 3, 60.0)
    assert day["longest_bout"] == {
        "session_id": "day-0",
        "start_s": pytest.approx(100.0),
        "duration_s": pytest.approx(50.0),
        "steps": 100,
        "speed_mps": 1.0,
    }
    assert day["median_speed_mps"] == 1.0
    assert [one["bouts"] for one in day["by_length"]] == [1, 1, 1, 0, 0]
    assert {one["from_mps"]: one["walking_s"] for one in day["speeds"] if one["walking_s"]} == {0.4: 20.0, 1.0: 50.0}
    (session,) = day["sessions"]
    assert (session["id"], session["duration_s"], session["position"]) == ("day-0", 7200.0, "lower_back")
    assert [one["date"] for one in day["days"]] == [str(when) for when in days_until(MONDAY)]
    assert [one["steps"] for one in day["days"][-5:]] == [None, 156, 154, 152, 150]
    assert day["usual"]["days"] == 3
    assert day["usual"]["steps"] == {"median": 154.0, "low": 153.0, "high": 155.0}


async def test_a_day_on_which_nothing_was_recorded_says_so(api: Api) -> None:
    day = await api.day(date="2026-11-23")
    assert (day["recorded_s"], day["walking_s"], day["steps"], day["bouts"]) == (0.0, None, None, None)
    assert (day["distance_m"], day["longest_bout"], day["speeds"], day["usual"]) == (None, None, None, None)
    assert day["sessions"] == []


async def test_holes_that_no_walk_outlasts_are_not_recorded_time(api: Api) -> None:
    api.session("a", at(9), 3600.0, gaps=[[10.0, 10.5], [100.0, 700.0]])
    assert (await api.day(date="2026-11-23"))["recorded_s"] == 3000.0


async def test_a_session_over_local_midnight_belongs_to_both_days(api: Api) -> None:
    api.session("night", at(22), 7200.0)
    api.bout("night", 3590.0, 20.0)
    first, second = (
        await api.day(date="2026-11-23", utc_offset_min=60),
        await api.day(date="2026-11-24", utc_offset_min=60),
    )
    assert (first["recorded_s"], second["recorded_s"]) == (3600.0, 3600.0)
    assert (first["steps"], second["steps"], first["bouts"], second["bouts"]) == (20, 20, 1, 1)
    assert first["sessions"] == second["sessions"]
    assert (await api.day(date="2026-11-23", utc_offset_min=0))["recorded_s"] == 7200.0


async def test_bouts_that_were_taken_back_and_other_peoples_do_not_count(api: Api) -> None:
    api.session("a", at(9), 3600.0)
    api.bout("a", 100.0, 20.0)
    api.bout("a", 200.0, 30.0)
    api.event("a", "retraction", 240.0, of_kind="walking_bout", of_time_s=200.0)
    api.event("a", "retraction", 240.0, of_kind="step", of_time_s=100.0)
    api.session("b", at(9), 3600.0, label="Bert", person_key="bert")
    api.bout("b", 300.0, 20.0)
    day = await api.day(date="2026-11-23")
    assert (day["bouts"], day["walking_s"]) == (1, 20.0)
    assert [one["id"] for one in day["sessions"]] == ["a"]


async def test_a_session_in_progress_counts_with_the_walk_that_goes_on(api: Api) -> None:
    session = api.monitor.open_session("anna", Facts("lower_back"), "GaitIMU 2")
    for record in records_of(walker(20.0)):
        api.monitor.receive(session, record)
    numbers = session.tally.numbers(session.last_sample_s or 0.0)
    assert numbers.bout is not None
    day = await api.day()
    assert day["recorded_s"] == pytest.approx(session.duration_s)
    assert (day["bouts"], day["steps"]) == (1, numbers.bout.steps)
    assert day["walking_s"] == pytest.approx(17.0, abs=1.5)
    assert [one["id"] for one in day["sessions"]] == [session.plan.id]
    await api.monitor.close_session(session, "Done.")
    after = await api.day()
    assert (after["bouts"], after["recorded_s"]) == (1, pytest.approx(day["recorded_s"], abs=0.1))


async def test_what_was_recorded_on_another_day_and_is_played_again_was_not_walked_today(api: Api) -> None:
    session = api.monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 2")
    session.started_at = datetime.now(UTC) - timedelta(days=9)
    for record in records_of(walker(20.0)):
        api.monitor.receive(session, record)
    await api.monitor.close_session(session, "Done.")
    directory = api.monitor.directory_of(session.plan.id)
    await play(api.monitor, directory, None)
    recorded = (await api.day())["days"]
    assert [one["recorded_s"] > 0 for one in recorded] == [ago == 9 for ago in range(28, -1, -1)]


@pytest.mark.parametrize("query", [{"date": "yesterday"}, {"utc_offset_min": 900}, {"date": "2026-02-30"}])
async def test_a_day_that_is_none_is_refused(api: Api, query: dict[str, Any]) -> None:
    answer = await api.client.get(f"/api/people/{api.person}/day", params=query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["msg"]


async def test_days_of_other_ages_are_a_404_with_a_sentence(api: Api) -> None:
    for day in ("1999-12-31", "0001-01-01", "9999-12-31"):
        answer = await api.client.get(f"/api/people/{api.person}/day", params={"date": day})
        assert answer.status_code == 404
        assert "ask for a day from 2000-01-01" in answer.json()["detail"]


@pytest.mark.parametrize("day", ["2000-01-01", "2999-12-31"])
async def test_the_first_and_the_last_possible_day_are_answered(api: Api, day: str) -> None:
    for utc_offset_min in (-14 * 60, 14 * 60):
        assert (await api.day(date=day, utc_offset_min=utc_offset_min))["date"] == day


def test_a_walk_in_parts_keeps_its_steps_whatever_the_cuts() -> None:
    whole = walk(0, 100, 7)
    assert replace(whole, steps=7) == whole
    spans = [(NOON_S + n * 13.0, NOON_S + n * 13.0 + 13.0) for n in range(8)]
    found = counted([Worn("a", "waist", spans, [whole])])
    assert sum(one.steps for one in found.walks) == 7
