"""A person's possible stumbles, and their week, from what is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from sqlalchemy import Connection

from server.care.rules import BEFORE_DAYS, WEEK_DAYS, DayCount, Rule, weekly
from server.care.stumbles import Possible, once_each, stumble_id
from server.day import DAY_S, day_start_s
from server.day_report import Present, day_of, replayed
from server.storage.care import StoredStumble, answers_of, stumbles_of
from server.storage.people import StoredBout, StoredWearing, bouts_of, wearings_between


@dataclass(frozen=True, slots=True)
class Week:
    """The seven local days up to and with `until`, and what the rules say of them."""

    since: date
    until: date
    days: list[DayCount]
    rules: list[Rule]
    simulated: bool


def stumbles_between(
    connection: Connection, person: str, first: date, last: date, utc_offset_min: int
) -> list[Possible]:
    """The possible stumbles of these local days, both included, in order of time; replays have none."""
    begin_s, end_s = day_start_s(first, utc_offset_min), day_start_s(last, utc_offset_min) + DAY_S
    begin, end = (datetime.fromtimestamp(at_s, UTC).isoformat() for at_s in (begin_s, end_s))
    worn = {one.session_id: one for one in wearings_between(connection, person, begin, end) if not replayed(one)}
    found = stumbles_of(connection, list(worn))
    with_one = sorted({one.session_id for one in found})
    bouts: dict[str, list[StoredBout]] = {session_id: [] for session_id in with_one}
    for bout in bouts_of(connection, with_one):
        bouts[bout.session_id].append(bout)
    zone = timezone(timedelta(minutes=utc_offset_min))
    possible = [_possible(one, worn[one.session_id], bouts[one.session_id], zone) for one in found]
    once = once_each(possible, answers_of(connection, with_one))
    return [one for one in once if begin_s <= one.at.timestamp() < end_s]


def week_of(
    connection: Connection, person: str, until: date, utc_offset_min: int, present: Mapping[str, Present]
) -> Week:
    """The week that ends with the local day `until`, against the four weeks before it."""
    first = until - timedelta(days=WEEK_DAYS + BEFORE_DAYS - 1)
    found = stumbles_between(connection, person, first, until, utc_offset_min)
    walked: dict[date, float | None] = {}
    for last in (until - timedelta(days=WEEK_DAYS), until):  # a day's report reaches four weeks back
        for summary in day_of(connection, person, last, utc_offset_min, present).days:
            walked[summary.date] = summary.walking_s
    days = []
    for number in range(WEEK_DAYS + BEFORE_DAYS):
        day = first + timedelta(days=number)
        of_day = [one for one in found if one.at.date() == day]
        counted = [one for one in of_day if one.counts]
        confirmed = sum(1 for one in counted if one.answer == "yes")
        days.append(DayCount(len(of_day), len(counted), confirmed, walked.get(day)))
    since = until - timedelta(days=WEEK_DAYS - 1)
    lately = [one for one in found if one.at.date() >= since]
    return Week(since, until, days[-WEEK_DAYS:], weekly(days), bool(lately) and all(one.simulated for one in lately))


def _possible(one: StoredStumble, worn: StoredWearing, bouts: list[StoredBout], zone: timezone) -> Possible:
    began = datetime.fromisoformat(worn.started_at)
    walk = next((bout for bout in bouts if bout.start_s <= one.time_s <= bout.end_s), None)
    return Possible(
        id=stumble_id(one.session_id, one.time_s),
        session_id=one.session_id,
        time_s=one.time_s,
        at=_local(began, one.time_s, zone),
        severity=one.severity,
        confidence=one.confidence,
        simulated=worn.simulated,
        walk_began=None if walk is None else _local(began, walk.start_s, zone),
        walk_s=None if walk is None else walk.end_s - walk.start_s,
    )


def _local(began: datetime, time_s: float, zone: timezone) -> datetime:
    return (began + timedelta(seconds=time_s)).astimezone(zone)
