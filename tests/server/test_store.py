import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from sensing.recording import Facts
from server.plan import SessionPlan
from server.rows import row_at_start
from server.storage.engine import MIGRATIONS, NEWEST, StorageError, migrate, open_engine
from server.storage.models import Base
from server.storage.store import FILE_NAME, Store, StoredEvent


def plan(name: str = "s-1") -> SessionPlan:
    return SessionPlan(name, "Anna", Facts("lower_back"), "sensor")


def step(store: Store, ordinal: int, session_id: str = "s-1", kind: str = "step") -> StoredEvent:
    event = {"kind": kind, "time_s": float(ordinal), "emitted_s": ordinal + 0.5, "side": None}
    stored = StoredEvent(store.next_seq(), session_id, ordinal, event)
    store.add_event(stored)
    return stored


def test_the_migrations_make_exactly_the_tables_of_the_models(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "a.sqlite")
    migrate(engine)
    made = inspect(engine)
    for table in Base.metadata.tables.values():
        columns = {column["name"]: column for column in made.get_columns(table.name)}
        assert set(columns) == set(table.columns.keys())
        for column in table.columns:
            assert columns[column.name]["nullable"] == column.nullable, column
            assert str(columns[column.name]["type"]) == str(column.type), column
        indices = {tuple(index["column_names"]) for index in made.get_indexes(table.name)}
        assert {tuple(c.name for c in index.columns) for index in table.indexes} <= indices
    engine.dispose()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "a.sqlite")
    migrate(engine)
    engine.dispose()
    before = (tmp_path / "a.sqlite").read_bytes()
    again = open_engine(tmp_path / "a.sqlite")
    migrate(again)
    again.dispose()
    assert (tmp_path / "a.sqlite").read_bytes() == before


def test_the_newest_step_is_the_last_file_of_the_folder() -> None:
    assert sorted(path.name for path in (MIGRATIONS / "versions").glob("r*.py"))[-1].startswith(f"r{NEWEST}_")


def test_a_database_of_a_later_version_is_refused_with_the_remedy(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "a.sqlite")
    migrate(engine)
    engine.dispose()
    with sqlite3.connect(tmp_path / "a.sqlite") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(StorageError, match="another data directory"):
        migrate(open_engine(tmp_path / "a.sqlite"))


def test_a_file_that_is_no_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match="cannot be opened"):
        Store(tmp_path)


async def test_events_come_back_in_their_order_by_session_kind_and_page(tmp_path: Path) -> None:
    async with Store(tmp_path) as store:
        store.add_session(row_at_start(plan(), "2026-11-21T09:00:00+00:00"))
        store.add_session(row_at_start(plan("s-2"), "2026-11-21T09:01:00+00:00"))
        written = [step(store, n, kind="step" if n % 2 else "turn") for n in range(10)]
        other = step(store, 0, "s-2")
        await store.flush()
        assert store.events(session_id="s-1") == written
        assert store.events(after_seq=written[-1].seq) == [other]
        assert store.events(session_id="s-1", kinds=["turn"], limit=2) == [written[0], written[2]]
        assert store.events(after_seq=written[2].seq, up_to_seq=written[4].seq) == written[3:5]
        total, rows = store.sessions(limit=1)
        assert (total, [row.id for row in rows]) == (2, ["s-2"])


async def test_a_sequence_number_is_never_given_twice_even_after_a_crash(tmp_path: Path) -> None:
    crashed = Store(tmp_path)
    crashed.add_session(row_at_start(plan(), "2026-11-21T09:00:00+00:00"))
    seen = [step(crashed, ordinal).seq for ordinal in range(5)]  # sent to pages, never written: the process dies
    async with Store(tmp_path) as store:
        assert store.next_seq() > max(seen)
        last = store.last_seq
        assert store.store_id == crashed.store_id
    async with Store(tmp_path) as store:
        assert store.next_seq() == last + 1, "a proper end gives the reserved numbers back"


async def test_a_failing_disk_keeps_the_events_and_says_so_until_it_works_again(tmp_path: Path) -> None:
    async with Store(tmp_path) as store:
        store.add_session(row_at_start(plan(), "2026-11-21T09:00:00+00:00"))
        await store.flush()
        blocker = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
        blocker.execute("ALTER TABLE events RENAME TO elsewhere")
        written = step(store, 0)
        await store.flush()
        assert store.fault is not None
        assert "cannot be written" in store.fault
        blocker.execute("ALTER TABLE elsewhere RENAME TO events")
        blocker.close()
        await store.flush()
        assert store.fault is None
        assert store.events() == [written]


async def test_writes_that_a_disk_refuses_keep_their_order_however_many_wait_for_them(tmp_path: Path) -> None:
    done: list[int] = []
    async with Store(tmp_path) as store:
        blocker = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
        blocker.execute("ALTER TABLE sessions RENAME TO elsewhere")

        def write(connection: Connection, number: int) -> None:
            connection.exec_driver_sql("DELETE FROM sessions")
            done.append(number)

        flushes = []
        for number in range(6):
            store.put(partial(write, number=number))
            flushes.append(asyncio.create_task(store.flush()))
            await asyncio.sleep(0)
        await asyncio.gather(*flushes)
        assert done == []
        blocker.execute("ALTER TABLE elsewhere RENAME TO sessions")
        blocker.close()
        await store.flush()
        assert done == list(range(6))


async def test_what_must_be_on_the_disk_first_is_put_there_before_each_batch(tmp_path: Path) -> None:
    order: list[str] = []
    store = Store(tmp_path, lambda: order.append("raw log"))
    store.add_session(row_at_start(plan(), "2026-11-21T09:00:00+00:00"))
    await store.flush()
    order.append(f"{store.sessions(1)[0]} in the database")
    await store.close()
    assert order[:2] == ["raw log", "1 in the database"]
