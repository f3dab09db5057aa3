"""`surefoot test` where no Surefoot runs: a sensor, or a rehearsal, and a server of its own for the while."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from server.app import create_app
from server.clinic.client import Client
from server.live import Wish, watch_sensors
from server.lock import DirectoryLock
from server.monitor import Monitor, SessionOptions
from server.on_air import on_air
from server.page import tell_recovered, warm_kernels
from server.runner import bind, serve, url_of
from server.settings import Settings

NEVER_S = 1e12


@asynccontextmanager
async def own_server(settings: Settings, asked: Wish, virtual: Path | None, *, keep: bool) -> AsyncIterator[Client]:
    """A client of a server that looks after this one sensor. A rehearsal is thrown away afterwards, unless `keep`."""
    async with AsyncExitStack() as stack:
        directory = settings.data_dir
        if virtual is not None and not keep:
            temporary = tempfile.TemporaryDirectory(prefix="surefoot-test-", ignore_cleanup_errors=True)
            directory = Path(stack.enter_context(temporary))
        stack.enter_context(DirectoryLock(directory))
        options = SessionOptions(silence_s=settings.silence_s)
        monitor = await stack.enter_async_context(Monitor(directory, "live", options=options))
        await tell_recovered(monitor)
        await warm_kernels(monitor)
        radio, clock, wish = await on_air(stack, settings, asked, virtual, obeys=True)
        bound = stack.enter_context(bind("127.0.0.1", 0))
        stop, ready = asyncio.Event(), asyncio.Event()
        both = asyncio.gather(
            watch_sensors(monitor, radio, [wish], stop, idle_close_s=NEVER_S, clock=clock),
            serve(create_app(monitor), bound, stop, ready.set),
        )
        try:
            await ready.wait()
            yield Client(url_of(bound))
        finally:
            stop.set()
            await both
