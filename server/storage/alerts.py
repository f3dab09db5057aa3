"""Alerts, their messages and the care plans in the database. Every function works on the connection it is given."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, case, func, select, update
from sqlalchemy.dialects.sqlite import insert

from server.alerts.alert import OPEN, Alert, Message
from server.alerts.care_plan import CarePlan, Snooze
from server.names import name_key
from server.storage.models import AlertRow, CareRow, OutboxRow
from server.storage.outbox import keep_messages

ALERTS = AlertRow.__table__.c
OUTBOX = OutboxRow.__table__.c
CARE = CareRow.__table__.c


class NoSuchAlertError(LookupError):
    """There is no such alert; the text is a sentence."""


def keep_alert(connection: Connection, alert: Alert, rows: Iterable[Mapping[str, Any]] = ()) -> None:
    """An alert as it is now, with the messages that this brought, in the caller's one transaction."""
    values = {
        "id": alert.id,
        "kind": alert.kind,
        "person": alert.person,
        "person_key": name_key(alert.person),
        "session_id": alert.session_id,
        "at": alert.at,
        "state": alert.state,
        "outcome": alert.outcome,
        "body": alert.to_json(),
    }
    connection.execute(insert(AlertRow).values(**values).on_conflict_do_update(index_elements=["id"], set_=values))
    keep_messages(connection, rows)


def outbox_row(message: Message, created_at: str) -> dict[str, Any]:
    """A message as a new row of the outbox."""
    return {
        **asdict(message),
        "channel_no": 0,
        "state": "pending",
        "tries": 0,
        "next_try": None,
        "created_at": created_at,
        "sent_at": None,
        "late": False,
        "error": None,
        "link_hash": None,
        "link_until": None,
    }


def open_alerts(connection: Connection) -> list[Alert]:
    """Oldest first."""
    chosen = select(ALERTS.body).where(ALERTS.state.in_(OPEN)).order_by(ALERTS.at)
    return [Alert.from_json(body) for body in connection.execute(chosen).scalars()]


def alert_by_id(connection: Connection, alert_id: str) -> Alert:
    """Raises NoSuchAlertError."""
    body = connection.execute(select(ALERTS.body).where(ALERTS.id == alert_id)).scalar()
    if body is None:
        raise NoSuchAlertError(f"There is no alert {alert_id}.")
    return Alert.from_json(body)


def alerts_of_session(connection: Connection, session_id: str) -> list[Alert]:
    chosen = select(ALERTS.body).where(ALERTS.session_id == session_id).order_by(ALERTS.at)
    return [Alert.from_json(body) for body in connection.execute(chosen).scalars()]


def alerts_where(
    connection: Connection,
    *,
    person: str | None = None,
    only_open: bool = False,
    limit: int | None = None,
    offset: int = 0,
) -> tuple[int, list[Alert]]:
    """(how many, the page of them): what nobody has taken first, falls before the rest, then the newest."""
    chosen = select(ALERTS.body)
    counted = select(func.count()).select_from(AlertRow)
    if person is not None:
        chosen, counted = (one.where(ALERTS.person_key == name_key(person)) for one in (chosen, counted))
    if only_open:
        chosen, counted = (one.where(ALERTS.state.in_(OPEN)) for one in (chosen, counted))
    need = case((ALERTS.state.in_(OPEN - {"acknowledged"}), 0), (ALERTS.state == "acknowledged", 1), else_=2)
    kind = case((ALERTS.kind == "test", 1), else_=0)
    order = (need, case((need < 2, kind), else_=0), ALERTS.at.desc(), ALERTS.id)
    bodies = connection.execute(chosen.order_by(*order).limit(limit).offset(offset)).scalars()
    return connection.execute(counted).scalar() or 0, [Alert.from_json(body) for body in bodies]


def messages_of(connection: Connection, alert_id: str) -> list[dict[str, Any]]:
    """The rows of an alert's messages, in the order they were written."""
    chosen = select(*OUTBOX).where(OUTBOX.alert_id == alert_id).order_by(OUTBOX.created_at, OUTBOX.key)
    return [dict(row) for row in connection.execute(chosen).mappings()]


def care_plans(connection: Connection) -> dict[str, tuple[CarePlan, Snooze | None]]:
    """By person key."""
    found = {}
    for row in connection.execute(select(*CARE)):
        found[row.person_key] = (
            CarePlan.from_json(row.plan),
            None if row.snooze is None else Snooze(**row.snooze),
        )
    return found


def keep_care(connection: Connection, plan: CarePlan, snooze: Snooze | None) -> None:
    values = {
        "person_key": name_key(plan.person),
        "person": plan.person,
        "plan": plan.to_json(),
        "snooze": None if snooze is None else asdict(snooze),
    }
    written = insert(CareRow).values(**values)
    connection.execute(written.on_conflict_do_update(index_elements=["person_key"], set_=values))


def mark_acknowledged(connection: Connection, key: str) -> None:
    """Its receiver has said that it reached them."""
    connection.execute(update(OutboxRow).where(OutboxRow.key == key).values(state="acknowledged"))
