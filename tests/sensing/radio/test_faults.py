"""What can go wrong on the air, one test each: the session survives, counts right, and no sample is made up."""

import dataclasses

import numpy as np
import pytest

from sensing.ble import BackendChoice, Radio, SensorState, SensorTarget
from sensing.drivers.base import Wanted
from sensing.virtual import CountingMotion, Faults, GilbertElliott, VirtualSensor, virtual_sensor
from sensing.virtual.faults import Fate
from tests.sensing.radio.stage import QUICK, Receiver, a_stage

KINDS = ["movesense", "polar", "gaitimu"]
STATES = SensorState


def counting(kind: str = "movesense", faults: Faults | None = None, *, variant: str | None = None) -> VirtualSensor:
    return virtual_sensor(kind, CountingMotion(), faults=faults, variant=variant)


def missing(receiver: Receiver) -> int:
    """Samples that the sensor numbered between the first and the last received one and that did not come."""
    numbers = receiver.numbers()
    return int(numbers[-1] - numbers[0]) + 1 - numbers.size


def fates(sensor: VirtualSensor, fate: Fate) -> list[int]:
    return [frame.first for frame in sensor.sent if frame.fate is fate]


async def stream(sensor: VirtualSensor, samples: int, speed: float = 16.0, gyr_within_radps: float = 0.002) -> Receiver:
    async with a_stage(sensor, speed=speed) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until(lambda: receiver.samples >= samples, 20.0)
        await handle.stop()
    receiver.check(sensor, gyr_within_radps=gyr_within_radps)
    assert sensor.connections == 1
    return receiver


@pytest.mark.parametrize("kind", KINDS)
async def test_every_tenth_packet_lost_is_counted_to_the_sample(kind: str) -> None:
    sensor = counting(kind, Faults(drop_every=10))
    receiver = await stream(sensor, 900)
    counters = receiver.intake.counters
    assert counters.lost_samples == missing(receiver) > 0
    assert counters.lost_samples == receiver.blocks[-1].first_index + len(receiver.blocks[-1]) - counters.samples
    assert counters.duplicate_packets == counters.reordered_packets == counters.reconnects == 0
    assert counters.loss_fraction == pytest.approx(0.1, abs=0.04)


@pytest.mark.parametrize("kind", KINDS)
async def test_bursts_of_loss_leave_holes_and_nothing_else(kind: str) -> None:
    """Movesense numbers no parts: half of one frame may be completed by half of the next but one (gsp, IMU6/104)."""
    sensor = counting(kind, Faults(loss=GilbertElliott(enter=0.1, leave=0.4), seed=2))
    receiver = await stream(sensor, 900, gyr_within_radps=np.inf if kind == "movesense" else 0.002)
    counters = receiver.intake.counters
    assert counters.lost_samples == missing(receiver) > 0
    assert counters.duplicate_packets == 0
    assert counters.gap_s == pytest.approx(missing(receiver) / (receiver.intake.rate_hz or 0.0), rel=0.05)


async def test_a_frame_of_two_parts_that_lost_one_is_dropped_whole() -> None:
    sensor = counting("movesense", Faults(loss=GilbertElliott(enter=0.05, leave=1.0), seed=5))
    receiver = await stream(sensor, 900)
    halves = [frame for frame in sensor.sent if frame.lost_parts == 1]
    assert len(halves) > 3
    received = {int(number) % 7500 for number in receiver.numbers()}
    assert not received & {number for frame in halves[:-1] for number in range(frame.first, frame.first + 8)}
    assert receiver.intake.counters.partial_packets > 0


@pytest.mark.parametrize("kind", KINDS)
async def test_duplicates_are_counted_and_dropped(kind: str) -> None:
    sensor = counting(kind, Faults(duplicate_every=5))
    receiver = await stream(sensor, 900)
    counters = receiver.intake.counters
    assert missing(receiver) == counters.lost_samples == 0
    doubled = fates(sensor, Fate.DUPLICATED)
    assert len(doubled) - 2 <= counters.duplicate_packets <= len(doubled)
    assert counters.duplicate_packets > 2


