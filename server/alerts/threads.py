"""Blocking work beside the event loop, which is left alone when it takes too long."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def within(limit_s: float, work: Callable[[], T], ended: Callable[[], None] | None = None) -> T:
    """What `work` returns or raises, from a thread of its own; TimeoutError after `limit_s`, while it goes on.

    A daemon thread: it does not hold up the end of the program. `ended` is called on the loop when it is really over.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def over(result: T | None, error: BaseException | None) -> None:
        if ended is not None:
            ended()
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as raised:  # noqa: BLE001 - handed to whoever waits
            error = raised
        with suppress(RuntimeError):  # the loop has ended meanwhile, and nobody waits for the answer
            loop.call_soon_threadsafe(over, result, error)

    threading.Thread(target=run, name="within", daemon=True).start()
    async with asyncio.timeout(limit_s):
        return await answer
