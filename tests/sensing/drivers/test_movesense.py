import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.drivers import movesense_gsp
from sensing.drivers.base import Battery, DriverError, Frame, Reply, TimeSync, Wanted
from sensing.drivers.movesense import (
    BATTERY_GET_REF,
    BATTERY_REF,
    HELLO_REF,
    STREAM_REF,
    TIME_REF,
    Movesense,
    choice_of,
    streams_for,
)
from sensing.drivers.movesense_gsp import COMMAND, Code, Stream, build_reply, command, parse_command
from tests.sensing.drivers.captures import packets
from tests.sensing.drivers.frames import frames_of, movesense_choices, walk
from tests.sensing.drivers.sensors import MovesenseSensor, SensorLink

DRIVER = Movesense(reply_timeout_s=0.05, utc_us=lambda: 1_790_000_000_000_000)
DATA, PART2, PART3 = b"\x02\x0a", b"\x03\x0a", b"\x04\x0a"
IMU6_104 = choice_of(Stream("IMU6", 104))
IMU6_208 = choice_of(Stream("IMU6", 208))


def packed(frame_number: int, choice=IMU6_104) -> list[bytes]:
    return [data for _, data in DRIVER.pack(walk(choice, frame_number), choice)]


def decoded(notifications: list[bytes], choice=IMU6_104) -> tuple[list[int | None], int]:
    """(stamps of the frames, partial packets)."""
    decoder = DRIVER.decoder(choice)
    readings = [reading for data in notifications for reading in decoder.parse(data)]
    assert all(isinstance(reading, Frame) for reading in readings)
    return [reading.ticks for reading in readings if isinstance(reading, Frame)], decoder.partial_packets


def test_the_captured_imu6_payload_reads_as_published() -> None:
    (payload,) = packets("movesense_imu6_52")
    (frame,) = DRIVER.decoder(choice_of(Stream("IMU6", 52))).parse(DATA + payload)
    assert isinstance(frame, Frame)
    assert frame.ticks == 172460
    assert len(frame) == 4
    assert frame.acc_mps2[0] == pytest.approx([-0.97152, 4.26895, 8.85615], abs=1e-5)
    assert frame.gyr_radps is not None
    assert np.degrees(frame.gyr_radps[0, 1]) == pytest.approx(-1.33, abs=1e-6)
    assert DRIVER.pack(frame, choice_of(Stream("IMU6", 52))) == [(0, DATA + payload)]


def test_the_captured_magnetometer_payload_reads_as_published() -> None:
    (payload,) = packets("movesense_magn_13")
    parsed = movesense_gsp.parse_arrays(payload, arrays=1)
    assert parsed is not None
    stamp_ms, (mag_ut,) = parsed
    assert stamp_ms == 172460
    assert mag_ut[0] == pytest.approx([31.8266, -45.6313, -14.7506], abs=1e-4)


@pytest.mark.parametrize(
    ("path", "size"),
    [
        ("/Meas/Acc/52", 52),
        ("/Meas/IMU6/52", 100),
        ("/Meas/IMU9/52", 148),
        ("/Meas/IMU9/104", 292),
        ("/Meas/IMU6/208", 388),
    ],
)
def test_payloads_have_the_published_sizes(path: str, size: int) -> None:
    stream = Stream.from_path(path)
    assert stream is not None
    assert stream.payload_bytes == size


@pytest.mark.parametrize("path", ["/Meas/Gyro/52", "/Meas/IMU6/53", "/Meas/IMU6", "/Time/Detailed", "/Meas/Acc/²", ""])
def test_other_paths_are_no_stream_with_acceleration(path: str) -> None:
    assert Stream.from_path(path) is None


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_any_frame_in_any_stream_and_split_comes_back_to_float32(data: st.DataObject) -> None:
    choice = data.draw(movesense_choices)
    frame = data.draw(frames_of(choice))
    notifications = DRIVER.pack(frame, choice)
    assert 1 <= len(notifications) <= 3
    decoder = DRIVER.decoder(choice)
    (again,) = [reading for _, notification in notifications for reading in decoder.parse(notification)]
    assert isinstance(again, Frame)
    assert decoder.partial_packets == 0
    assert again.ticks == frame.ticks
    np.testing.assert_allclose(again.acc_mps2, frame.acc_mps2, rtol=1.2e-7, atol=1e-30)
    for one, other in ((again.gyr_radps, frame.gyr_radps), (again.mag_ut, frame.mag_ut)):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            np.testing.assert_allclose(one, other, rtol=1.2e-7, atol=1e-30)


