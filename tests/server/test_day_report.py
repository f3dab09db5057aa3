"""A person's day as the page asks for it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from sensing.facts import Facts
from server.day import days_until
from server.monitor import Monitor
from server.packing import records_of
from server.plan import SessionPlan
from server.playing import play
from server.rows import row_at_start
from server.storage.store import StoredEvent
from tests.server.people import walker
from tests.server.running import running

MONDAY = date(2026, 11, 23)


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
