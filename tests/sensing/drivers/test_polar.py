import contextlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.drivers.base import Frame, StreamChoice
from sensing.drivers.polar import HOLD_S, Polar, choice_of
from sensing.drivers.polar_frames import COMPRESSED, Flow, MalformedError, build_frame, compress, expand, scale
from sensing.drivers.polar_pmd import Measurement
from tests.sensing.drivers.captures import packets
from tests.sensing.drivers.frames import H10, VERITY, VERITY_ACC, VERITY_GYRO, frames_of, polar_choices

DRIVER = Polar(reply_timeout_s=0.05)
G = STANDARD_GRAVITY_MPS2
PERIOD_NS = round(1e9 / 52)


def notification(measurement: int, frame_type: int, content: bytes, stamp_ns: int = 0) -> bytes:
    return struct.pack("<BQB", measurement, stamp_ns, frame_type) + content


def read(choice: StreamChoice, *notifications: bytes) -> list[Frame]:
    decoder = DRIVER.decoder(choice)
    readings = [reading for data in notifications for reading in decoder.parse(data)]
    assert decoder.partial_packets == 0
    assert all(isinstance(reading, Frame) for reading in readings)
    return [reading for reading in readings if isinstance(reading, Frame)]


def test_the_vendors_delta_vector_expands_as_published() -> None:
    (content,) = packets("polar_gyro_delta")
    assert expand(content, 16).tolist() == [[-22, 8, 13], [-23, 11, 16]]
    assert compress(np.array([[-22, 8, 13], [-23, 11, 16]])) == content


def test_compressed_acceleration_is_scaled_to_g_as_published() -> None:
    """Reference and second sample of the vendor's 57-sample vector; the bytes around them are ours."""
    flow = Flow(Measurement.ACC, 52.0, 16, 8.0, 0.000244, COMPRESSED)
    content = compress(np.array([[1905, 27376, -29282], [2095, 27271, -29367]]))
    (frame,) = read(choice_of(flow), notification(2, COMPRESSED, content, 123))
    assert frame.ticks == 123
    assert frame.acc_mps2[0] / G == pytest.approx([0.465, 6.680, -7.145], abs=5e-4)
    assert frame.acc_mps2[1] / G == pytest.approx([2095 * 0.000244, 27271 * 0.000244, -29367 * 0.000244])


@pytest.mark.parametrize(
    ("frame_type", "content", "counts"),
    [
        (0, "01ff80", [1, -1, -128]),
        (1, "e80318fc0080", [1000, -1000, -32768]),
        (2, "e8030018fcff000080", [1000, -1000, -8388608]),
    ],
)
def test_raw_acceleration_is_in_mg_in_all_three_widths(frame_type: int, content: str, counts: list[int]) -> None:
    (frame,) = read(H10, notification(2, frame_type, bytes.fromhex(content)))
    assert frame.acc_mps2[0] / G * 1000 == pytest.approx(counts)


def test_raw_bytes_with_a_conversion_factor_are_in_g() -> None:
    (frame,) = read(choice_of(VERITY_ACC), notification(2, 0, b"\x40\x00\xc0"))
    assert frame.acc_mps2[0] / G == pytest.approx([64 * VERITY_ACC.factor, 0, -64 * VERITY_ACC.factor])


def test_angular_rate_in_floats_has_its_deltas_on_the_bit_patterns() -> None:
    flow = Flow(Measurement.GYRO, 52.0, 32, 2000.0, 1.0, COMPRESSED | 1)
    acc = notification(2, COMPRESSED, compress(np.array([[4096, 0, 0]] * 3)))
    wave = np.radians([[1.5, -2.25, 400.0], [-1.5, 2.25, -400.0], [0.0, 0.0, 1e-3]])
    (frame,) = read(choice_of(VERITY_ACC, flow), acc, build_frame(flow, 0, wave))
    np.testing.assert_allclose(frame.gyr_radps, wave, rtol=1e-6)


@given(
    samples=hnp.arrays(np.int64, st.tuples(st.integers(1, 60), st.just(3)), elements=st.integers(-32768, 32767)),
    block=st.integers(1, 60),
)
@settings(max_examples=80, deadline=None)
def test_any_integers_in_any_blocks_come_back_from_delta_compression(samples: np.ndarray, block: int) -> None:
    assert np.array_equal(expand(compress(samples, 16, block), 16), samples)


