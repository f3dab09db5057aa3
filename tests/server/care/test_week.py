"""The evening's question, the week's rules and the note to the therapist, through the server."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sensing.facts import Facts
from server.plan import SessionPlan
from server.rows import row_at_start
from server.storage.store import StoredEvent
from tests.dsp.stumbling import stumbler
from tests.server.care.watched import NOON, Watched, watched
from tests.server.running import running


@dataclass
class Api:
    """A server that people ask."""

    it: Watched
    client: httpx.AsyncClient
    ordinal: int = 0

    @property
    def offset(self) -> int:
        return round((NOON.utcoffset() or timedelta()).total_seconds() / 60)

    def session(self, session_id: str, began: datetime, simulated: bool = False, facts: Facts | None = None) -> None:
        """Two hours that Anna wore a sensor."""
        plan = SessionPlan(session_id, "Anna", facts or Facts("lower_back"), "sensor", simulated=simulated)
        row = row_at_start(plan, began.isoformat())
        ended = (began + timedelta(hours=2)).isoformat()
        self.it.monitor.store.add_session(row | {"state": "finished", "duration_s": 7200.0, "ended_at": ended})

    def event(self, session_id: str, kind: str, time_s: float, **fields: Any) -> None:
        self.ordinal += 1
        event = {"kind": kind, "time_s": time_s, "emitted_s": time_s + 1.0, **fields}
        store = self.it.monitor.store
        store.add_event(StoredEvent(store.next_seq(), session_id, self.ordinal, event))

    def stumble(self, session_id: str, time_s: float, confidence: float = 0.6) -> None:
        self.event(session_id, "stumble", time_s, severity=0.5, confidence=confidence)

    async def get(self, path: str, **query: Any) -> dict[str, Any]:
        asked = {"person": "Anna", "utc_offset_min": self.offset, **query}
        answer = await self.client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def say(self, stumble: str, answer: str) -> dict[str, Any]:
        path = f"/api/stumbles/{stumble}"
        said = await self.client.post(path, params={"utc_offset_min": self.offset}, json={"answer": answer})
        assert said.status_code == 200, said.text
        found: dict[str, Any] = said.json()
        return found


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Api]:
    async with (
        watched(tmp_path) as it,
        running(it.monitor) as server,
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        yield Api(it, client)


async def test_the_days_stumbles_are_asked_about_in_the_evening_with_time_and_walk(api: Api) -> None:
    api.session("s1", NOON - timedelta(hours=2))
    api.event("s1", "walking_bout", 100.0, end_s=700.0, steps=1000, speed_mps=1.0, distance_m=600.0)
    api.stumble("s1", 280.0)
    api.stumble("s1", 900.0)
    api.event("s1", "retraction", 900.0, of_kind="stumble", of_time_s=900.0, why="sat down")
    early = await api.get("/api/stumbles")
    assert [(one["where"], one["answer"], one["counts"]) for one in early["stumbles"]] == [
        ("In the morning, at 10:04, 3 min into a walk of 10 min.", None, False)
    ]
    assert (early["ask"], early["unanswered"]) == (False, 1)
    api.it.time.now_s += 6.5 * 3600.0
    assert (await api.get("/api/stumbles"))["ask"] is True
    said = await api.say(early["stumbles"][0]["id"], "yes")
    assert (said["answer"], said["counts"]) == ("yes", True)
    assert (await api.get("/api/stumbles"))["ask"] is False


async def test_who_stumbles_with_the_sensor_on_is_asked_about_that_walk_afterwards(api: Api) -> None:
    made = stumbler(1.0, seed=1)
    recording, (truth,) = made.recording("anna"), made.truth["stumbles"]
    session = api.it.wear(recording)
    api.it.sends(session, recording.duration_s + 1.0)
    await api.it.monitor.close_session(session, "Taken off.")
    began = datetime.fromisoformat(session.start_text).astimezone(NOON.tzinfo)
    api.it.time.set_by_s = (began - NOON + timedelta(days=1)).total_seconds()
    found = await api.get("/api/stumbles", date=began.date().isoformat())
    (one,) = found["stumbles"]
    assert one["time_s"] == pytest.approx(truth["time_s"], abs=1.0)
    assert "into a walk of" in one["where"] or "set out on a walk of" in one["where"]
    assert found["ask"] is True


async def test_nobody_is_asked_in_quiet_hours(api: Api) -> None:
    await api.it.care_plan("Anna", quiet_from="17:00", quiet_until="08:00")
    api.session("s1", NOON - timedelta(hours=2))
    api.stumble("s1", 280.0)
    api.it.time.now_s += 7 * 3600.0
    found = await api.get("/api/stumbles")
    assert (found["ask"], found["unanswered"]) == (False, 1)


async def test_a_changed_mind_replaces_the_answer(api: Api) -> None:
    api.session("s1", NOON - timedelta(hours=2))
    api.stumble("s1", 280.0, confidence=0.95)
    of_id = (await api.get("/api/stumbles"))["stumbles"][0]["id"]
    assert (await api.say(of_id, "no"))["counts"] is False
    assert (await api.say(of_id, "unsure"))["counts"] is True


async def test_replayed_and_unknown_stumbles_are_not_asked_about(api: Api) -> None:
    api.session("again", NOON - timedelta(hours=2), facts=Facts("lower_back", started_at="2026-11-01T10:00:00+00:00"))
    api.stumble("again", 280.0)
    assert (await api.get("/api/stumbles"))["stumbles"] == []
    for of_id in ("again-stumble-5", "nobody-stumble-280000", "rubbish"):
        answer = await api.client.post(f"/api/stumbles/{of_id}", json={"answer": "yes"})
        assert (answer.status_code, answer.json()) == (404, {"detail": f"There is no stumble {of_id}."})
    answer = await api.client.get("/api/stumbles", params={"person": "Anna", "date": "0001-01-01"})
    assert answer.status_code == 404


async def test_two_stumbles_in_a_week_become_advice_and_one_note_to_the_therapist(api: Api) -> None:
    await api.it.care_plan("Anna")
    for ago in (0, 3):
        api.session(f"s{ago}", NOON - timedelta(days=ago, hours=3))
        api.stumble(f"s{ago}", 280.0, confidence=0.6 if ago else 0.9)
    calm = await api.get("/api/advice")
    assert (calm["counted"], calm["possible"], calm["for_wearer"], calm["unanswered"]) == (1, 2, None, 2)
    await api.say("s3-stumble-280000", "yes")
    told = await api.get("/api/advice")
    assert (told["counted"], told["confirmed"]) == (2, 1)
    assert "advice, not a prescription" in told["for_wearer"]
    assert [(rule["name"], rule["fired"]) for rule in told["rules"]] == [("more_than_one", True), ("rise", False)]
    for _ in range(3):
        await api.it.monitor.care.weigh()
        await api.it.later(60.0)
    (note,) = await api.it.arrived(1)
    assert (note["to"], note["what"], note["link"]) == ("Dora", "advice", None)
    assert "2 stumbles in the last seven days (1 confirmed, 1 felt clearly by the sensor)" in note["text"]
    notices = await api.get("/api/notices", state="open")
    assert [(one["kind"], one["person"]) for one in notices["notices"]] == [("advice", "Anna")]


async def test_advice_is_taken_back_when_the_wearer_says_that_it_was_no_stumble(api: Api) -> None:
    api.session("s1", NOON - timedelta(hours=3))
    api.stumble("s1", 280.0, confidence=0.9)
    api.stumble("s1", 380.0, confidence=0.9)
    await api.it.monitor.care.weigh()
    await api.it.later(1.0)
    assert api.it.notices == {"advice": "carer"}
    await api.say("s1-stumble-280000", "no")
    await api.it.monitor.care.weigh()
    await api.it.later(3700.0)
    assert api.it.notices == {}
    assert (await api.get("/api/advice"))["for_wearer"] is None
