import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.alerts.care_plan import CarePlan
from server.alerts.dead_man import FAILURES_TOLD, DeadMan
from server.bench.sink import Sink
from server.monitor import Monitor
from server.storage.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(tmp_path) as opened:
        yield opened


def address(sink: Sink) -> str:
    return f"http://127.0.0.1:{sink.port}/ping/secret-of-the-address?run=1"


async def test_the_outside_hears_from_us_while_all_is_well(store: Store) -> None:
    with Sink() as outside:
        assert await DeadMan(store, lambda: [address(outside)], lambda: None).call()
        assert [one.path for one in outside.got] == ["/ping/secret-of-the-address?run=1"]


async def test_it_hears_nothing_when_messages_would_not_get_out(store: Store) -> None:
    with Sink() as outside:
        assert not await DeadMan(store, lambda: [address(outside)], lambda: "The worker stands.").call()
        assert outside.got == []


async def test_it_hears_nothing_while_the_disk_refuses_and_again_when_it_does_not(store: Store) -> None:
    with Sink() as outside:
        man = DeadMan(store, lambda: [address(outside)], lambda: None)
        blocker = sqlite3.connect(store.path, isolation_level=None)
        blocker.execute("ALTER TABLE store RENAME TO elsewhere")
        assert not await man.call()
        blocker.execute("ALTER TABLE elsewhere RENAME TO store")
        blocker.close()
        assert await man.call()
        assert len(outside.got) == 1


async def test_an_address_that_does_not_answer_is_said_after_three_calls_without_its_secret(store: Store) -> None:
    with Sink(status=500) as outside, Sink() as other:
        man = DeadMan(store, lambda: [address(outside), address(other)], lambda: None)
        for _ in range(FAILURES_TOLD):
            assert man.fault is None
            await man.call()
        assert man.fault is not None
        assert "127.0.0.1" in man.fault
        assert "secret" not in man.fault
        assert len(other.got) == FAILURES_TOLD, "one address does not hold another up"
        outside.status = 200
        await man.call()
        assert man.fault is None


@pytest.mark.parametrize("url", ["http://", "http://127.0.0.1:1/", "nonsense", "http://[", "https://127.0.0.1:1/x y"])
async def test_an_address_that_is_none_ends_nothing(store: Store, url: str) -> None:
    man = DeadMan(store, lambda: [url], lambda: None)
    for _ in range(FAILURES_TOLD):
        assert await man.call()
    assert man.fault is not None


async def test_a_running_server_calls_the_addresses_of_its_settings_and_care_plans(monitor: Monitor) -> None:
    with Sink() as one, Sink() as other:
        monitor.delivery.dead_man_url = address(one)
        await monitor.alerts.set_care(CarePlan(person="Anna", dead_man_url=address(other)), None)
        await asyncio.sleep(0.05)  # the worker has looked at its work once
        assert await monitor.delivery.dead_man.call()
        assert (len(one.got), len(other.got)) == (1, 1)
