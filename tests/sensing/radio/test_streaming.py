"""Every kind of sensor, from its first advertisement to blocks, over the virtual radio and Bleak."""

import asyncio
import dataclasses

import pytest

from sensing.ble import FoundSensor, Radio, SensorState, SensorTarget
from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.drivers.base import Wanted
from sensing.virtual import CountingMotion, Faults, PlayedMotion, VirtualSensor, virtual_sensor
from tests.sensing.builders import a_recording
from tests.sensing.radio.stage import QUICK, Receiver, a_stage

KINDS = [
    ("movesense", "production", 104.0, True),
    ("movesense", "sample_app", 104.0, True),
    ("movesense", "silent", 104.0, True),
    ("polar", "h10", 100.0, False),
    ("polar", "verity", 52.0, True),
    ("gaitimu", "board", 100.0, True),
]


def counting(kind: str = "movesense", number: int = 0, *, variant: str | None = None) -> VirtualSensor:
    return virtual_sensor(kind, CountingMotion(), number=number, variant=variant)


@pytest.mark.parametrize(("kind", "variant", "rate_hz", "has_gyroscope"), KINDS)
async def test_samples_of_each_kind_of_sensor_arrive_whole(
    kind: str, variant: str, rate_hz: float, has_gyroscope: bool
) -> None:
    sensor = counting(kind, variant=variant)
    async with a_stage(sensor, speed=8.0) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until(lambda: receiver.samples > 300, 20.0)
        status = handle.status
        assert status.state is SensorState.STREAMING
        assert (status.name, status.address, status.driver, status.mtu) == (sensor.name, sensor.address, kind, 517)
        assert f"{rate_hz:g} Hz" in status.reason
    receiver.check(sensor)
    counters = receiver.intake.counters
    assert (counters.lost_samples, counters.duplicate_packets, counters.partial_packets) == (0, 0, 0)
    assert receiver.intake.rate_hz == rate_hz
    assert receiver.intake.battery_percent == 77
    assert all((block.gyr_radps is not None) == has_gyroscope for block in receiver.blocks)
    assert abs(receiver.blocks[0].acc_mps2[:, 2] - STANDARD_GRAVITY_MPS2).max() < 0.01
    assert stage.links == 0


@pytest.mark.parametrize("rate_hz", [13.0, 52.0, 208.0])
async def test_a_movesense_streams_at_the_rate_that_is_wanted(rate_hz: float) -> None:
    sensor = counting()
    async with a_stage(sensor, wanted=Wanted(rate_hz, gyroscope=True)) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until(lambda: receiver.samples >= 2 * rate_hz)
    receiver.check(sensor)
    assert receiver.intake.rate_hz == rate_hz
    assert receiver.intake.counters.lost_samples == 0


async def test_a_magnetometer_is_streamed_where_it_is_wanted() -> None:
    sensor = virtual_sensor("movesense", CountingMotion(magnetometer=True))
    async with a_stage(sensor, wanted=Wanted(magnetometer=True)) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until(lambda: receiver.samples > 100)
        assert handle.status.reason == "Streaming acceleration, angular rate, magnetic field at 104 Hz."
    assert all(block.mag_ut is not None for block in receiver.blocks)


async def test_a_movement_without_angular_rate_is_streamed_without() -> None:
    sensor = virtual_sensor("movesense", a_recording(500, gyroscope=False))
    async with a_stage(sensor) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until(lambda: receiver.samples > 100)
    assert receiver.intake.has_gyroscope is False


async def test_the_note_stream_goes_before_everything_that_the_sensor_said() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until_samples(20)
    assert receiver.records[0] == receiver.notes("stream")[0]
    assert receiver.records[-1] == receiver.notes("disconnected")[0]
    assert receiver.notes("disconnected")[0].fields["reason"] == "stopped"
    arrivals_s = [record.arrival_s for record in receiver.records]
    assert arrivals_s == sorted(arrivals_s)
    assert receiver.intake.counters.stray_packets == 0


async def test_two_sensors_of_different_kinds_stream_side_by_side() -> None:
    belt, chest = counting("movesense", 1), counting("polar", 2)
    async with a_stage(belt, chest) as stage:
        (belts, _), (chests, _) = stage.watch(belt), stage.watch(chest)
        await asyncio.gather(belts.until_samples(200), chests.until_samples(200))
    for receiver, sensor in ((belts, belt), (chests, chest)):
        receiver.check(sensor)
        assert receiver.intake.counters.lost_samples == 0
        assert sensor.connections == 1