@pytest.mark.parametrize("kind", ["movesense", "gaitimu"])
async def test_packets_out_of_order_are_put_in_order(kind: str) -> None:
    sensor = counting(kind, Faults(reorder_every=7))
    receiver = await stream(sensor, 900)
    counters = receiver.intake.counters
    held = fates(sensor, Fate.HELD)
    assert missing(receiver) == counters.lost_samples == 0
    assert len(held) - 2 <= counters.reordered_packets <= len(held)


async def test_a_packet_that_comes_too_late_counts_as_lost_and_late() -> None:
    """A Polar frame lasts 0.36 s, longer than anything waits for a straggler."""
    sensor = counting("polar", Faults(reorder_every=7))
    receiver = await stream(sensor, 1800)
    counters = receiver.intake.counters
    assert counters.lost_samples == missing(receiver) > 0
    assert counters.late_packets + counters.reordered_packets >= len(fates(sensor, Fate.HELD)) - 2 > 0


@pytest.mark.parametrize(
    ("kind", "fault"), [("movesense", "cut"), ("movesense", "lose_link"), ("polar", "lose_link"), ("gaitimu", "cut")]
)
async def test_a_lost_link_is_made_again_without_duplicates(kind: str, fault: str) -> None:
    sensor = counting(kind)
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        for round_number in range(1, 3):
            await receiver.until_state(STATES.STREAMING)
            await receiver.until_samples(80)
            getattr(sensor, fault)()
            await receiver.until(lambda n=round_number: len(receiver.notes("disconnected")) == n)
        await receiver.until_state(STATES.STREAMING)
        await receiver.until_samples(80)
        assert stage.links == 1
        await handle.stop()
    receiver.check(sensor)
    counters = receiver.intake.counters
    assert counters.reconnects == 2
    assert sensor.connections == 3
    assert (counters.duplicate_packets, counters.lost_samples, counters.stray_packets) == (0, 0, 0)
    assert missing(receiver) > 0
    reasons = [status.reason for status in receiver.statuses if status.state is STATES.BACKING_OFF]
    assert all(reason.startswith(f"The connection to {sensor.name} was lost: out of range") for reason in reasons)


async def test_gaps_of_a_reconnection_are_as_long_as_they_were() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(120)
        sensor.lose_link()
        await receiver.until_state(STATES.BACKING_OFF)
        await receiver.until_samples(80)
        await handle.stop()
    receiver.check(sensor)
    skipped = np.diff(receiver.numbers()).max() - 1
    index = np.concatenate([block.first_index + np.arange(len(block)) for block in receiver.blocks])
    assert abs((np.diff(index).max() - 1) - skipped) <= 2
    assert receiver.intake.counters.gap_s == pytest.approx(skipped / 104.0, abs=0.03)


async def test_a_stall_is_ended_by_subscribing_again() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(40)
        sensor.stall(until_subscribed=True)
        await receiver.until_state(STATES.STALLED)
        assert "has sent nothing for 0.5 s" in handle.status.reason
        await receiver.until_state(STATES.STREAMING)
        await receiver.until_samples(40)
        await handle.stop()
    receiver.check(sensor)
    assert sensor.connections == 1
    assert len(receiver.notes("stream")) == 2
    assert receiver.intake.counters.duplicate_packets == 0
    assert missing(receiver) >= len(fates(sensor, Fate.STALLED)) * 8 > 0


@pytest.mark.parametrize("kind", ["movesense", "polar"])
async def test_a_sensor_that_stays_silent_is_connected_again(kind: str) -> None:
    sensor = counting(kind)
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(40)
        sensor.stall()
        await receiver.until_state(STATES.BACKING_OFF)
        assert "stays silent" in handle.status.reason
        sensor.resume()
        await receiver.until_samples(40)
        await handle.stop()
    receiver.check(sensor)
    assert sensor.connections >= 2
    assert receiver.intake.counters.duplicate_packets == 0


async def test_a_sensor_that_vanishes_is_waited_for_and_found_again() -> None:
    sensor = counting()
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(40)
        sensor.vanish()
        await receiver.until_state(STATES.BACKING_OFF)
        await receiver.until(lambda: receiver.states.count(STATES.BACKING_OFF) >= 3)
        assert handle.status.attempt >= 3
        assert handle.status.retry_in_s is None or handle.status.retry_in_s <= QUICK.back_off_most_s
        sensor.come_back()
        await receiver.until_state(STATES.STREAMING)
        assert handle.status.attempt == 0
        await receiver.until_samples(40)
        await handle.stop()
    receiver.check(sensor)
    assert receiver.intake.counters.reconnects == 1
    states = receiver.states
    vanished = states.index(STATES.BACKING_OFF)
    assert states[vanished + 1 : vanished + 4] == [STATES.CONNECTING, STATES.BACKING_OFF, STATES.SCANNING]


