"""Facts about the database itself, by name."""

from sqlalchemy import Connection, insert, select, update

from server.storage.models import FactRow


def fact(connection: Connection, name: str) -> str | None:
    return connection.execute(select(FactRow.text).where(FactRow.name == name)).scalar()


def set_fact(connection: Connection, name: str, text: str) -> None:
    if connection.execute(update(FactRow).where(FactRow.name == name).values(text=text)).rowcount == 0:
        connection.execute(insert(FactRow).values(name=name, text=text))
