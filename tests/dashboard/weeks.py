"""Four weeks of one person's walks in a database, written before a server opens it."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sensing.facts import Facts
from server.plan import SessionPlan
from server.rows import row_at_start
from server.storage.people import add_person
from server.storage.store import Store, StoredEvent

NAME = "Dora"
FREE_DAYS = (3, 11, 12)  # so many days ago no sensor was worn
SHORT_DAY = 6  # too little recorded to compare
WORN_H = 6


def write_weeks(data_dir: Path, today: date, *, days: int = 29, worn_today: bool = True) -> int:
    """`days` days up to today, the same every time; returns the person's id."""
    with ThreadPoolExecutor(1) as apart:  # Playwright's own event loop runs in the thread of the tests
        return apart.submit(asyncio.run, _write(data_dir, today, days, worn_today)).result()


async def _write(data_dir: Path, today: date, days: int, worn_today: bool) -> int:
    facts = {"name": NAME, "height_m": 1.68, "sensor_height_m": None, "age_years": 58.0, "sex": None, "condition": "ms"}
    chance = random.Random(7)
    async with Store(data_dir) as store:
        person = await store.change(lambda connection: add_person(connection, facts))
        for ago in range(days):
            if ago in FREE_DAYS or (ago == 0 and not worn_today):
                continue
            _day(store, chance, today - timedelta(days=ago), 0.5 if ago == SHORT_DAY else WORN_H)
        await store.flush()
    return person.id


def _day(store: Store, chance: random.Random, day: date, hours: float) -> None:
    session_id = f"{day:%Y%m%d}-090000-d0a0"
    began = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
    row = row_at_start(SessionPlan(session_id, NAME, Facts("lower_back"), "sensor"), began.isoformat())
    ended_at = (began + timedelta(hours=hours)).isoformat()
    store.add_session(row | {"state": "finished", "duration_s": hours * 3600.0, "ended_at": ended_at})
    time_s, ordinal = 100.0, 0
    while time_s < hours * 3600 - 400:
        duration_s = min(260.0, chance.lognormvariate(2.9, 0.9) + 4)
        speed_mps = chance.gauss(0.8, 0.15) if duration_s > 10 else None
        bout = {
            "kind": "walking_bout",
            "time_s": round(time_s, 2),
            "emitted_s": round(time_s + duration_s + 3, 2),
            "end_s": round(time_s + duration_s, 2),
            "steps": round(1.7 * duration_s),
            "speed_mps": speed_mps,
            "distance_m": None if speed_mps is None else speed_mps * duration_s,
        }
        store.add_event(StoredEvent(store.next_seq(), session_id, ordinal, bout))
        ordinal += 1
        time_s += duration_s + chance.uniform(60, 700)