async def test_one_sensor_vanishing_does_not_disturb_another() -> None:
    lost, kept = counting(), counting("gaitimu")
    async with a_stage(lost, kept) as stage:
        losing, _ = stage.watch(lost)
        keeping, _ = stage.watch(kept)
        await losing.until_samples(20)
        await keeping.until_samples(20)
        lost.vanish()
        await losing.until(lambda: losing.states.count(STATES.BACKING_OFF) >= 2)
        await keeping.until_samples(60)
    keeping.check(kept)
    assert kept.connections == 1
    assert keeping.intake.counters.lost_samples == 0


async def test_a_device_not_seen_lately_is_looked_for_before_connecting() -> None:
    sensor = counting()
    async with a_stage(sensor, timings=dataclasses.replace(QUICK, seen_lately_s=0.0)) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until_samples(20)
        sensor.cut()
        await receiver.until_state(STATES.BACKING_OFF)
        await receiver.until_state(STATES.STREAMING)
    after = receiver.states[receiver.states.index(STATES.BACKING_OFF) :]
    assert after[:3] == [STATES.BACKING_OFF, STATES.SCANNING, STATES.CONNECTING]


@pytest.mark.parametrize(("kind", "status"), [("movesense", 507), ("movesense", 503), ("polar", 12), ("gaitimu", 6)])
async def test_a_refusal_that_time_can_heal_is_tried_again(kind: str, status: int) -> None:
    sensor = counting(kind)
    sensor.refuse(*[status] * (4 if kind == "movesense" else 1))  # its driver asks for less before it gives up
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_state(STATES.BACKING_OFF)
        assert f"({status})" in handle.status.reason
        await receiver.until_samples(30)
    receiver.check(sensor)
    assert receiver.states.count(STATES.CONFIGURING) == 2
    assert receiver.intake.counters.reconnects == 0


async def test_a_movesense_that_is_full_streams_at_half_the_rate() -> None:
    sensor = counting()
    sensor.refuse(507)
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(30)
        assert handle.status.reason == "Streaming acceleration, angular rate at 52 Hz."
    receiver.check(sensor)


async def test_a_movesense_whose_pool_is_used_up_is_restarted_and_comes_back() -> None:
    sensor = counting()
    sensor.refuse(429)
    async with a_stage(sensor) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until_samples(30)
    receiver.check(sensor)
    reasons = [status.reason for status in receiver.statuses if status.state is STATES.BACKING_OFF]
    assert any("(429)" in reason for reason in reasons)


async def test_a_refusal_that_needs_a_person_waits_for_one() -> None:
    sensor = counting("polar", variant="verity")
    sensor.refuse(13)
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_state(STATES.FAILED)
        assert "charger" in handle.status.reason
        assert not sensor.is_connected or stage.links == 0
        handle.retry()
        await receiver.until_samples(30)
    receiver.check(sensor)


@pytest.mark.parametrize("kind", ["movesense", "gaitimu"])
async def test_a_restarted_sensor_goes_on_in_the_same_session(kind: str) -> None:
    sensor = counting(kind, Faults(first_tick=10**9))  # not switched on just now
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(200)
        sensor.reboot()
        await receiver.until_state(STATES.BACKING_OFF)
        await receiver.until_state(STATES.STREAMING)
        await receiver.until_samples(200)
        await handle.stop()
    receiver.check(sensor)
    counters = receiver.intake.counters
    assert counters.reconnects >= 1
    assert counters.duplicate_packets == counters.late_packets == 0


@pytest.mark.parametrize("kind", ["movesense", "gaitimu"])
async def test_a_counter_that_wraps_in_the_middle_loses_nothing(kind: str) -> None:
    ticks_per_s = {"movesense": 1_000, "gaitimu": 1_000_000}[kind]
    sensor = counting(kind, Faults(first_tick=2**32 - 3 * ticks_per_s))
    receiver = await stream(sensor, 800)
    assert missing(receiver) == receiver.intake.counters.lost_samples == receiver.intake.counters.clock_resets == 0