@given(kept=st.lists(st.booleans(), min_size=1, max_size=40))
@settings(max_examples=80, deadline=None)
def test_with_any_lost_notifications_the_whole_payloads_read_and_the_cut_ones_are_counted(kept: list[bool]) -> None:
    """IMU6/208 in three parts. The end of one payload and the beginning of the next lost together cannot be told."""
    parts = [(number, data) for number in range(14) for data in packed(number, IMU6_208)]
    heard = [part for part, keep in zip(parts, kept + [True] * len(parts), strict=False) if keep]
    numbers = [number for number, _ in heard]
    whole = [number for number in range(14) if numbers.count(number) == 3]
    frames = {walk(IMU6_208, number).ticks: (number, walk(IMU6_208, number)) for number in range(14)}
    decoder = DRIVER.decoder(IMU6_208)
    read, mixed = [], 0
    for reading in (reading for _, data in heard for reading in decoder.parse(data)):
        assert isinstance(reading, Frame)
        number, frame = frames[reading.ticks]
        if np.allclose(reading.gyr_radps, frame.gyr_radps, atol=1e-5):
            read.append(number)
        else:
            mixed += 1
    assert read == whole
    assert (decoder.partial_packets + mixed > 0) == (len(heard) > 3 * len(whole))


def test_a_payload_whose_second_part_is_lost_is_counted_once_and_the_next_one_reads() -> None:
    first, second, third = packed(0), packed(1), packed(2)
    assert decoded([*first, second[0], *third]) == ([1000, 1154], 1)


def test_a_second_part_whose_first_is_lost_is_counted_and_dropped() -> None:
    assert decoded([packed(0)[1], *packed(1)]) == ([1077], 1)


def test_a_lost_middle_of_three_parts_is_counted_once() -> None:
    first = packed(0, IMU6_208)
    assert decoded([first[0], first[2], *packed(1, IMU6_208)], IMU6_208) == ([1077], 1)


def test_a_link_that_delivers_every_notification_twice_gives_each_frame_twice_and_no_partials() -> None:
    notifications = [data for number in range(3) for part in packed(number) for data in (part, part)]
    assert decoded(notifications) == ([1000, 1000, 1077, 1077, 1154, 1154], 0)


def test_firmware_with_fewer_samples_in_a_payload_is_recognised() -> None:
    """The sample counts at 13, 26 and 208 Hz are not verified: a sensor that sends four at 208 Hz must still read."""
    choice = choice_of(Stream("Acc", 208))
    short = [DATA + struct.pack("<I", 1000 + 19 * i) + np.full(12, 9.81, "<f4").tobytes() for i in range(5)]
    assert decoded(short, choice) == ([1019, 1038, 1057, 1076], 1)


def test_a_payload_longer_than_expected_reads_if_it_is_a_whole_number_of_samples() -> None:
    choice = choice_of(Stream("Acc", 52))
    values = np.full(24, 9.81, "<f4").tobytes()
    assert decoded([DATA + struct.pack("<I", 7) + values], choice) == ([7], 0)
    assert decoded([DATA + struct.pack("<I", 7) + values + b"\0"], choice) == ([], 1)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_number_that_is_none_is_never_passed_on(value: float) -> None:
    choice = choice_of(Stream("Acc", 52))
    payload = struct.pack("<I", 7) + np.array([9.81] * 11 + [value], "<f4").tobytes()
    assert decoded([DATA + payload], choice) == ([], 1)


