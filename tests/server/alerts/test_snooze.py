"""A pause through the REST interface: it holds, ends by itself, outlives a crash, and follows no clock that is set."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from server.alerts.clock import Sources
from server.alerts.keeper import AlertOptions
from server.monitor import Monitor, SessionOptions
from tests.server.running import running


class World:
    """The machine's own clock, and the one on its wall that anybody can set."""

    def __init__(self) -> None:
        self.boot_s = 100.0
        self.set_by = timedelta(0)

    def wall(self) -> datetime:
        return datetime(2026, 11, 25, 12, tzinfo=UTC) + timedelta(seconds=self.boot_s) + self.set_by

    def options(self) -> SessionOptions:
        sources = Sources("boot", lambda: self.boot_s, lambda: self.wall().timestamp())
        return SessionOptions(alerts=AlertOptions(sources, self.wall))


async def pause(client: httpx.AsyncClient) -> Any:
    return (await client.get("/api/care?person=Dora")).json()["snooze"]


async def test_a_pause_ends_when_it_was_to_end_after_a_crash_and_with_the_wall_clock_set_back(tmp_path: Path) -> None:
    world = World()
    wish = {"person": "Dora", "minutes": 15, "by": "Anna", "why": "exercises"}
    crashed = Monitor(tmp_path / "data", options=world.options())
    await crashed.alerts.take_up()
    async with running(crashed) as server, httpx.AsyncClient(base_url=server.url) as client:
        said = (await client.post("/api/care/snooze", json=wish)).json()
        assert said["snooze"]["by"] == "Anna"
    await crashed.store.close()  # its alerts were never ended, as after a kill
    world.boot_s += 600.0
    world.set_by = -timedelta(hours=1)
    async with (
        Monitor(tmp_path / "data", options=world.options()) as monitor,
        running(monitor) as server,
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        shown = await pause(client)
        left = datetime.fromisoformat(shown["until"]) - world.wall()
        assert left == timedelta(seconds=300), "the end that is shown is the end by the clock that is there now"
        world.boot_s += 299.0
        assert await pause(client) is not None
        world.boot_s += 2.0
        assert await pause(client) is None