@given(content=st.binary(max_size=120), bits=st.sampled_from([16, 32]))
@settings(max_examples=100, deadline=None)
def test_arbitrary_content_expands_or_is_malformed(content: bytes, bits: int) -> None:
    with contextlib.suppress(MalformedError):
        assert expand(content, bits).shape[1] == 3


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_frame_comes_back_within_half_a_count(data: st.DataObject) -> None:
    choice = data.draw(polar_choices)
    frame = data.draw(frames_of(choice, n=data.draw(st.integers(1, 60))))
    (again,) = read(choice, *(packet for _, packet in DRIVER.pack(frame, choice)))
    assert again.ticks == frame.ticks
    acc = Flow.from_json(choice.settings["acc"])
    count_mps2 = scale(acc.measurement, acc.frame_type, acc.factor)
    assert np.abs(again.acc_mps2 - frame.acc_mps2).max() <= 0.5000001 * count_mps2
    if choice.has_gyroscope:
        count_radps = scale(Measurement.GYRO, COMPRESSED, VERITY_GYRO.factor)
        assert np.abs(again.gyr_radps - frame.gyr_radps).max() <= 0.5000001 * count_radps


def test_what_is_beyond_sixteen_bit_is_clipped_as_a_sensor_does() -> None:
    frame = Frame(np.array([[1e4, -1e4, 0.0]]), ticks=1)
    (again,) = read(choice_of(VERITY_ACC), *(packet for _, packet in DRIVER.pack(frame, choice_of(VERITY_ACC))))
    assert again.acc_mps2[0] / G == pytest.approx([8.0, -8.0, 0.0], abs=3e-4)


@pytest.mark.parametrize(
    "malformed",
    [
        b"",
        notification(2, 1, b""),
        notification(2, 1, bytes(7)),
        notification(2, 3, bytes(6)),
        notification(2, 0x82, bytes(6)),
        notification(2, COMPRESSED, bytes(5)),
        notification(2, COMPRESSED, bytes(6) + b"\x03"),
        notification(2, COMPRESSED, bytes(6) + b"\x10\x02" + bytes(5)),
        notification(2, COMPRESSED, bytes(6) + b"\x00\x02"),
        notification(2, COMPRESSED, bytes(6) + b"\x21\x01" + bytes(20)),
        notification(5, COMPRESSED, bytes(6)),
        notification(0, 0, bytes(6)),
    ],
)
def test_malformed_frames_and_other_measurements_are_counted(malformed: bytes) -> None:
    decoder = DRIVER.decoder(H10)
    assert decoder.parse(malformed) == []
    assert decoder.partial_packets == 1


@given(
    contents=st.lists(
        st.tuples(
            st.sampled_from([2, 5]),
            st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 20).map(lambda s: s * 10**9)),
            st.sampled_from([0, 1, 2, 0x80, 0x81]),
            st.binary(min_size=6, max_size=40),
        ),
        max_size=20,
    )
)
@settings(max_examples=80, deadline=None)
def test_arbitrary_frames_with_arbitrary_stamps_never_raise(contents: list[tuple[int, int, int, bytes]]) -> None:
    decoder = DRIVER.decoder(VERITY)
    for measurement, stamp_ns, frame_type, content in contents:
        for reading in decoder.parse(notification(measurement, frame_type, content, stamp_ns)):
            assert isinstance(reading, Frame)
            assert reading.gyr_radps is not None
            assert reading.gyr_radps.shape == reading.acc_mps2.shape


def acc_packet(number: int, n: int = 13) -> bytes:
    return build_frame(VERITY_ACC, 10**9 + number * n * PERIOD_NS, np.full((n, 3), 1.0 + number))


def gyr_packet(number: int, n: int = 13, shift_ns: int = 0) -> bytes:
    """A ramp of angular rate: at time t of the sensor's clock it is t (rad/s)."""
    stamp_ns = 10**9 + number * n * PERIOD_NS + shift_ns
    times_s = (stamp_ns - PERIOD_NS * np.arange(n - 1, -1, -1)) * 1e-9
    return build_frame(VERITY_GYRO, stamp_ns, np.column_stack((times_s, times_s, times_s)))


def test_angular_rate_is_taken_at_the_instants_of_acceleration() -> None:
    """The gyroscope runs 7 ms out of step: every value is interpolated between its neighbours on the sensor's clock."""
    shift_ns = 7_000_000
    stream = [packet for number in range(6) for packet in (acc_packet(number), gyr_packet(number, shift_ns=shift_ns))]
    frames = read(VERITY, *stream)
    assert [frame.ticks for frame in frames] == [10**9 + number * 13 * PERIOD_NS for number in range(6)]
    rates = np.concatenate([frame.gyr_radps[:, 0] for frame in frames if frame.gyr_radps is not None])
    times_s = 1.0 + (np.arange(6 * 13) - 12) * PERIOD_NS * 1e-9
    half_count = 0.5 * scale(Measurement.GYRO, COMPRESSED, VERITY_GYRO.factor)
    np.testing.assert_allclose(rates[1:], times_s[1:], atol=1.01 * half_count)
    assert rates[0] == pytest.approx(times_s[0] + 0.007, abs=1.01 * half_count)  # no earlier neighbour: the nearest


