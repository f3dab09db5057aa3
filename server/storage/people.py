"""People in the database, and what their sessions hold. Every function works on the connection it is given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from server.names import name_key
from server.storage.models import EventRow, PersonRow, RunRow, SessionRow

COLUMNS = PersonRow.__table__.c


class NameTakenError(Exception):
    """Two people cannot have the same name; the text is a sentence with the remedy."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a person {name} already. The name tells whose a session is, so give this one a name of its own."
        )


class HeightsError(Exception):
    """Two heights that contradict each other; the text is a sentence with the remedy."""


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """Somebody whose facts are kept. `calibrations` by position, as server.calibration makes them.

    `freezes`: whether freezing of gait is looked for.
    """

    id: int
    name: str
    height_m: float | None
    sensor_height_m: float | None
    age_years: float | None
    sex: str | None
    condition: str | None
    calibrations: Mapping[str, Any]
    freezes: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """How often a person was recorded; `last_at` is ISO 8601 in UTC, None for never."""

    sessions: int
    last_at: str | None


@dataclass(frozen=True, slots=True)
class StoredWearing:
    """What a day needs of a session: times in ISO 8601 (UTC) and seconds, `gaps` as [start_s, end_s]."""

    session_id: str
    position: str
    started_at: str
    ended_at: str | None
    duration_s: float
    gaps: Sequence[Sequence[float]]
    recorded_at: str | None  # when the facts say that it was, which is another time when this was a replay
    simulated: bool


@dataclass(frozen=True, slots=True)
class StoredBout:
    """What a day needs of a walking bout, in seconds of its session."""

    session_id: str
    start_s: float
    end_s: float
    steps: int
    speed_mps: float | None
    distance_m: float | None


def people(connection: Connection) -> list[StoredPerson]:
    """Everybody, by name."""
    return [_person(row) for row in connection.execute(select(*COLUMNS).order_by(COLUMNS.key))]


def person_by_id(connection: Connection, person_id: int) -> StoredPerson | None:
    row = connection.execute(select(*COLUMNS).where(COLUMNS.id == person_id)).one_or_none()
    return None if row is None else _person(row)


def person_named(connection: Connection, name: str) -> StoredPerson | None:
    """Whoever has this name, however it is spelled."""
    row = connection.execute(select(*COLUMNS).where(COLUMNS.key == name_key(name))).one_or_none()
    return None if row is None else _person(row)


def add_person(connection: Connection, facts: Mapping[str, Any]) -> StoredPerson:
    """`facts`: the columns that are given. Sessions with the name get its spelling.

    Raises NameTakenError, HeightsError.
    """
    _check_heights(facts)
    key = _free_key(connection, facts["name"], None)
    _label_sessions(connection, key, facts["name"])
    row_id = connection.execute(insert(PersonRow).values(**facts, key=key, calibrations={})).inserted_primary_key
    assert row_id is not None
    return _there(connection, row_id[0])


def change_person(connection: Connection, person_id: int, facts: Mapping[str, Any]) -> StoredPerson:
    """A new name is given to the person's sessions too: they stay theirs. Raises NameTakenError, HeightsError."""
    _check_heights(facts)
    before = _there(connection, person_id)
    if "name" in facts:
        key = _free_key(connection, facts["name"], person_id)
        _label_sessions(connection, name_key(before.name), facts["name"])
        facts = {**facts, "key": key}
    connection.execute(update(PersonRow).where(PersonRow.id == person_id).values(**facts))
    return _there(connection, person_id)


def keep_calibration(
    connection: Connection, person_id: int, position: str, calibration: Mapping[str, Any] | None
) -> StoredPerson:
    """Replaces the calibration of one position; None forgets it."""
    others = {place: one for place, one in _there(connection, person_id).calibrations.items() if place != position}
    kept = others if calibration is None else {**others, position: dict(calibration)}
    connection.execute(update(PersonRow).where(PersonRow.id == person_id).values(calibrations=kept))
    return _there(connection, person_id)


def seen(connection: Connection) -> dict[str, Seen]:
    """How often everybody was recorded, by key."""
    last = func.max(func.coalesce(SessionRow.ended_at, SessionRow.started_at))
    found = connection.execute(select(SessionRow.person_key, func.count(), last).group_by(SessionRow.person_key))
    return {key: Seen(count, last_at) for key, count, last_at in found}


def wearings_between(connection: Connection, name: str, begin: str, end: str) -> list[StoredWearing]:
    """The person's sessions that touch a time (ISO 8601 in UTC), those in progress included, earliest first."""
    chosen = select(
        SessionRow.id,
        SessionRow.position,
        SessionRow.started_at,
        SessionRow.ended_at,
        SessionRow.duration_s,
        SessionRow.gaps,
        func.json_extract(SessionRow.facts, "$.started_at"),
        SessionRow.simulated,
    )
    chosen = chosen.where(SessionRow.person_key == name_key(name), SessionRow.started_at < end)
    chosen = chosen.where(or_(SessionRow.ended_at.is_(None), SessionRow.ended_at > begin))
    return [StoredWearing(*row) for row in connection.execute(chosen.order_by(SessionRow.started_at, SessionRow.id))]


def bouts_of(connection: Connection, session_ids: Sequence[str]) -> list[StoredBout]:
    """The walking bouts of these sessions without those that were taken back, in the order of their sessions."""
    bout = (EventRow.time_s, *(func.json_extract(EventRow.event, f"$.{name}") for name in _BOUT_FIELDS))
    found: list[StoredBout] = []
    for session_id in session_ids:
        of_kind = (EventRow.session_id == session_id, EventRow.kind == "walking_bout")
        taken_back = set(
            connection.execute(
                select(func.json_extract(EventRow.event, "$.of_time_s")).where(
                    EventRow.session_id == session_id,
                    EventRow.kind == "retraction",
                    func.json_extract(EventRow.event, "$.of_kind") == "walking_bout",
                )
            ).scalars()
        )
        rows = connection.execute(select(*bout).where(*of_kind).order_by(EventRow.seq))
        found += [StoredBout(session_id, *row) for row in rows if row[1] is not None and row[0] not in taken_back]
    return found


_BOUT_FIELDS = ("end_s", "steps", "speed_mps", "distance_m")


def _check_heights(facts: Mapping[str, Any]) -> None:
    height_m, sensor_height_m = facts.get("height_m"), facts.get("sensor_height_m")
    if height_m is not None and sensor_height_m is not None and sensor_height_m >= height_m:
        raise HeightsError(
            f"A sensor at {sensor_height_m:g} m cannot be at the lower back of somebody of {height_m:g} m; "
            "check both heights, in metres."
        )


def _free_key(connection: Connection, name: str, own_id: int | None) -> str:
    taken = person_named(connection, name)
    if taken is not None and taken.id != own_id:
        raise NameTakenError(taken.name)
    return name_key(name)


def _label_sessions(connection: Connection, key: str, name: str) -> None:
    """The sessions and tests of one key get this name."""
    sessions = update(SessionRow).where(SessionRow.person_key == key)
    connection.execute(sessions.values(label=name, person_key=name_key(name)))
    tests = update(RunRow).where(RunRow.person_key == key)
    connection.execute(tests.values(person=name, person_key=name_key(name)))


def _there(connection: Connection, person_id: int) -> StoredPerson:
    found = person_by_id(connection, person_id)
    if found is None:
        raise LookupError(f"There is no person {person_id}.")
    return found


def _person(row: Row[Any]) -> StoredPerson:
    values = row._asdict()
    del values["key"]
    return StoredPerson(**values)
