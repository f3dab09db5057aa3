import itertools
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.drivers.base import DriverError, Frame, Reply, TimeSync, Wanted
from sensing.drivers.gaitimu import GaitImu, choice_of
from sensing.drivers.gaitimu_frames import (
    CONTROL,
    DATA,
    GYROSCOPE,
    MAGNETOMETER,
    SCALE,
    TIME,
    TIME_REQUEST,
    Scale,
    Start,
    Status,
    TimeMessage,
    accept,
    parse_control,
    parse_frame,
    parse_scale,
    parse_started,
    parse_time,
    samples_per_frame,
)
from tests.sensing.drivers.frames import BOARD, frames_of, gaitimu_choices, walk
from tests.sensing.drivers.sensors import GaitImuSensor, SensorLink

DRIVER = GaitImu(reply_timeout_s=0.1, utc_us=lambda: 1_790_000_000_000_000)
PLAIN = choice_of(0, 100.0, 2, Scale(acc_mps2=0.01))


def link_to(sensor: GaitImuSensor, lacking: frozenset[str] = frozenset(), **changes) -> SensorLink:
    return SensorLink(sensor, values={SCALE: sensor.scale.to_bytes()}, lacking=lacking, mtu=sensor.mtu, **changes)


def plain_packet(version: int = 1, flags: int = 0, n: int = 2, body: bytes = bytes(12)) -> bytes:
    return struct.pack("<BBHIHB", version, flags, 7, 1000, 10_000, n) + body


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_frame_comes_back_within_half_a_count(data: st.DataObject) -> None:
    choice = data.draw(gaitimu_choices)
    frame = data.draw(frames_of(choice))
    ((channel, packet),) = DRIVER.pack(frame, choice)
    (again,) = DRIVER.decoder(choice).parse(packet, channel)
    assert isinstance(again, Frame)
    assert (again.ticks, again.sequence) == (frame.ticks, frame.sequence)
    scale = Scale()
    pairs = ((again.acc_mps2, frame.acc_mps2, scale.acc_mps2), (again.gyr_radps, frame.gyr_radps, scale.gyr_radps))
    for one, other, count in (*pairs, (again.mag_ut, frame.mag_ut, scale.mag_ut)):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert np.abs(one - other).max() <= 0.5000001 * count


def test_clipping_is_flagged() -> None:
    scale = Scale(acc_mps2=0.001, quantities=0)
    choice = choice_of(0, 100.0, 1, scale)
    ((_, fits),) = DRIVER.pack(Frame(np.full((1, 3), 32.0), ticks=0, sequence=0), choice)
    ((_, clips),) = DRIVER.pack(Frame(np.full((1, 3), 33.0), ticks=0, sequence=0), choice)
    assert (fits[1], clips[1]) == (0x00, 0x01)
    (frame,) = DRIVER.decoder(choice).parse(clips)
    assert isinstance(frame, Frame)
    assert frame.acc_mps2[0] == pytest.approx([32.767] * 3)


@pytest.mark.parametrize(
    ("packet", "readable"),
    [
        (plain_packet(), True),
        (plain_packet(body=bytes(12) + b"later revision"), True),
        (plain_packet(flags=0x0F), True),
        (plain_packet(version=2), False),
        (plain_packet(version=0), False),
        (plain_packet(flags=0x40), False),
        (plain_packet(flags=0x80), False),
        (plain_packet(flags=GYROSCOPE, body=bytes(24)), False),
        (plain_packet(n=0), False),
        (plain_packet(n=3), False),
        (plain_packet(body=bytes(11)), False),
        (plain_packet()[:10], False),
        (b"", False),
    ],
)
def test_the_forward_compatibility_rule_is_kept(packet: bytes, readable: bool) -> None:
    decoder = DRIVER.decoder(PLAIN)
    readings = decoder.parse(packet)
    assert (len(readings), decoder.partial_packets) == ((1, 0) if readable else (0, 1))
    if readable:
        assert isinstance(readings[0], Frame)
        assert len(readings[0]) == 2


