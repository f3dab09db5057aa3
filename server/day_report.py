"""One person's day from what is stored, sessions in progress included."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from dsp.tally import Bout
from server.day import (
    DAY_S,
    Counted,
    Span,
    Walk,
    Worn,
    by_day,
    by_length,
    by_speed,
    counted,
    day_start_s,
    days_until,
    distance_m_of,
    longest_of,
    summary_of,
    usual_of,
)
from server.models_people import Day, DaySession
from server.session import Session
from server.storage.people import StoredBout, StoredWearing, bouts_of, wearings_between

SHORTEST_GAP_S = (
    3.0  # a hole that a walk does not outlast (dsp: longest pause inside a bout); shorter ones count as worn
)
REPLAY_S = 2.0  # a session that was recorded at another time than it ran is one that was played again


@dataclass(frozen=True, slots=True)
class Present:
    """A session in progress at this moment, in seconds of its time; `bout` is the walk in progress."""

    first_s: float
    last_s: float
    bout: Bout | None


def present_of(session: Session) -> Present:
    """On the event loop, where the session lives."""
    last_s = session.last_sample_s or 0.0
    return Present(session.first_sample_s or 0.0, last_s, session.tally.numbers(last_s).bout)


def day_of(connection: Connection, name: str, day: date, utc_offset_min: int, present: Mapping[str, Present]) -> Day:
    """The local day of the person with this name; `present`: the sessions in progress by id."""
    days = days_until(day)
    begin_s, end_s = (day_start_s(days[0], utc_offset_min), day_start_s(day, utc_offset_min) + DAY_S)
    wearings = [one for one in wearings_between(connection, name, _text(begin_s), _text(end_s)) if not replayed(one)]
    bouts: dict[str, list[StoredBout]] = defaultdict(list)
    for bout in bouts_of(connection, [one.session_id for one in wearings]):
        bouts[bout.session_id].append(bout)
    worn = [_worn(one, bouts[one.session_id], present.get(one.session_id)) for one in wearings]
    split = by_day(counted(worn), days, utc_offset_min)
    summaries = [summary_of(when, found) for when, found in zip(days, split, strict=True)]
    today: Counted = split[-1]
    day_start = day_start_s(day, utc_offset_min)
    of_today = [
        DaySession(
            id=one.session_id,
            started_at=one.started_at,
            duration_s=sum(end - start for start, end in session.spans),
            position=one.position,  # type: ignore[arg-type]
            simulated=one.simulated,
        )
        for one, session in zip(wearings, worn, strict=True)
        if any(start < day_start + DAY_S and end > day_start for start, end in session.spans)
    ]
    return Day(
        **summaries[-1].model_dump(),
        distance_m=distance_m_of(today.walks),
        longest_bout=longest_of(today.walks),
        by_length=by_length(today.walks),
        speeds=by_speed(today.walks),
        sessions=of_today,
        usual=usual_of(summaries[:-1]),
        days=summaries,
    )


def _worn(one: StoredWearing, bouts: Sequence[StoredBout], present: Present | None) -> Worn:
    offset_s = datetime.fromisoformat(one.started_at).timestamp()
    walks = [
        Walk(one.session_id, offset_s, offset_s + b.start_s, offset_s + b.end_s, b.steps, b.speed_mps, b.distance_m)
        for b in bouts
        if b.end_s > b.start_s
    ]
    bout = present.bout if present is not None else None
    if present is not None and bout is not None and present.last_s > bout.start_s:
        start_s, end_s = offset_s + bout.start_s, offset_s + present.last_s
        walks.append(Walk(one.session_id, offset_s, start_s, end_s, bout.steps, None, None))
    return Worn(one.session_id, one.position, _spans(one, offset_s, present), walks)


def _spans(one: StoredWearing, offset_s: float, present: Present | None) -> list[Span]:
    """When samples came, in epoch seconds."""
    if present is not None:
        first_s, last_s = present.first_s, present.last_s
    elif one.ended_at is not None:
        last_s = datetime.fromisoformat(one.ended_at).timestamp() - offset_s
        first_s = last_s - one.duration_s
    else:
        return []
    spans: list[Span] = []
    for start_s, end_s in one.gaps:
        if end_s - start_s > SHORTEST_GAP_S and first_s < start_s:
            spans.append((offset_s + first_s, offset_s + start_s))
            first_s = end_s
    return [*spans, (offset_s + first_s, offset_s + last_s)] if first_s < last_s else spans


def replayed(one: StoredWearing) -> bool:
    """Whether it was recorded at another time than it ran."""
    if one.recorded_at is None:
        return False
    try:
        recorded = datetime.fromisoformat(one.recorded_at)
    except ValueError:
        return False
    recorded = recorded if recorded.tzinfo is not None else recorded.replace(tzinfo=UTC)
    return abs((recorded - datetime.fromisoformat(one.started_at)).total_seconds()) > REPLAY_S


def _text(epoch_s: float) -> str:
    """As the database spells times."""
    return datetime.fromtimestamp(epoch_s, UTC).isoformat()
