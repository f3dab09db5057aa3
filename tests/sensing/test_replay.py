"""Playing logs and recordings again."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sensing.packets import Note, Packet, Record
from sensing.replay import play_blocks, play_records
from tests.sensing.builders import a_recording


async def timed(items: AsyncIterator[object]) -> list[float]:
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    return [loop.time() - started_s async for _ in items]


async def test_records_come_at_the_pace_they_were_heard_times_the_speed() -> None:
    records: list[Record] = [Note(100.0, "stream"), Packet(100.0, b"a"), Packet(101.0, b"b"), Packet(102.0, b"c")]
    times_s = await timed(play_records(records, speed=20))
    assert times_s[1] < times_s[2] < times_s[3]
    assert times_s[2] >= 0.049
    assert times_s[3] >= 0.099


async def test_records_come_in_order_and_whole_as_fast_as_possible() -> None:
    records: list[Record] = [Packet(float(number), b"x") for number in range(1000)]
    assert [record async for record in play_records(records, speed=None)] == records


async def test_an_unpaced_replay_lets_other_tasks_run() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    async for _ in play_records([Packet(0.0, b"")] * 1000, speed=None):
        pass
    counting.cancel()
    assert turns > 5


async def test_blocks_come_when_their_last_sample_was_measured() -> None:
    recording = a_recording(samples=30, rate_hz=100.0)
    times_s = await timed(play_blocks(recording.blocks(10), speed=2.0))
    assert len(times_s) == 3
    assert times_s[2] >= 0.099


async def test_a_speed_must_be_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        await timed(play_records([], speed=0))
