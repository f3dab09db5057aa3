"""A sensor's clock, and the frames that leave it in time: stamped, packed, and lost where they are to be lost."""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sensing.drivers.base import ClockSpec, Driver, Frame
from sensing.virtual.faults import Fate, Fates, Faults
from sensing.virtual.firmware import Stream
from sensing.virtual.motion import Motion

Part = tuple[int, bytes]  # channel, notification


@dataclass(frozen=True, slots=True)
class Sent:
    """One frame of the log: its samples, when it was due, what became of it, and how many of its parts were lost."""

    stream: str
    first: int
    samples: int
    due_s: float
    fate: Fate
    lost_parts: int = 0


class SensorClock:
    """Seconds since the sensor was switched on, by its own crystal; and the counter that stamps its frames."""

    def __init__(self, now_s: Callable[[], float], speed: float, faults: Faults, spec: ClockSpec | None) -> None:
        self._now_s = now_s
        self._speed = speed
        self._start_s = now_s()
        self._pace = 1.0 + faults.clock_error_ppm * 1e-6
        self._first_tick = faults.first_tick
        self._tick_s = spec.tick_s if spec is not None else 1.0
        self._zero_s = 0.0  # when the counter was last reset

    def seconds(self) -> float:
        return (self._now_s() - self._start_s) * self._pace

    def ticks_at(self, clock_s: float) -> int:
        """The counter, not wrapped."""
        return self._first_tick + round((clock_s - self._zero_s) / self._tick_s)

    def reset_counter(self) -> None:
        """As at power-on, but the counter starts at 0."""
        self._zero_s = self.seconds()
        self._first_tick = 0

    async def until(self, clock_s: float) -> None:
        wait_s = (clock_s - self.seconds()) / self._pace / self._speed
        if wait_s > 0:
            await asyncio.sleep(wait_s)


@dataclass(frozen=True, slots=True)
class Streamer:
    """Runs the streams of one sensor. `emit` sends one notification, `is_stalled` says whether frames are withheld."""

    driver: Driver
    clock: SensorClock
    motion: Motion
    faults: Faults
    emit: Callable[[int, bytes], Awaitable[None]]
    is_stalled: Callable[[], bool]
    log: deque[Sent]

    async def run(self, stream: Stream) -> None:
        """Sends each frame when its last sample has been taken; returns when the motion has ended."""
        fates = Fates(self.faults, stream.name)
        held: list[Part] = []
        sequence = 0
        first = math.ceil(self.clock.seconds() * stream.rate_hz)
        while (frame := self.motion.samples(first, stream.samples, stream.rate_hz)) is not None:
            parts = stream.pack(self._stamped(frame, stream, first, sequence))
            due_s = (first + stream.samples) / stream.rate_hz
            await self.clock.until(due_s + fates.delay_s())
            fate = Fate.STALLED if self.is_stalled() else fates.next_frame()
            lost = 0
            if fate is Fate.HELD:
                held += parts
            elif fate in (Fate.SENT, Fate.DUPLICATED):
                copies = 2 if fate is Fate.DUPLICATED else 1
                lost = await self._send([part for part in parts for _ in range(copies)], fates)
                await self._send(held, fates)
                held.clear()
            self.log.append(Sent(stream.name, first, stream.samples, due_s, fate, lost))
            first += stream.samples
            sequence += 1

    async def _send(self, parts: list[Part], fates: Fates) -> int:
        """Returns how many parts were lost on the way."""
        lost = 0
        for channel, notification in parts:
            if fates.loses_notification():
                lost += 1
            else:
                await self.emit(channel, notification)
        return lost

    def _stamped(self, frame: Frame, stream: Stream, first: int, sequence: int) -> Frame:
        spec, bits = self.driver.clock, self.driver.sequence_bits
        number = None if bits is None else sequence % (1 << bits)
        if spec is None:
            return replace(frame, sequence=number)
        stamped = first if spec.stamp == "first" else first + stream.samples - 1
        return replace(frame, ticks=self.clock.ticks_at(stamped / stream.rate_hz) % (1 << spec.bits), sequence=number)
