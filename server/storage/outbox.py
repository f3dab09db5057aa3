"""Messages on their way out, in the database. Every function works on the connection it is given."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from server.storage.models import OutboxRow

COLUMNS = OutboxRow.__table__.c
UNSENT = ("pending", "sending", "failed")


def unsent_messages(connection: Connection) -> list[Mapping[str, Any]]:
    """Those that are not out yet, the oldest first. What was being sent when the program ended is among them."""
    waiting = select(*COLUMNS).where(COLUMNS.state.in_(UNSENT)).order_by(COLUMNS.created_at, COLUMNS.key)
    return [dict(row._mapping) for row in connection.execute(waiting)]


def mark_message(connection: Connection, key: str, columns: Mapping[str, Any]) -> None:
    """Notes how far a message has come. One that somebody has taken stays so."""
    taken = COLUMNS.state.in_(("acknowledged", "dropped"))
    connection.execute(update(OutboxRow).where(COLUMNS.key == key, ~taken).values(**columns))


def message_of_link(connection: Connection, link_hash: str) -> Mapping[str, Any] | None:
    """The message whose link has this hash."""
    row = connection.execute(select(*COLUMNS).where(COLUMNS.link_hash == link_hash)).one_or_none()
    return None if row is None else dict(row._mapping)
