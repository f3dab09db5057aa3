"""Notices and answers about stumbles in the database. Every function works on the connection it is given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.dialects.sqlite import insert

from server.care.notice import Notice
from server.names import name_key
from server.storage.models import EventRow, NoticeRow, SessionRow, StumbleAnswerRow
from server.storage.outbox import keep_messages

NOTICES = NoticeRow.__table__.c
ANSWERS = StumbleAnswerRow.__table__.c


@dataclass(frozen=True, slots=True)
class StoredStumble:
    """A stumble that was not taken back, in seconds of its session."""

    session_id: str
    time_s: float
    severity: float | None
    confidence: float | None


def keep_notice(connection: Connection, notice: Notice, rows: Iterable[Mapping[str, Any]] = ()) -> None:
    """A notice as it is now, with the messages that this brought, in the caller's one transaction."""
    values = {
        "id": notice.id,
        "kind": notice.kind,
        "person_key": name_key(notice.person),
        "at": notice.at,
        "over_at": notice.over_at,
        "body": notice.to_json(),
    }
    connection.execute(insert(NoticeRow).values(**values).on_conflict_do_update(index_elements=["id"], set_=values))
    keep_messages(connection, rows)


def unfinished_notices(connection: Connection, over_since: str) -> list[Notice]:
    """Those that are open, and those that are over since then (ISO 8601 in UTC): somebody may still have to hear it."""
    wanted = or_(NOTICES.over_at.is_(None), NOTICES.over_at >= over_since)
    found = connection.execute(select(NOTICES.body).where(wanted).order_by(NOTICES.at)).scalars()
    return [Notice.from_json(body) for body in found]


def notices_where(
    connection: Connection, *, person: str | None = None, only_open: bool = False, limit: int = 100
) -> list[Notice]:
    """The open ones first, then the newest. With `person`: theirs, and what concerns everybody."""
    chosen = select(NOTICES.body)
    if person is not None:
        chosen = chosen.where(NOTICES.person_key.in_((name_key(person), "")))
    if only_open:
        chosen = chosen.where(NOTICES.over_at.is_(None))
    order = (NOTICES.over_at.is_not(None), NOTICES.at.desc(), NOTICES.id)
    return [Notice.from_json(body) for body in connection.execute(chosen.order_by(*order).limit(limit)).scalars()]


def stumbles_of(connection: Connection, session_ids: Sequence[str]) -> list[StoredStumble]:
    """The stumbles of these sessions without those that were taken back."""
    found: list[StoredStumble] = []
    for session_id in session_ids:
        kinds = EventRow.kind.in_(("stumble", "retraction"))
        chosen = select(EventRow.event).where(EventRow.session_id == session_id, kinds).order_by(EventRow.seq)
        events = list(connection.execute(chosen).scalars())
        taken_back = {event.get("of_time_s") for event in events if event.get("of_kind") == "stumble"}
        found += [
            StoredStumble(session_id, event["time_s"], event.get("severity"), event.get("confidence"))
            for event in events
            if event["kind"] == "stumble" and event["time_s"] not in taken_back
        ]
    return found


def answers_of(connection: Connection, session_ids: Sequence[str]) -> dict[str, str]:
    """What the wearer said, by the stumble's id."""
    chosen = select(ANSWERS.id, ANSWERS.answer).where(ANSWERS.session_id.in_(session_ids))
    return {row.id: row.answer for row in connection.execute(chosen)}


def keep_answer(connection: Connection, stumble_id: str, session_id: str, answer: str, at: str) -> None:
    values = {"id": stumble_id, "session_id": session_id, "answer": answer, "at": at}
    written = insert(StumbleAnswerRow).values(**values)
    connection.execute(written.on_conflict_do_update(index_elements=["id"], set_=values))


def people_with_stumbles(connection: Connection, since: str) -> list[str]:
    """Whose sessions that ended after `since` (ISO 8601 in UTC) hold a stumble, as their newest session spells them."""
    recent = or_(SessionRow.ended_at.is_(None), SessionRow.ended_at >= since)
    has = select(EventRow.seq).where(EventRow.session_id == SessionRow.id, EventRow.kind == "stumble").exists()
    chosen = select(SessionRow.label, func.max(SessionRow.started_at)).where(recent, has)
    return [row[0] for row in connection.execute(chosen.group_by(SessionRow.person_key).order_by(SessionRow.label))]