async def test_three_sensors_of_one_kind_are_shared_out_among_three_watches() -> None:
    sensors = [counting(number=number) for number in range(3)]
    async with a_stage(*sensors) as stage:
        watched = [stage.watch() for _ in sensors]
        for receiver, _ in watched:
            await receiver.until_samples(50)
        assert {handle.status.address for _, handle in watched} == {sensor.address for sensor in sensors}
    assert [sensor.connections for sensor in sensors] == [1, 1, 1]


async def test_a_scan_lists_what_can_be_read_and_tells_each_once() -> None:
    sensors = [counting("movesense", 1), counting("gaitimu", 2), counting("polar", 3)]
    sensors.append(virtual_sensor("movesense", CountingMotion(), number=9, name="Kettle"))
    async with a_stage(*sensors) as stage:
        told: list[FoundSensor] = []
        found = await stage.radio.scan(0.5, told.append)
        everything = await stage.radio.scan(0.3, everything=True)
    assert {(one.name, one.driver_name) for one in found} == {
        ("Movesense 000000000001", "movesense"),
        ("GaitIMU 0002", "gaitimu"),
        ("Polar H10 00000003", "polar"),
    }
    assert sorted(one.address for one in told) == sorted(one.address for one in found)
    assert {one.name for one in everything if one.driver_name is None} == {"Kettle"}


async def test_two_scans_at_once_share_the_one_scanner() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        short, long = asyncio.create_task(stage.radio.scan(0.25)), asyncio.create_task(stage.radio.scan(0.5))
        assert [one.address for one in await short] == [sensor.address]
        assert stage.radio.scanner.is_running
        assert [one.address for one in await long] == [sensor.address]
        assert not stage.radio.scanner.is_running


async def test_a_scan_goes_on_while_a_sensor_connects_and_streams() -> None:
    first, second = counting(number=1), counting(number=2)
    async with a_stage(first, second) as stage:
        receiver, _ = stage.watch(first)
        scan = asyncio.create_task(stage.radio.scan(0.6))
        await receiver.until_samples(20)
        assert second.address in {one.address for one in await scan}


async def test_a_listener_that_fails_ends_its_own_scan_only() -> None:
    def fail(_: FoundSensor) -> None:
        raise RuntimeError("the display broke")

    sensor = counting()
    async with a_stage(sensor) as stage:
        good = asyncio.create_task(stage.radio.scan(0.5))
        with pytest.raises(RuntimeError, match="the display broke"):
            await stage.radio.scan(0.5, fail)
        assert len(await good) == 1


@pytest.mark.parametrize("asked", ["movesense 000000000001", "000000000001", "f0:11:22:33:00:01"])
async def test_a_sensor_is_meant_by_name_serial_number_or_address(asked: str) -> None:
    one, other = counting(number=1), counting(number=2)
    async with a_stage(other, one) as stage:
        receiver = Receiver()
        handle = stage.radio.watch(SensorTarget(asked), receiver.on_record, receiver.on_status)
        await receiver.until_state(SensorState.STREAMING)
        assert handle.status.address == one.address


async def test_only_sensors_of_the_kind_that_is_asked_for_are_taken() -> None:
    belt, chest = counting("movesense", 1), counting("polar", 2)
    async with a_stage(belt, chest) as stage:
        receiver = Receiver()
        handle = stage.radio.watch(SensorTarget(driver="polar"), receiver.on_record, receiver.on_status)
        await receiver.until_state(SensorState.STREAMING)
        assert handle.status.address == chest.address


async def test_a_renamed_sensor_can_be_read_by_saying_what_it_is() -> None:
    sensor = virtual_sensor("gaitimu", CountingMotion(), name="Annas Guertel")
    async with a_stage(sensor) as stage:
        receiver = Receiver()
        stage.radio.watch(SensorTarget("Annas Guertel", "gaitimu"), receiver.on_record, receiver.on_status)
        await receiver.until_samples(50)
    receiver.check(sensor)


async def test_a_device_that_is_no_sensor_is_refused_in_a_sentence() -> None:
    kettle = virtual_sensor("movesense", CountingMotion(), name="Kettle")
    async with a_stage(kettle) as stage:
        receiver, _ = stage.watch(kettle)
        await receiver.until_state(SensorState.FAILED)
        assert receiver.statuses[-1].reason.startswith(
            "Kettle is no sensor that Surefoot can read. It reads: Movesense"
        )


