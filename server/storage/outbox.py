"""Messages on their way out, in the database. Every function works on the connection it is given."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects.sqlite import insert

from server.storage.models import OutboxRow

COLUMNS = OutboxRow.__table__.c
UNSENT = ("pending", "sending", "failed")


def keep_messages(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Messages that are to go out. What has a key that is there already is that message."""
    for row in rows:
        connection.execute(insert(OutboxRow).values(**row).on_conflict_do_nothing(index_elements=["key"]))


def unsent_messages(connection: Connection) -> list[Mapping[str, Any]]:
    """Those that are not out yet, the oldest first. What was being sent when the program ended is among them."""
    waiting = select(*COLUMNS).where(COLUMNS.state.in_(UNSENT)).order_by(COLUMNS.created_at, COLUMNS.key)
    return [dict(row._mapping) for row in connection.execute(waiting)]


def mark_message(connection: Connection, key: str, columns: Mapping[str, Any]) -> bool:
    """Notes how far a message has come; False when it is not there (yet).

    What somebody has taken stays taken, whichever is written first.
    """
    values = dict(columns)
    if "state" in values:
        values["state"] = case((COLUMNS.state == "acknowledged", COLUMNS.state), else_=values["state"])
    return connection.execute(update(OutboxRow).where(COLUMNS.key == key).values(**values)).rowcount > 0


def message_of_link(connection: Connection, link_hash: str) -> Mapping[str, Any] | None:
    """The message whose link has this hash."""
    row = connection.execute(select(*COLUMNS).where(COLUMNS.link_hash == link_hash)).one_or_none()
    return None if row is None else dict(row._mapping)
