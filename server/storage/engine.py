"""Opens the database file and brings its tables up to date."""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL

NEWEST = "0006"  # the last step in migrations/versions; a test compares
MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_TIMEOUT_S = 10.0


class StorageError(Exception):
    """The database cannot be used; the text is a sentence with the remedy."""


def open_engine(path: Path) -> Engine:
    """An engine for the SQLite file `path`: write-ahead log, every commit synced to disk, foreign keys enforced."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def revision_of(connection: Connection) -> str | None:
    """The step the database is at, None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(engine: Engine) -> None:
    """Bring the tables up to date; does nothing when they are. Raises StorageError for a file of a later version."""
    from sqlalchemy.exc import DatabaseError

    try:
        with engine.begin() as connection:
            present = revision_of(connection)
            if present == NEWEST:
                return
            from alembic import command  # a third of a second of import that a database up to date does not need
            from alembic.config import Config
            from alembic.util import CommandError

            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, NEWEST)
            except CommandError as error:
                raise StorageError(
                    f"The database {engine.url.database} is of version {present}, which this Surefoot does not know. "
                    "Use the Surefoot that wrote it, or another data directory (--data-dir)."
                ) from error
    except DatabaseError as error:
        raise StorageError(
            f"The database {engine.url.database} cannot be opened ({error.orig}). "
            "Check the file's permissions and the free space, or choose another data directory (--data-dir)."
        ) from error