async def test_a_sensor_that_another_session_has_is_refused_until_it_is_free() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        first, first_handle = stage.watch(sensor)
        await first.until_state(SensorState.STREAMING)
        sensor.cut()  # so that it advertises while it still belongs to the first
        second, second_handle = stage.watch(sensor)
        await second.until(lambda: second.state in (SensorState.FAILED, SensorState.BACKING_OFF))
        await first_handle.stop()
        second_handle.retry()
        await second.until_samples(20)


async def test_a_sensor_that_is_not_there_is_looked_for_again_and_again() -> None:
    async with a_stage() as stage:
        receiver = Receiver()
        stage.radio.watch(SensorTarget("Movesense 7"), receiver.on_record, receiver.on_status)
        await receiver.until(lambda: receiver.states.count(SensorState.BACKING_OFF) == 2)
        reason = receiver.statuses[-1].reason
        assert reason.startswith("Movesense 7 was not heard for 1 s. Switch it on")
        late = counting(number=7)
        late.name = "Movesense 7"
        await stage.air.add(late)
        await receiver.until_samples(10)


async def test_a_connection_interval_delays_but_loses_nothing() -> None:
    sensor = counting()
    patient = dataclasses.replace(QUICK, connect_s=5.0)  # a dozen round trips, one interval each way
    async with a_stage(sensor, connection_interval_s=0.015, timings=patient) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until_samples(150)
    receiver.check(sensor)
    assert receiver.intake.counters.lost_samples == 0


async def test_a_receiver_that_fails_once_costs_a_reconnection_and_not_the_measurement() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        receiver = Receiver()
        handed = 0

        def on_record(record: object) -> None:
            nonlocal handed
            handed += 1
            if handed == 20:
                raise OSError("no space left on the disk")
            receiver.on_record(record)  # type: ignore[arg-type]

        stage.radio.watch(SensorTarget(), on_record, receiver.on_status)
        await receiver.until_state(SensorState.BACKING_OFF)
        assert "no space left on the disk" in receiver.statuses[-1].reason
        await receiver.until_samples(30)
    receiver.check(sensor)


async def test_a_display_that_fails_does_not_end_the_measurement() -> None:
    sensor = counting()

    def fail(_: object) -> None:
        raise RuntimeError("the display broke")

    async with a_stage(sensor) as stage:
        receiver = Receiver()
        stage.radio.watch(SensorTarget(), receiver.on_record, fail)
        await receiver.until_samples(30)
    receiver.check(sensor)


async def test_a_played_recording_arrives_as_it_was() -> None:
    recording = a_recording(600, 104.0)
    sensor = virtual_sensor("movesense", recording)
    assert isinstance(sensor.motion, PlayedMotion)
    async with a_stage(sensor) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until(lambda: receiver.samples > 100)
    block = receiver.blocks[3]
    frame = next(f for f in sensor.sent if f.first == sensor.sent[0].first + 3 * 8)
    expected = sensor.motion.samples(frame.first, len(block), 104.0)
    assert expected is not None
    assert abs(block.acc_mps2 - expected.acc_mps2).max() < 1e-5


async def test_a_sensor_is_switched_off_when_its_motion_ends() -> None:
    sensor = virtual_sensor("movesense", CountingMotion(ends_after=104), faults=Faults())
    async with a_stage(sensor) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until_state(SensorState.BACKING_OFF)
        await receiver.until(lambda: receiver.state is SensorState.SCANNING)
    receiver.check(sensor)
    assert int(receiver.numbers()[-1]) <= 103


async def test_leaving_the_radio_stops_every_watch() -> None:
    sensors = [counting(number=1), counting("polar", 2)]
    async with a_stage(*sensors) as stage:
        watched = [stage.watch(sensor) for sensor in sensors]
        for receiver, _ in watched:
            await receiver.until_samples(1)
        await stage.radio.__aexit__(None, None, None)
        assert [handle.status.state for _, handle in watched] == [SensorState.STOPPED] * 2
        assert stage.links == 0
        assert not any(sensor.is_streaming for sensor in sensors)


async def test_the_time_of_a_record_counts_from_the_sessions_origin() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        receiver = Receiver()
        origin_s = stage.air.clock() - 100.0
        stage.radio.watch(SensorTarget(), receiver.on_record, receiver.on_status, origin_s=origin_s)
        await receiver.until_samples(1)
        assert 100.0 <= receiver.records[0].arrival_s <= stage.air.clock() - origin_s


def test_a_radio_is_made_outside_of_a_running_loop() -> None:
    assert Radio(timings=QUICK).timings is QUICK