@given(
    gyroscope=st.booleans(), magnetometer=st.booleans(), mtu=st.integers(23, 517), rate=st.sampled_from([25, 100, 200])
)
@settings(max_examples=80, deadline=None)
def test_a_frame_always_fits_the_mtu(gyroscope: bool, magnetometer: bool, mtu: int, rate: int) -> None:
    quantities = GYROSCOPE * gyroscope | MAGNETOMETER * magnetometer
    n = samples_per_frame(mtu, quantities, rate)
    if n:
        choice = choice_of(quantities, rate, n, Scale())
        ((_, packet),) = DRIVER.pack(walk(choice), choice)
        assert len(packet) <= mtu - 3
        assert n / rate <= max(0.1, 1 / rate)
    else:
        assert mtu < 3 + 11 + 18


@pytest.mark.parametrize("early", [False, True])
async def test_a_board_is_synchronised_and_started_at_the_nearest_rate_it_offers(early: bool) -> None:
    ticking = itertools.count(1_790_000_000_000_000, 100)  # each look at the clock is 100 us later
    driver = GaitImu(reply_timeout_s=0.1, utc_us=lambda: next(ticking))
    sensor = GaitImuSensor(ahead_us=5_000_000, host_us=lambda: next(ticking))
    choice = await driver.start(link_to(sensor, early=early), Wanted(rate_hz=104.0))
    assert (choice.rate_hz, choice.samples_per_packet, choice.has_gyroscope) == (100.0, 10, True)
    assert sensor.started is not None
    assert choice.settings["clock_offset_us"] == pytest.approx(5_000_000, abs=100)
    assert choice.settings["round_trip_us"] == 160


async def test_a_small_mtu_makes_small_frames_and_too_small_a_one_is_a_sentence() -> None:
    choice = await DRIVER.start(link_to(GaitImuSensor(mtu=64)), Wanted(rate_hz=100.0))
    assert choice.samples_per_packet == 4
    with pytest.raises(DriverError, match="MTU") as refusal:
        await DRIVER.start(link_to(GaitImuSensor(mtu=23)), Wanted())
    assert refusal.value.needs_person


@pytest.mark.parametrize("status", [*list(Status)[1:], 77])
async def test_every_refusal_is_a_sentence_with_a_remedy(status: int) -> None:
    with pytest.raises(DriverError, match=rf"^The GaitIMU board refused \({status}\): .{{20,}}\.$"):
        await DRIVER.start(link_to(GaitImuSensor(status=status)), Wanted())


async def test_the_magnetometer_is_streamed_only_when_wanted_and_present() -> None:
    both = GaitImuSensor(Scale(quantities=GYROSCOPE | MAGNETOMETER))
    assert not (await DRIVER.start(link_to(both), Wanted())).has_magnetometer
    assert (await DRIVER.start(link_to(both), Wanted(magnetometer=True))).has_magnetometer
    assert not (await DRIVER.start(link_to(GaitImuSensor()), Wanted(magnetometer=True))).has_magnetometer


async def test_a_board_that_streams_by_itself_is_read_from_its_first_frame() -> None:
    link = link_to(GaitImuSensor(), lacking=frozenset({CONTROL, TIME}), unprompted=DRIVER.pack(walk(BOARD), BOARD))
    choice = await DRIVER.start(link, Wanted())
    assert (choice.rate_hz, choice.samples_per_packet, choice.has_gyroscope) == (100.0, 10, True)
    await DRIVER.stop(link)
    assert link.written == []


async def test_silence_is_a_sentence_in_every_place() -> None:
    scale = Scale().to_bytes()
    silent = SensorLink(lambda characteristic, data: [], values={SCALE: scale}, lacking=frozenset({TIME}))
    with pytest.raises(DriverError, match="did not answer the start"):
        await DRIVER.start(silent, Wanted())
    bare = SensorLink(lambda characteristic, data: [], values={SCALE: scale}, lacking=frozenset({TIME, CONTROL}))
    with pytest.raises(DriverError, match="sends no readable frames"):
        await DRIVER.start(bare, Wanted())
    wrong = SensorLink(lambda characteristic, data: [], values={SCALE: b"\x02" + scale[1:]})
    with pytest.raises(DriverError, match="profile version 1"):
        await DRIVER.start(wrong, Wanted())


