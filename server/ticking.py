"""Work that comes back at an even pace, and is reported when it fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog

log = structlog.get_logger("ticking")

AGAIN_S = 1.0


async def ticks(period_s: float) -> AsyncIterator[None]:
    """Every `period_s` by the loop's clock; what was missed while the caller was busy is left out, not made up for."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        due = max(due + period_s, loop.time())
        await asyncio.sleep(due - loop.time())
        yield


async def reported(work: Callable[[], Awaitable[None]]) -> None:
    """Run `work`, and start it again after it failed: a fault in one state must not silence every page."""
    while True:
        try:
            return await work()
        except Exception:
            log.exception("periodic work failed; it goes on")
            await asyncio.sleep(AGAIN_S)
