"""The intake behind the real drivers: bytes as the sensors send them, with faults."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.block import STANDARD_GRAVITY_MPS2
from sensing.drivers import driver_named, gaitimu, movesense, polar
from sensing.drivers.base import StreamChoice
from sensing.drivers.gaitimu_frames import GYROSCOPE, Scale
from sensing.drivers.movesense_gsp import Stream
from sensing.drivers.polar_frames import Flow
from sensing.drivers.polar_pmd import Measurement
from sensing.intake import Intake
from sensing.packets import Note, Packet, Record
from sensing.rawlog import RawLogWriter, read_raw_log
from tests.sensing.builders import Sent, assert_in_order, samples_of, sent_frames, stream_note
from tests.sensing.drivers.frames import VERITY_ACC, VERITY_GYRO

MILLI_G_MPS2 = 9.80665e-3


def a_movesense(path: str) -> StreamChoice:
    stream = Stream.from_path(path)
    assert stream is not None
    return movesense.choice_of(stream)


STREAMS = {
    "movesense acc": ("movesense", a_movesense("/Meas/Acc/52"), 1.0),
    "movesense imu6": ("movesense", a_movesense("/Meas/IMU6/104"), 1.0),
    "movesense imu9, in two parts": ("movesense", a_movesense("/Meas/IMU9/104"), 1.0),
    "gaitimu": ("gaitimu", gaitimu.choice_of(GYROSCOPE, 100, 10, Scale(1.0, 0.001, 0.1, GYROSCOPE)), 1.0),
    "polar h10": ("polar", polar.choice_of(Flow(Measurement.ACC, 100.0, 16, 8.0, 1.0, 1)), MILLI_G_MPS2),
}


@pytest.mark.parametrize("stream", STREAMS)
@given(
    fates=st.lists(st.sampled_from(["heard", "heard", "heard", "lost", "twice", "part lost"]), min_size=3, max_size=40),
    true_rate=st.floats(0.96, 1.04),
)
@settings(max_examples=20, deadline=None)
def test_real_drivers_lose_and_double_nothing_unnoticed(stream: str, fates: list[str], true_rate: float) -> None:
    name, choice, unit = STREAMS[stream]
    driver = driver_named(name)
    fates = ["heard", "heard", *fates]
    frames = sent_frames(driver, choice, len(fates), true_rate_hz=choice.rate_hz * true_rate, unit_mps2=unit)
    intake = Intake("hip")
    blocks = intake.receive(stream_note(driver, choice))
    for frame, fate in zip(frames, fates, strict=True):
        for packet in as_heard(frame, fate):
            blocks += intake.receive(packet)
    blocks += intake.finish()
    sent, ours, _ = samples_of(blocks, unit)
    assert_in_order(blocks)
    assert sent.tolist() == ours.tolist()
    counters = intake.counters
    whole = [frame for frame, fate in zip(frames, fates, strict=True) if fate in ("heard", "twice")]
    assert sent.tolist() == [index for frame in whole for index in range(frame.first, frame.first + frame.samples)]
    assert counters.duplicate_packets == fates.count("twice")
    assert counters.samples + counters.lost_samples == ours[-1] + 1


def as_heard(frame: Sent, fate: str) -> list[Record]:
    arrival_s = frame.measured_s + 0.03
    packets: list[Record] = []
    packets += [Packet(arrival_s, content, channel) for channel, content in frame.parts]
    if fate == "lost":
        return []
    if fate == "part lost":
        return packets[:-1]
    if fate == "twice":
        return [packet for packet in packets for _ in range(2)]
    return packets


def test_a_torn_and_resumed_movesense_stream_keeps_its_clock() -> None:
    name, choice, _ = STREAMS["movesense imu6"]
    driver = driver_named(name)
    frames = sent_frames(driver, choice, 900, true_rate_hz=102.9, skew=-60e-6)
    intake = Intake("hip")
    blocks = intake.receive(stream_note(driver, choice))
    for at, frame in enumerate(frames):
        if at == 500:
            blocks += intake.receive(stream_note(driver, choice, frame.measured_s))
        if not 450 <= at < 500:
            for packet in frame.heard(frame.measured_s + 0.03):
                blocks += intake.receive(packet)
    sent, ours, times = samples_of(blocks)
    assert_in_order(blocks)
    assert sent.tolist() == ours.tolist()
    assert intake.counters.reconnects == 1
    truth = np.interp(sent, [f.first + f.samples - 1 for f in frames], [f.measured_s for f in frames])
    assert np.abs(times - truth - 0.03)[sent > 1000].max() < 0.003
    assert all(block.gyr_radps is not None for block in blocks)


@pytest.mark.parametrize("ending", ["disconnected", "stopped", "stream", None])
def test_acceleration_that_waits_for_a_gyroscope_is_kept_when_the_stream_ends(ending: str | None) -> None:
    driver = driver_named("polar")
    choice = polar.choice_of(VERITY_ACC, VERITY_GYRO)
    frames = sent_frames(driver, choice, 6, unit_mps2=VERITY_ACC.factor * STANDARD_GRAVITY_MPS2)
    intake = Intake("hip")
    blocks = intake.receive(stream_note(driver, choice))
    for frame in frames:
        acc, gyr = frame.heard(frame.measured_s)
        for packet in (acc,) if frame is frames[-1] else (acc, gyr):
            blocks += intake.receive(packet)
    assert intake.counters.samples < sum(frame.samples for frame in frames)
    if ending == "stream":
        blocks += intake.receive(stream_note(driver, choice, frames[-1].measured_s + 1.0))
    elif ending is not None:
        blocks += intake.receive(Note(frames[-1].measured_s + 1.0, ending, {}))
    else:
        blocks += intake.finish()
    assert_in_order(blocks)
    assert intake.counters.samples == sum(len(block) for block in blocks) == sum(frame.samples for frame in frames)
    assert intake.counters.lost_samples == 0


@pytest.mark.parametrize("stream", STREAMS)
def test_a_raw_log_gives_the_session_s_blocks_again_bit_for_bit(stream: str, tmp_path: Path) -> None:
    name, choice, unit = STREAMS[stream]
    driver = driver_named(name)
    frames = sent_frames(driver, choice, 120, true_rate_hz=choice.rate_hz * 1.01, unit_mps2=unit)
    records: list[Record] = [stream_note(driver, choice)]
    for number, frame in enumerate(frames):
        records += as_heard(frame, "lost" if number % 17 == 16 else "twice" if number % 11 == 10 else "heard")
    writer = RawLogWriter(tmp_path, {"session": "1"})
    live = Intake("hip")
    blocks = []
    for record in records:
        writer.append(record)
        blocks += live.receive(record)
    writer.close()
    again = Intake("hip")
    recovered = [block for record in read_raw_log(tmp_path).records for block in again.receive(record)]
    assert len(recovered) == len(blocks)
    for one, other in zip(blocks, recovered, strict=True):
        assert one.first_index == other.first_index
        assert np.array_equal(one.time_s, other.time_s)
        assert np.array_equal(one.acc_mps2, other.acc_mps2)
    assert again.counters == live.counters