async def test_time_sync_without_answers_does_not_keep_a_board_from_streaming() -> None:
    sensor = GaitImuSensor()
    link = link_to(sensor)
    link.answering = lambda characteristic, data: [] if characteristic == TIME else sensor(characteristic, data)
    choice = await DRIVER.start(link, Wanted())
    assert "clock_offset_us" not in choice.settings


async def test_stopping_writes_the_stop_command() -> None:
    link = link_to(GaitImuSensor())
    await DRIVER.stop(link)
    assert link.commands(CONTROL) == [b"\x02"]


def test_replies_and_time_messages_in_the_stream_are_read() -> None:
    decoder = DRIVER.decoder(BOARD)
    assert decoder.parse(bytes.fromhex("8200"), 1) == [Reply(2, 200)]
    (refused,) = decoder.parse(bytes.fromhex("8106"), 1)
    assert isinstance(refused, Reply)
    assert "wiring" in refused.text
    reply = TimeMessage(TIME_REQUEST, 3, 1_000_000).answered(2**32 + 17, 2**32 + 40)
    assert decoder.parse(reply.to_bytes(), 2) == [TimeSync(ticks=17, utc_us=1_000_000)]
    assert decoder.parse(TimeMessage(TIME_REQUEST, 3, 1).to_bytes(), 2) == []
    assert decoder.partial_packets == 1


def test_the_offset_is_the_middle_of_the_exchange() -> None:
    reply = TimeMessage(TIME_REQUEST, 1, 1000).answered(6050, 6060)
    assert reply.offset_us(1110) == 5000
    assert reply.round_trip_us(1110) == 100


@pytest.mark.parametrize(
    "scale", [Scale(), Scale(rates_hz=()), Scale(mag_ut=0.0), Scale(quantities=MAGNETOMETER, gyr_radps=0.0, mag_ut=0.1)]
)
def test_a_scale_comes_back_to_float32(scale: Scale) -> None:
    again = parse_scale(scale.to_bytes() + b"later")
    assert again is not None
    assert (again.quantities, again.rates_hz) == (scale.quantities, scale.rates_hz)
    assert (again.acc_mps2, again.gyr_radps, again.mag_ut) == pytest.approx(
        (scale.acc_mps2, scale.gyr_radps, scale.mag_ut), rel=1e-7
    )


@pytest.mark.parametrize("wrong", [Scale(acc_mps2=0.0), Scale(acc_mps2=float("nan")), Scale(gyr_radps=-1.0)])
def test_a_scale_that_cannot_be_is_not_read(wrong: Scale) -> None:
    assert parse_scale(wrong.to_bytes()) is None


@given(value=st.binary(max_size=60))
@settings(max_examples=100, deadline=None)
def test_arbitrary_values_never_raise_on_either_side(value: bytes) -> None:
    parse_scale(value)
    parse_started(value)
    parse_time(value)
    parse_frame(value, Scale())
    command = parse_control(value)
    if isinstance(command, Start):
        assert accept(command, Scale(), 100).status in set(Status)


def test_what_a_frame_cannot_carry_is_refused() -> None:
    frame = walk(BOARD)
    for wrong in (
        Frame(frame.acc_mps2, None, ticks=0, sequence=0),
        Frame(np.full((10, 3), np.nan), frame.gyr_radps, ticks=0, sequence=0),
        Frame(frame.acc_mps2, frame.gyr_radps, ticks=0),
        Frame(frame.acc_mps2, frame.gyr_radps, sequence=0),
    ):
        with pytest.raises(ValueError, match="a GaitIMU frame"):
            DRIVER.pack(wrong, BOARD)
    assert DRIVER.channels[0] == DATA