async def test_a_wrong_crystal_is_measured() -> None:
    """A fast sensor clock makes the session's clock look slow: opposite sign. The loop's delays are sped up as well."""
    sensor = counting("gaitimu", Faults(clock_error_ppm=1500.0))
    receiver = await stream(sensor, 4000, speed=25.0)
    skew_ppm = receiver.intake.clock.skew_ppm
    assert skew_ppm == pytest.approx(-1500.0, abs=700.0)
    assert missing(receiver) == 0


async def test_packets_that_leave_irregularly_give_evenly_spaced_samples() -> None:
    sensor = counting("gaitimu", Faults(jitter_s=0.05))
    receiver = await stream(sensor, 700, speed=8.0)
    steps_s = np.diff(np.concatenate([block.time_s for block in receiver.blocks]))
    assert missing(receiver) == 0
    assert 0.5 * 0.01 < steps_s.min() <= steps_s.max() < 1.5 * 0.01


async def test_a_small_mtu_makes_more_parts_and_loses_nothing() -> None:
    sensor = counting("movesense", Faults(max_mtu=80))
    receiver = await stream(sensor, 400)
    assert missing(receiver) == receiver.intake.counters.partial_packets == 0
    assert receiver.intake.rate_hz == 104.0


async def test_the_smallest_mtu_leaves_what_fits_into_it() -> None:
    sensor = counting("movesense", Faults(max_mtu=23))
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_samples(100)
        assert (handle.status.mtu, handle.status.reason) == (23, "Streaming acceleration at 52 Hz.")
    receiver.check(sensor)


@pytest.mark.parametrize(("kind", "mtu"), [("polar", 60), ("gaitimu", 23)])
async def test_a_sensor_whose_packets_do_not_fit_asks_for_larger_ones(kind: str, mtu: int) -> None:
    sensor = counting(kind, Faults(max_mtu=mtu))
    async with a_stage(sensor) as stage:
        receiver, handle = stage.watch(sensor)
        await receiver.until_state(STATES.FAILED)
        assert "packets are too small" in handle.status.reason
        assert stage.links == 0


async def test_the_gyroscope_of_a_verity_sense_survives_losses_of_its_own() -> None:
    sensor = counting("polar", Faults(loss=GilbertElliott(enter=0.3, leave=0.6), seed=1), variant="verity")
    async with a_stage(sensor, speed=8.0, wanted=Wanted()) as stage:
        receiver, _ = stage.watch(sensor)
        await receiver.until(lambda: receiver.samples > 400, 20.0)
    receiver.check(sensor)
    rates = np.concatenate([block.gyr_radps for block in receiver.blocks if block.gyr_radps is not None])
    known = rates[np.isfinite(rates).all(axis=1)]
    assert 0 < len(known) < len(rates)


async def test_every_client_is_disconnected_before_the_next_is_made() -> None:
    """BlueZ multiplies the notifications of a sensor by the clients that were dropped without (ble-testing §2)."""
    sensor = counting()
    async with a_stage(sensor) as stage:
        history: list[str] = []

        class Client(stage.air.backend.client):  # type: ignore[misc, name-defined]
            async def connect(self, pair: bool, **kwargs: object) -> None:
                history.append("connect")
                await super().connect(pair, **kwargs)

            async def disconnect(self) -> None:
                history.append("disconnect")
                await super().disconnect()

        backend = BackendChoice(Client, stage.air.backend.scanner)
        receiver = Receiver()
        async with Radio(backend, clock=stage.air.clock, timings=QUICK) as radio:
            radio.watch(SensorTarget(), receiver.on_record, receiver.on_status)
            for fault in (sensor.cut, sensor.lose_link, sensor.stall):
                await receiver.until_samples(20)
                fault()
                await receiver.until_state(STATES.BACKING_OFF)
                sensor.resume()
            await receiver.until_samples(20)
    receiver.check(sensor)
    assert history == ["connect", "disconnect"] * (len(history) // 2)
    assert history.count("connect") >= 4