def test_notifications_are_told_apart_by_their_reference() -> None:
    decoder = DRIVER.decoder(IMU6_104)
    head, tail = packed(0)
    assert decoder.parse(head) == []
    assert decoder.parse(bytes((2, BATTERY_REF, 41))) == [Battery(41)]
    assert decoder.parse(build_reply(BATTERY_GET_REF, 200, b"\x4d")) == [Battery(77)]
    assert decoder.parse(build_reply(TIME_REF, 200, movesense_gsp.build_time(5_000_000, 21_432))) == [
        TimeSync(ticks=21_432, utc_us=5_000_000)
    ]
    assert decoder.parse(bytes((2, TIME_REF)) + struct.pack("<QI", 6_000_000, 21_500)) == [TimeSync(21_500, 6_000_000)]
    assert decoder.parse(bytes((2, 99)) + bytes(50)) == []
    assert decoder.partial_packets == 1
    (frame,) = decoder.parse(tail)
    assert isinstance(frame, Frame)


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (bytes.fromhex("010ac800"), 200),
        (bytes.fromhex("010a01fb"), 507),
        (bytes.fromhex("010afb01"), 507),
        (bytes.fromhex("010aad01"), 429),
        (bytes.fromhex("010a9401"), 404),
    ],
)
def test_the_status_is_read_in_either_byte_order(result: bytes, status: int) -> None:
    (reply,) = DRIVER.decoder(IMU6_104).parse(result)
    assert isinstance(reply, Reply)
    assert reply.status == status
    assert bool(reply.text) == (status != 200)


def test_hello_has_no_status_in_either_dialect() -> None:
    decoder = DRIVER.decoder(IMU6_104)
    (sample_app,) = decoder.parse(b"\x01\x01Hello")
    (production,) = decoder.parse(movesense_gsp.build_hello(HELLO_REF, serial="204830000123"))
    assert isinstance(sample_app, Reply)
    assert isinstance(production, Reply)
    assert sample_app.text == "Hello"
    assert production.text.startswith("204830000123, Movesense, ")


def test_commands_are_written_as_the_sensor_reads_them() -> None:
    subscribe = command(Code.SUBSCRIBE, STREAM_REF, "/Meas/IMU6/104")
    assert subscribe == b"\x01\x0a/Meas/IMU6/104\0"
    parsed = parse_command(subscribe)
    assert parsed is not None
    assert (parsed.code, parsed.reference, parsed.path) == (Code.SUBSCRIBE, STREAM_REF, "/Meas/IMU6/104")
    assert parse_command(b"\x01\x0a/Meas/Acc/52") is not None  # the sample application's paths end with the write
    assert parse_command(b"\x01") is None
    assert parse_command(b"\x01\x00/Meas/Acc/52") is None


@pytest.mark.parametrize("early", [False, True])
async def test_production_firmware_is_greeted_set_asked_and_subscribed_in_order(early: bool) -> None:
    sensor = MovesenseSensor()
    link = SensorLink(sensor, early=early)
    choice = await DRIVER.start(link, Wanted(rate_hz=104.0))
    assert (choice.rate_hz, choice.samples_per_packet, choice.has_gyroscope) == (104.0, 8, True)
    assert choice.settings["dialect"] == "production"
    assert sensor.subscribed == ["/System/Energy/Level", "/Meas/IMU6/104"]
    commands = [parse_command(data) for data in link.commands(COMMAND)]
    codes = [sent.code for sent in commands if sent is not None]
    assert codes == [Code.HELLO, Code.PUT_UTCTIME, Code.GET, Code.GET, Code.SUBSCRIBE, Code.SUBSCRIBE]
    assert link.commands(COMMAND)[1] == b"\x08\x02" + struct.pack("<Q", 1_790_000_000_000_000)


async def test_the_sample_application_streams_without_ever_answering_a_subscription() -> None:
    sensor = MovesenseSensor(dialect="sample_app")
    choice = await DRIVER.start(SensorLink(sensor), Wanted(rate_hz=104.0))
    assert choice.settings["dialect"] == "sample_app"
    assert sensor.subscribed == ["/Meas/IMU6/104"]


async def test_a_sensor_that_answers_nothing_is_subscribed_all_the_same() -> None:
    link = SensorLink(MovesenseSensor(dialect="silent"))
    choice = await DRIVER.start(link, Wanted(rate_hz=52.0, gyroscope=False))
    assert choice.settings["path"] == "/Meas/Acc/52"
    assert link.commands(COMMAND)[-1] == command(Code.SUBSCRIBE, STREAM_REF, "/Meas/Acc/52")