def test_acceleration_waits_for_angular_rate_and_comes_out_once() -> None:
    decoder = DRIVER.decoder(VERITY)
    assert decoder.parse(acc_packet(0)) == []
    assert decoder.parse(acc_packet(1)) == []
    assert len(decoder.parse(gyr_packet(0))) == 1
    assert len(decoder.parse(gyr_packet(1))) == 1
    assert decoder.parse(gyr_packet(2)) == []
    assert len(decoder.parse(acc_packet(2))) == 1


def test_acceleration_that_still_waits_at_the_end_comes_out_without_angular_rate() -> None:
    decoder = DRIVER.decoder(VERITY)
    for packet in (acc_packet(0), gyr_packet(0), acc_packet(1), acc_packet(2)):
        decoder.parse(packet)
    rest = [reading for reading in decoder.finish() if isinstance(reading, Frame)]
    assert [frame.ticks for frame in rest] == [10**9 + number * 13 * PERIOD_NS for number in (1, 2)]
    assert all(np.isfinite(frame.acc_mps2).all() and np.isnan(frame.gyr_radps).all() for frame in rest)
    assert decoder.finish() == []
    assert DRIVER.decoder(H10).finish() == []


def test_lost_angular_rate_is_missing_and_never_made_up() -> None:
    stream = [packet for n in range(4) for packet in (acc_packet(n), *([] if n == 1 else [gyr_packet(n)]))]
    frames = read(VERITY, *stream)
    missing = [np.isnan(frame.gyr_radps).any(axis=1).sum() for frame in frames if frame.gyr_radps is not None]
    assert missing == [0, 13, 0, 0]
    assert all(np.isfinite(frame.acc_mps2).all() for frame in frames)


def test_acceleration_goes_on_when_the_gyroscope_falls_silent() -> None:
    stream = [acc_packet(0), gyr_packet(0), *(acc_packet(number) for number in range(1, 40))]
    frames = read(VERITY, *stream)
    held_s = (40 - len(frames)) * 13 / 52
    assert HOLD_S <= held_s <= HOLD_S + 0.5
    assert np.isfinite(frames[0].gyr_radps).all()
    assert all(np.isnan(frame.gyr_radps).all() for frame in frames[1:])
    assert [frame.ticks for frame in frames] == sorted(frame.ticks for frame in frames)


@given(kept=st.lists(st.booleans(), min_size=30, max_size=30), shift_ms=st.integers(-9, 9))
@settings(max_examples=60, deadline=None)
def test_with_any_losses_acceleration_comes_out_once_in_order_with_true_angular_rate_or_none(
    kept: list[bool], shift_ms: int
) -> None:
    """The gyroscope's signal is its own time, so a value tells when it was taken: never half a period off."""
    stream = [packet for n in range(15) for packet in (acc_packet(n), gyr_packet(n, shift_ns=shift_ms * 10**6))]
    heard = [packet for packet, keep in zip(stream, kept, strict=True) if keep]
    frames = read(VERITY, *heard, acc_packet(15), *(gyr_packet(n, shift_ns=shift_ms * 10**6) for n in (15, 16)))
    expected = [10**9 + n * 13 * PERIOD_NS for n in range(15) if kept[2 * n]]
    assert [frame.ticks for frame in frames] == [*expected, 10**9 + 15 * 13 * PERIOD_NS]
    for frame in frames:
        times_s = (frame.ticks - PERIOD_NS * np.arange(12, -1, -1)) * 1e-9
        wrong_s = np.abs(frame.gyr_radps[:, 0] - times_s)
        assert np.nanmax(wrong_s, initial=0.0) <= 0.5 * PERIOD_NS * 1e-9 + 1e-3


def test_a_clock_that_is_set_midway_lets_the_waiting_frames_go_and_starts_again() -> None:
    decoder = DRIVER.decoder(VERITY)
    for packet in (acc_packet(0), gyr_packet(0)):
        decoder.parse(packet)
    decoder.parse(acc_packet(1))
    later = build_frame(VERITY_ACC, 10**18, np.ones((13, 3)))
    (frame,) = decoder.parse(later)
    assert isinstance(frame, Frame)
    assert np.isnan(frame.gyr_radps).sum() == 39
    (frame,) = decoder.parse(build_frame(VERITY_GYRO, 10**18, np.ones((13, 3))))
    assert isinstance(frame, Frame)
    assert frame.gyr_radps == pytest.approx(np.ones((13, 3)), abs=1e-3)


def test_what_a_frame_cannot_carry_is_refused() -> None:
    for frame in (Frame(np.ones((2, 3))), Frame(np.ones((2, 3)), ticks=1), Frame(np.full((2, 3), np.nan), ticks=1)):
        with pytest.raises(ValueError, match=r"stamp|none|missing"):
            DRIVER.pack(frame, VERITY)
