"""A virtual radio with a session's receiving end, for the tests of the radio."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sensing.ble import Radio, SensorHandle, SensorState, SensorStatus, SensorTarget, Timings
from sensing.block import SampleBlock
from sensing.drivers.base import Wanted
from sensing.intake import Intake
from sensing.packets import Note, Record
from sensing.virtual import VirtualRadio, VirtualSensor
from sensing.virtual.motion import COUNT_MODULUS, counts, turning

QUICK = Timings(
    back_off_first_s=0.05,
    back_off_most_s=0.4,
    back_off_reset_s=1.0,
    stall_periods=1.5,
    stall_least_s=0.5,
    first_packet_s=1.5,
    seen_lately_s=30.0,
    scan_s=0.6,
    choose_s=0.15,
    connect_s=1.0,
    connect_attempts=1,
    configure_s=5.0,
    revive_s=1.0,
    disconnect_s=1.0,
)


@dataclass
class Receiver:
    """What a session does with records: keep them, and turn them into blocks."""

    intake: Intake = field(default_factory=lambda: Intake("sensor"))
    records: list[Record] = field(default_factory=list)
    blocks: list[SampleBlock] = field(default_factory=list)
    statuses: list[SensorStatus] = field(default_factory=list)

    def on_record(self, record: Record) -> None:
        self.records.append(record)
        self.blocks += self.intake.receive(record)

    def on_status(self, status: SensorStatus) -> None:
        self.statuses.append(status)

    @property
    def state(self) -> SensorState:
        return self.statuses[-1].state if self.statuses else SensorState.SCANNING

    @property
    def states(self) -> list[SensorState]:
        return [status.state for status in self.statuses]

    def notes(self, kind: str) -> list[Note]:
        return [record for record in self.records if isinstance(record, Note) and record.kind == kind]

    @property
    def samples(self) -> int:
        return sum(len(block) for block in self.blocks)

    def numbers(self) -> NDArray[np.int64]:
        """The sensor's own numbers of the samples received, from the data alone, counted on over the modulus."""
        told = np.concatenate([counts(block.acc_mps2) for block in self.blocks])
        return told[0] + np.concatenate(([0], np.cumsum(np.diff(told) % COUNT_MODULUS)))

    def check(self, sensor: VirtualSensor, *, gyr_within_radps: float = 0.002) -> None:
        """No sample twice, none invented, none out of order; time and index increase over the whole session.

        Angular rate belongs to the acceleration that it came with, where it is not missing.
        """
        self.blocks += self.intake.finish()
        numbers = self.numbers()
        assert (np.diff(numbers) > 0).all(), "a sample came twice or out of order"
        sent = {number for frame in sensor.sent for number in range(frame.first, frame.first + frame.samples)}
        assert {int(n) % COUNT_MODULUS for n in numbers} <= {n % COUNT_MODULUS for n in sent}, "a sample was invented"
        rates = [block.gyr_radps for block in self.blocks if block.gyr_radps is not None]
        if rates:
            wrong = np.abs(np.concatenate(rates) - turning(numbers))
            assert np.nanmax(wrong) <= gyr_within_radps, "angular rate of other samples"
        assert (np.diff(np.concatenate([block.time_s for block in self.blocks])) > 0).all()
        for before, after in pairwise(self.blocks):
            assert after.first_index >= before.first_index + len(before)

    async def until(self, condition: Callable[[], bool], seconds: float = 8.0) -> None:
        """Wait until the condition holds; fails with the statuses seen when it does not within `seconds`."""
        deadline_s = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < deadline_s, [f"{s.state}: {s.reason}" for s in self.statuses]
            await asyncio.sleep(0.005)

    async def until_state(self, state: SensorState) -> None:
        await self.until(lambda: bool(self.statuses) and self.state is state)

    async def until_samples(self, more: int) -> None:
        wanted = self.samples + more
        await self.until(lambda: self.samples >= wanted)


@dataclass
class Stage:
    """A virtual radio and the real one that listens to it."""

    air: VirtualRadio
    radio: Radio

    def watch(self, sensor: VirtualSensor | None = None) -> tuple[Receiver, SensorHandle]:
        receiver = Receiver()
        target = SensorTarget(sensor.address if sensor is not None else None)
        return receiver, self.radio.watch(target, receiver.on_record, receiver.on_status)

    @property
    def links(self) -> int:
        """Connections that the listening side holds."""
        return len(self.air.central.connections)


@asynccontextmanager
async def a_stage(
    *sensors: VirtualSensor,
    speed: float = 4.0,
    timings: Timings = QUICK,
    wanted: Wanted | None = None,
    connection_interval_s: float = 0.0,
) -> AsyncIterator[Stage]:
    async with VirtualRadio(speed=speed, connection_interval_s=connection_interval_s) as air:
        for sensor in sensors:
            await air.add(sensor)
        async with Radio(air.backend, wanted, clock=air.clock, timings=timings) as radio:
            yield Stage(air, radio)
