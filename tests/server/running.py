"""A real server on a real port, and a client that reads what a page would read."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from dashboard import STATIC
from server.app import create_app
from server.monitor import Monitor
from server.runner import bind, serve

TIMEOUT_S = 60.0


@dataclass
class Running:
    """A server under test."""

    monitor: Monitor
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def live(self, after: int | None = None) -> str:
        return f"ws://127.0.0.1:{self.port}/api/live" + ("" if after is None else f"?after={after}")


@asynccontextmanager
async def running(
    monitor: Monitor, token: str | None = None, static: Path = STATIC, *, public_url: str | None = None
) -> AsyncIterator[Running]:
    """Serve `monitor` while the context lasts."""
    with bind("127.0.0.1", 0) as bound:
        stop, ready = asyncio.Event(), asyncio.Event()
        serving = asyncio.create_task(
            serve(create_app(monitor, token, static, public_url=public_url), bound, stop, ready.set)
        )
        try:
            await asyncio.wait_for(ready.wait(), TIMEOUT_S)
            yield Running(monitor, bound.getsockname()[1])
        finally:
            stop.set()
            await serving


@dataclass
class Page:
    """What a live page has received."""

    socket: ClientConnection
    messages: list[dict[str, Any]] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)

    async def read_until(self, enough: Callable[["Page"], bool]) -> None:
        """Read on until `enough`; fails when nothing decides it in time."""
        async with asyncio.timeout(TIMEOUT_S):
            while not enough(self):
                said = await self.socket.recv()
                if isinstance(said, str):
                    self.messages.append(json.loads(said))
                else:
                    self.frames.append(said)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.messages if one["type"] == kind]

    @property
    def seqs(self) -> list[int]:
        return [one["seq"] for one in self.of("event")]

    @property
    def hello(self) -> dict[str, Any]:
        return self.messages[0]


@asynccontextmanager
async def page(url: str, **options: Any) -> AsyncIterator[Page]:
    """A connected page that has read its hello."""
    async with connect(url, compression=None, max_queue=None, **options) as socket:
        opened = Page(socket)
        await opened.read_until(lambda p: bool(p.messages))
        yield opened


async def until(enough: Callable[[], bool]) -> None:
    """Waits until it is so; fails when nothing decides it in time."""
    async with asyncio.timeout(TIMEOUT_S):
        while not enough():  # noqa: ASYNC110 - what is waited for is not always ours
            await asyncio.sleep(0.01)
