"""Small things that several tests of sensing need: recordings, a plain driver, packets with self-describing samples."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from sensing.block import SampleBlock
from sensing.drivers.base import ClockSpec, Decoder, Driver, Frame, Link, Reading, StreamChoice, Wanted
from sensing.facts import Facts
from sensing.packets import Note, Packet
from sensing.recording import Recording

GRAVITY_MPS2 = 9.81
HEAD = struct.Struct("<BBHQ")  # version, samples, sequence, ticks
FIRST_MS = ClockSpec(tick_s=1e-3, bits=32, stamp="first")  # as Movesense
FIRST_US = ClockSpec(tick_s=1e-6, bits=32, stamp="first")  # as GaitIMU
LAST_NS = ClockSpec(tick_s=1e-9, bits=64, stamp="last")  # as Polar


def a_recording(
    samples: int = 200,
    rate_hz: float = 100.0,
    *,
    name: str = "walk",
    gyroscope: bool = True,
    magnetometer: bool = False,
    seed: int = 1,
    start_s: float = 0.0,
    facts: Facts | None = None,
) -> Recording:
    """Something that moves: gravity on y plus noise, evenly sampled."""
    noise = np.random.default_rng(seed)
    time_s = start_s + np.arange(samples) / rate_hz
    acc = noise.normal((0.0, GRAVITY_MPS2, 0.0), 0.8, (samples, 3))
    gyr = noise.normal(0, 0.5, (samples, 3)) if gyroscope else None
    mag = noise.normal(0, 20, (samples, 3)) if magnetometer else None
    return Recording(name, facts or Facts("lower_back", rate_hz), rate_hz, time_s, acc, gyr, mag)


@dataclass
class PlainDecoder:
    """Reads PlainDriver's packets."""

    driver: "PlainDriver"
    partial_packets: int = 0

    def parse(self, data: bytes, channel: int = 0) -> list[Reading]:
        if len(data) < HEAD.size or len(data) != HEAD.size + 12 * data[1] or not data[1]:
            self.partial_packets += 1
            return []
        _, _, sequence, ticks = HEAD.unpack_from(data)
        acc = np.frombuffer(data, "<f4", offset=HEAD.size).reshape(-1, 3).astype(np.float64)
        return [
            Frame(
                acc,
                ticks=None if self.driver.clock is None else ticks,
                sequence=None if self.driver.sequence_bits is None else sequence,
            )
        ]

    def finish(self) -> list[Reading]:
        return []


@dataclass
class PlainDriver:
    """The simplest sensor: three floats a sample; which clock and counter it has is up to the test."""

    clock: ClockSpec | None = FIRST_MS
    sequence_bits: int | None = None
    name: str = "plain"
    label: str = "Plain"
    channels: Sequence[str] = ("0000fff1-0000-1000-8000-00805f9b34fb",)
    optional_channels: frozenset[int] = field(default_factory=frozenset)

    def matches(self, name: str, service_uuids: Sequence[str]) -> bool:
        return name.startswith("Plain")

    async def start(self, link: Link, wanted: Wanted) -> StreamChoice:
        return StreamChoice(wanted.rate_hz, 8, has_gyroscope=False)

    async def stop(self, link: Link) -> None:
        return None

    def decoder(self, choice: StreamChoice) -> Decoder:
        return PlainDecoder(self)

    def pack(self, frame: Frame, choice: StreamChoice) -> list[tuple[int, bytes]]:
        head = HEAD.pack(1, len(frame), frame.sequence or 0, frame.ticks or 0)
        return [(0, head + frame.acc_mps2.astype("<f4").tobytes())]


@dataclass(frozen=True)
class Sent:
    """One frame as the sensor sent it: its notifications, the index of its first sample, when it was whole."""

    parts: tuple[tuple[int, bytes], ...]
    first: int
    samples: int
    measured_s: float  # true session time of the last sample

    def heard(self, arrival_s: float) -> list[Packet]:
        return [Packet(arrival_s, data, channel) for channel, data in self.parts]


def sent_frames(
    driver: Driver,
    choice: StreamChoice,
    frames: int,
    *,
    true_rate_hz: float | None = None,
    skew: float = 0.0,
    boot_s: float = 12.5,
    start_s: float = 0.0,
    first: int = 0,
    samples: Sequence[int] | None = None,
    unit_mps2: float = 1.0,
) -> list[Sent]:
    """Frames of a sensor whose samples describe themselves: acc x is the sample's index times `unit_mps2`.

    `true_rate_hz` is the rate on the sensor's own clock, whose second lasts 1 + skew session seconds; `boot_s` what
    that clock showed at session time `start_s`, when sample `first` was measured.
    """
    period_s = 1.0 / (true_rate_hz or choice.rate_hz)
    result = []
    index = first
    for number in range(frames):
        n = choice.samples_per_packet if samples is None else samples[number % len(samples)]
        acc = np.zeros((n, 3))
        acc[:, 0] = np.arange(index, index + n) * unit_mps2
        acc[:, 2] = GRAVITY_MPS2
        gyr = np.zeros((n, 3)) if choice.has_gyroscope else None
        mag = np.zeros((n, 3)) if choice.has_magnetometer else None
        ticks = None
        if driver.clock is not None:
            stamped = index + n - 1 if driver.clock.stamp == "last" else index
            ticks = int((boot_s + (stamped - first) * period_s) / driver.clock.tick_s) % (1 << driver.clock.bits)
        sequence = None if driver.sequence_bits is None else number % (1 << driver.sequence_bits)
        frame = Frame(acc, gyr, mag, ticks=ticks, sequence=sequence)
        measured_s = start_s + (index + n - 1 - first) * period_s * (1 + skew)
        result.append(Sent(tuple(driver.pack(frame, choice)), index, n, measured_s))
        index += n
    return result


def stream_note(driver: Driver, choice: StreamChoice, arrival_s: float = 0.0) -> Note:
    return Note(arrival_s, "stream", {"driver": driver.name, "choice": choice.to_json()})


def samples_of(blocks: Sequence[SampleBlock], unit_mps2: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(the sensor's own sample numbers, our indices, times) of all blocks in order."""
    sent = [np.rint(block.acc_mps2[:, 0] / unit_mps2).astype(int) for block in blocks]
    ours = [block.first_index + np.arange(len(block)) for block in blocks]
    times = [block.time_s for block in blocks]
    if not blocks:
        return np.zeros(0, int), np.zeros(0, int), np.zeros(0)
    return np.concatenate(sent), np.concatenate(ours), np.concatenate(times)


def assert_in_order(blocks: Sequence[SampleBlock]) -> None:
    """Index and time increase strictly, within and across blocks."""
    _, ours, times = samples_of(blocks)
    assert np.all(np.diff(ours) > 0)
    assert np.all(np.diff(times) > 0)
    for one, other in pairwise(blocks):
        assert other.first_index >= one.first_index + len(one)