async def test_samples_instead_of_a_reply_are_as_good_as_a_yes() -> None:
    sensor = MovesenseSensor(streams_at_once=True)
    choice = await DRIVER.start(SensorLink(sensor), Wanted(rate_hz=52.0))
    assert choice.settings["path"] == "/Meas/IMU6/52"


async def test_the_big_endian_507_of_the_sample_application_leads_to_the_next_lower_rate() -> None:
    sensor = MovesenseSensor(dialect="sample_app", refused={"/Meas/IMU6/104": 507})
    choice = await DRIVER.start(SensorLink(sensor), Wanted(rate_hz=104.0))
    assert choice.settings["path"] == "/Meas/IMU6/52"


async def test_a_sensor_that_refuses_angular_rate_gives_acceleration() -> None:
    refused = {f"/Meas/IMU6/{rate}": 404 for rate in movesense_gsp.RATES_HZ}
    choice = await DRIVER.start(SensorLink(MovesenseSensor(refused=refused)), Wanted(rate_hz=104.0))
    assert (choice.settings["path"], choice.has_gyroscope) == ("/Meas/Acc/104", False)


async def test_an_exhausted_request_pool_restarts_the_sensor_and_says_so() -> None:
    link = SensorLink(MovesenseSensor(refused={"/Meas/IMU6/104": 429}))
    with pytest.raises(DriverError, match=r"429.*told to restart") as refusal:
        await DRIVER.start(link, Wanted(rate_hz=104.0))
    assert not refusal.value.needs_person
    assert link.commands(COMMAND)[-1] == b"\x07\x06\x05"


@pytest.mark.parametrize("status", [404, 409, 503, 507, 599])
async def test_every_refusal_is_a_sentence_with_a_remedy(status: int) -> None:
    refused = {f"/Meas/{kind}/{rate}": status for kind in ("IMU6", "Acc") for rate in movesense_gsp.RATES_HZ}
    with pytest.raises(DriverError, match=rf"^The Movesense refused \({status}\): .{{20,}}\.$"):
        await DRIVER.start(SensorLink(MovesenseSensor(refused=refused)), Wanted())


async def test_stopping_gives_both_subscriptions_back() -> None:
    link = SensorLink(MovesenseSensor())
    await DRIVER.stop(link)
    assert [parse_command(data).code for data in link.commands(COMMAND)] == [Code.UNSUBSCRIBE, Code.UNSUBSCRIBE]


@pytest.mark.parametrize(
    ("rate_hz", "nearest"), [(100.0, 104), (60.0, 52), (12.5, 13), (500.0, 208), (26.0, 26), (150.0, 104)]
)
def test_the_nearest_offered_rate_is_asked_for_first(rate_hz: float, nearest: int) -> None:
    assert streams_for(Wanted(rate_hz=rate_hz), "production")[0].rate_hz == nearest


@pytest.mark.parametrize(
    ("gyroscope", "magnetometer", "best"), [(True, False, 104), (True, True, 104), (False, False, 208)]
)
def test_the_sample_application_is_asked_only_for_what_its_buffer_holds(
    gyroscope: bool, magnetometer: bool, best: int
) -> None:
    streams = streams_for(Wanted(208.0, gyroscope, magnetometer), "sample_app")
    assert streams[0].rate_hz == best
    assert all(stream.payload_bytes <= 306 for stream in streams)


def test_what_a_packet_cannot_carry_is_refused() -> None:
    frame = walk(IMU6_104)
    missing = np.full((8, 3), np.nan)
    for wrong in (
        Frame(frame.acc_mps2[:3], frame.gyr_radps, ticks=1),
        Frame(frame.acc_mps2, frame.gyr_radps),
        Frame(frame.acc_mps2, None, ticks=1),
        Frame(missing, frame.gyr_radps, ticks=1),
    ):
        with pytest.raises(ValueError, match="IMU6/104 wants"):
            DRIVER.pack(wrong, IMU6_104)
