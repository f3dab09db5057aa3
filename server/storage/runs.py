"""Runs of tests in the database. Every function works on the connection it is given."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy.dialects.sqlite import insert

from server.clinic.run import Chosen, Run
from server.clinic.running import FINAL, Course, happened
from server.names import name_key
from server.storage.models import RunRow, SessionRow

COLUMNS = RunRow.__table__.c
MATCHING_S = 0.0005  # a cue is kept to the millisecond


class NoSuchTestError(LookupError):
    """There is no such run; the text is a sentence."""


def keep_run(connection: Connection, run: Run) -> None:
    """Writes a run anew, whether or not it was there."""
    values = _values(run)
    connection.execute(insert(RunRow).values(**values).on_conflict_do_update(index_elements=["id"], set_=values))


def add_found(connection: Connection, run: Run) -> None:
    """Adds a run that nobody set up, unless it is there, or another one of its session has the same cue."""
    cue_s = run.course.cue_s
    if cue_s is not None:
        near = COLUMNS.cue_s.between(cue_s - MATCHING_S, cue_s + MATCHING_S)
        if connection.execute(select(COLUMNS.id).where(COLUMNS.session_id == run.session_id, near)).first():
            return
    connection.execute(insert(RunRow).values(**_values(run)).on_conflict_do_nothing(index_elements=["id"]))


def change_run(connection: Connection, run_id: str, change: Callable[[Run], Run]) -> Run:
    """Reads, changes and writes one run. Raises NoSuchTestError."""
    changed = change(run_by_id(connection, run_id))
    keep_run(connection, changed)
    return changed


def run_by_id(connection: Connection, run_id: str) -> Run:
    """Raises NoSuchTestError."""
    row = connection.execute(select(*COLUMNS).where(COLUMNS.id == run_id)).one_or_none()
    if row is None:
        raise NoSuchTestError(f"There is no test {run_id}.")
    return _run(row)


def runs_where(
    connection: Connection,
    *,
    session_id: str | None = None,
    person: str | None = None,
    protocol: str | None = None,
    limit: int | None = None,
) -> list[Run]:
    """Newest first."""
    chosen = select(*COLUMNS).order_by(COLUMNS.created_at.desc(), COLUMNS.id.desc())
    if session_id is not None:
        chosen = chosen.where(COLUMNS.session_id == session_id)
    if person is not None:
        chosen = chosen.where(COLUMNS.person_key == name_key(person))
    if protocol is not None:
        chosen = chosen.where(COLUMNS.protocol == protocol)
    return [_run(row) for row in connection.execute(chosen.limit(limit))]


def wearer_facts(connection: Connection, session_id: str) -> dict[str, Any]:
    """What a session's facts say of whoever wore the sensor; empty where they say nothing."""
    facts = connection.execute(select(SessionRow.facts).where(SessionRow.id == session_id)).scalar()
    return dict((facts or {}).get("person") or {})


def end_interrupted(connection: Connection) -> int:
    """What was under way when the program ended is declared so; returns how many there were."""
    rows = connection.execute(select(*COLUMNS).where(COLUMNS.state.not_in(FINAL))).all()
    for run in map(_run, rows):
        keep_run(connection, replace(run, course=happened(run.course, "restarted", run.course.since_s)))
    return len(rows)


def drop_unborne(connection: Connection, *, session_id: str, events: Iterable[Mapping[str, Any]]) -> None:
    """After a recovery: what the raw log does not bear out is no result. Found runs go, the others become invalid."""
    borne = {(event["kind"], event["time_s"]) for event in events}
    for run in runs_where(connection, session_id=session_id):
        if run.event is None or (run.event["kind"], run.event["time_s"]) in borne:
            continue
        if run.found:
            connection.execute(delete(RunRow).where(RunRow.id == run.id))
        else:
            problem = "A part of what the sensor sent was lost when the program was cut short."
            keep_run(connection, replace(run, event=None, course=replace(run.course, state="invalid", problem=problem)))


def _values(run: Run) -> dict[str, Any]:
    course = run.course
    return {
        "id": run.id,
        "session_id": run.session_id,
        "person": run.person,
        "person_key": name_key(run.person),
        "position": run.position,
        "protocol": run.chosen.protocol,
        "chosen": asdict(run.chosen),
        "created_at": run.created_at,
        "started_by": run.started_by,
        "found": run.found,
        "state": course.state,
        "since_s": course.since_s,
        "cue_s": course.cue_s,
        "end_cue_s": course.end_cue_s,
        "problem": course.problem,
        "event": None if run.event is None else dict(run.event),
        "before": dict(run.before),
        "after": dict(run.after),
        "notes": [dict(note) for note in run.notes],
        "invalidated": None if run.invalidated is None else dict(run.invalidated),
    }


def _run(row: Row[Any]) -> Run:
    return Run(
        id=row.id,
        session_id=row.session_id,
        person=row.person,
        position=row.position,
        chosen=Chosen(**row.chosen),
        created_at=row.created_at,
        course=Course(row.state, row.since_s, row.cue_s, row.end_cue_s, row.problem),
        started_by=row.started_by,
        found=row.found,
        event=row.event,
        before=row.before,
        after=row.after,
        notes=tuple(row.notes),
        invalidated=row.invalidated,
    )
