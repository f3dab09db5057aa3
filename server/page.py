"""A monitor with its web page: lock, recovery, port, server, and whatever feeds it, begun and ended in order."""

import asyncio
import webbrowser
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from dsp.pipeline import Pipeline
from server.app import create_app
from server.ending import stop_on_signals
from server.lock import DirectoryLock
from server.monitor import Mode, Monitor, SessionOptions
from server.recovery import recover, unfinished
from server.runner import bind, serve, url_of
from server.settings import Settings
from server.terminal import console, progress_bar, say

log = structlog.get_logger("page")

COMPILING = "Compiling the detectors, which takes up to half a minute the first time; the next start will be quick."
Feed = Callable[[Monitor, asyncio.Event], Awaitable[None]]


async def monitor_with_page(
    settings: Settings,
    mode: Mode,
    feed: Feed | None = None,
    *,
    data_dir: Path | None = None,
    browser: bool,
    next_port: bool = False,
) -> int:
    """Serve until Ctrl-C while `feed(monitor, stop)` brings packets. What `feed` raises ends the server."""
    directory = data_dir or settings.data_dir
    bound = bind(settings.host, settings.port, or_next=next_port)
    with bound, DirectoryLock(directory), stop_on_signals() as stop:
        async with Monitor(directory, mode, options=SessionOptions(silence_s=settings.silence_s)) as monitor:
            await tell_recovered(monitor)
            url = url_of(bound)
            monitor.delivery.public_url = settings.public_url or url
            monitor.delivery.dead_man_url = settings.dead_man_url_text
            app = create_app(monitor, settings.token_text, public_url=settings.public_url)

            def ready() -> None:
                say(f"Surefoot is at {url}" + (" (log in with the token)" if settings.token else ""))
                say("Ctrl-C ends it and closes the sessions.")
                if browser and not webbrowser.open(url):
                    say("No browser could be opened; open the address above yourself.")

            feeding = asyncio.create_task(_fed(feed, monitor, stop), name="feed")
            try:
                await serve(app, bound, stop, ready)
            finally:
                stop.set()
                await feeding
    say("Ended; every session is closed.")
    return 0


async def _fed(feed: Feed | None, monitor: Monitor, stop: asyncio.Event) -> None:
    if feed is None:
        return
    try:
        await feed(monitor, stop)
    except BaseException:
        stop.set()
        raise


async def warm_kernels(monitor: Monitor) -> None:
    """Compile the detectors, or load them from the cache, before the first packet: a quarter of a minute or none."""
    monitor.radio.state, monitor.radio.reason = "starting", COMPILING
    began = asyncio.get_running_loop().time()
    warming = asyncio.create_task(asyncio.to_thread(Pipeline.warm), name="warm")
    done, _ = await asyncio.wait({warming}, timeout=1.5)
    if not done:
        if not console.is_terminal:  # a status line is for terminals only
            say(COMPILING)
        with console.status(COMPILING):
            await warming
    await warming
    monitor.radio.reason = None
    log.info("detectors ready", seconds=round(asyncio.get_running_loop().time() - began, 2))


async def tell_recovered(monitor: Monitor) -> None:
    """Recover what a crash left, with progress, and say what became of it."""
    if not unfinished(monitor):
        return
    with progress_bar("Recovering") as step:
        results = await recover(monitor, lambda _, number, of: step(number - 1, of))
    for result in results:
        say(result.sentence)
