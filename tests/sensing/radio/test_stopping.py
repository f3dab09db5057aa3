"""Stopping a watch in whatever state it is: it ends at once, and the sensor is left alone."""

import asyncio
import dataclasses
from collections.abc import Callable

import pytest

from sensing.ble import SensorState, SensorStatus, SensorTarget
from sensing.virtual import CountingMotion, VirtualSensor, virtual_sensor
from tests.sensing.radio.stage import QUICK, Receiver, a_stage

SLOW = dataclasses.replace(QUICK, back_off_first_s=5.0, back_off_most_s=5.0, scan_s=5.0, connect_s=5.0)


def plain() -> VirtualSensor:
    return virtual_sensor("movesense", CountingMotion())


def slow_to_configure() -> VirtualSensor:
    return virtual_sensor("movesense", CountingMotion(), variant="silent")


def in_its_charger() -> VirtualSensor:
    sensor = virtual_sensor("polar", CountingMotion(), variant="verity")
    sensor.refuse(13)
    return sensor


def leave_when(state: SensorState, sensor: VirtualSensor) -> Callable[[SensorStatus], None]:
    def on_status(status: SensorStatus) -> None:
        if status.state is state:
            sensor.vanish()

    return on_status


def fall_silent(state: SensorState, sensor: VirtualSensor) -> Callable[[SensorStatus], None]:
    def on_status(status: SensorStatus) -> None:
        if status.state is SensorState.STREAMING:
            sensor.stall()

    return on_status


def nothing(state: SensorState, sensor: VirtualSensor) -> Callable[[SensorStatus], None]:
    return lambda status: None


CASES = [
    (SensorState.CONNECTING, plain, leave_when),
    (SensorState.CONFIGURING, slow_to_configure, nothing),
    (SensorState.STREAMING, plain, nothing),
    (SensorState.STALLED, plain, fall_silent),
    (SensorState.FAILED, in_its_charger, nothing),
]


async def watch_and_stop(state: SensorState, sensor: VirtualSensor | None, meddle: Callable[..., object]) -> Receiver:
    receiver = Receiver()
    async with a_stage(*([sensor] if sensor is not None else []), timings=SLOW) as stage:

        def on_status(status: SensorStatus) -> None:
            receiver.on_status(status)
            if sensor is not None:
                meddling(status)

        meddling = meddle(state, sensor)
        assert callable(meddling)
        handle = stage.radio.watch(SensorTarget(), receiver.on_record, on_status)
        await receiver.until_state(state)
        async with asyncio.timeout(3.0):
            await handle.stop()
        assert handle.status.state is SensorState.STOPPED
        assert stage.links == 0
        assert not stage.radio.scanner.is_running
        assert not stage.air.central.is_le_connecting
        records = len(receiver.records)
        await asyncio.sleep(0.05)
        assert len(receiver.records) == records
        assert sensor is None or not sensor.is_streaming
        await handle.stop()  # a second time does no harm
    assert receiver.states[-2:] == [state, SensorState.STOPPED]
    assert len(receiver.notes("disconnected")) == bool(receiver.notes("stream"))  # a stall ends no connection
    return receiver


@pytest.mark.parametrize(("state", "make", "meddle"), CASES, ids=[str(case[0]) for case in CASES])
async def test_a_watch_stops_cleanly_in_this_state(
    state: SensorState, make: Callable[[], VirtualSensor], meddle: Callable[..., object]
) -> None:
    await watch_and_stop(state, make(), meddle)


async def test_a_watch_that_is_stopped_at_once_never_begins() -> None:
    async with a_stage() as stage:
        receiver = Receiver()
        await stage.radio.watch(SensorTarget(), receiver.on_record, receiver.on_status).stop()
    assert receiver.states == [SensorState.STOPPED]


async def test_a_watch_stops_cleanly_while_it_searches() -> None:
    await watch_and_stop(SensorState.SCANNING, None, nothing)


async def test_a_watch_stops_cleanly_while_it_waits() -> None:
    def lose_once(_state: SensorState, sensor: VirtualSensor) -> Callable[[SensorStatus], None]:
        return lambda status: sensor.lose_link() if status.state is SensorState.STREAMING else None

    await watch_and_stop(SensorState.BACKING_OFF, plain(), lose_once)


async def test_the_same_sensor_can_be_watched_again_after_a_stop() -> None:
    sensor = virtual_sensor("polar", CountingMotion())
    async with a_stage(sensor) as stage:
        for _ in range(2):
            receiver, handle = stage.watch(sensor)
            await receiver.until_samples(30)
            await handle.stop()
            assert receiver.intake.counters.duplicate_packets == 0
    assert sensor.connections == 2


async def test_stopping_tells_an_h10_to_stop_so_that_its_battery_lasts() -> None:
    sensor = virtual_sensor("polar", CountingMotion())
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(30)
        await handle.stop()
        again, _ = stage.watch(sensor)
        await again.until_samples(1)
    answers = [record.data.hex() for record in again.records if getattr(record, "channel", None) == 1]
    assert [answer[2:8] for answer in answers[:2]] == ["010200", "020200"]  # settings, start: never "already"


async def test_an_h10_that_streams_to_nobody_after_a_lost_link_is_stopped_and_started() -> None:
    sensor = virtual_sensor("polar", CountingMotion())
    async with a_stage(sensor) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until_samples(30)
        sensor.lose_link()
        await receiver.until_state(SensorState.BACKING_OFF)
        await receiver.until_samples(30)
    receiver.check(sensor)
    answers = [record.data.hex() for record in receiver.records if getattr(record, "channel", None) == 1]
    assert "020206" in [answer[2:8] for answer in answers]


async def test_retrying_by_hand_cuts_a_wait_short() -> None:
    sensor = plain()
    async with a_stage(sensor, timings=SLOW) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(10)
        sensor.cut()
        await receiver.until_state(SensorState.BACKING_OFF)
        handle.retry()
        await receiver.until(lambda: receiver.state is SensorState.STREAMING, 3.0)
