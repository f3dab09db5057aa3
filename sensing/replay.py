"""Playing what was recorded again, at its own pace or another."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypeVar

from sensing.block import SampleBlock
from sensing.packets import Record

BREATH = 64  # items between two turns of the event loop when there is no pace to keep

Item = TypeVar("Item")


def play_records(records: Iterable[Record], speed: float | None = 1.0) -> AsyncIterator[Record]:
    """The records of a raw log, each when it was heard. Speed 2 is twice as fast, None as fast as possible."""
    return _play(records, lambda record: record.arrival_s, speed)


def play_blocks(blocks: Iterable[SampleBlock], speed: float | None = 1.0) -> AsyncIterator[SampleBlock]:
    """A recording's blocks, each when its last sample was measured."""
    return _play(blocks, lambda block: float(block.time_s[-1]), speed)


async def _play(items: Iterable[Item], due_s: Callable[[Item], float], speed: float | None) -> AsyncIterator[Item]:
    """Paced by the running loop's clock against the first item, so that delays do not add up.

    Raises ValueError for a speed that is not positive.
    """
    if speed is not None and not speed > 0:
        raise ValueError(f"speed must be positive, not {speed}")
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    first_s: float | None = None
    for number, item in enumerate(items):
        if speed is None:
            if number % BREATH == 0:
                await asyncio.sleep(0)
        else:
            at_s = due_s(item)
            first_s = at_s if first_s is None else first_s
            wait_s = started_s + (at_s - first_s) / speed - loop.time()
            await asyncio.sleep(max(0.0, wait_s))
        yield item
