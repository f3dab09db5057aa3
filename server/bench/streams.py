"""The walk that everything is measured on, and the packets of a sensor that feels it, as long as wanted."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np

from sensing.drivers import driver_named
from sensing.drivers.base import Frame, StreamChoice
from sensing.drivers.gaitimu_frames import HEADER
from sensing.packets import Note, Packet, Record
from sensing.recording import Recording, read_recording
from server.demo import SAMPLES
from server.packing import gaitimu_choice

RATE_HZ = 100.0
DELAY_S = 0.02  # from the last sample to its arrival
BACK = SAMPLES / "anna_walks_lower_back.parquet"


def walk(seconds: float) -> Recording:
    """Somebody who walks for so long at 100 Hz: the sample walk again and again."""
    sample = read_recording(BACK)
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    at_s = sample.time_s[0] + 5.0 + time_s % (sample.duration_s - 10.0)
    assert sample.gyr_radps is not None

    def resampled(vectors: np.ndarray) -> np.ndarray:
        return np.stack([np.interp(at_s, sample.time_s, vectors[:, axis]) for axis in range(3)], axis=1)

    facts = replace(sample.facts, rate_hz=RATE_HZ)
    return Recording("walk", facts, RATE_HZ, time_s, resampled(sample.acc_mps2), resampled(sample.gyr_radps))


def endless(samples: int, period_s: float = 40.0) -> Iterator[Record]:
    """A stream note, then the packets of a GaitIMU sensor on that walk, for ever: `period_s` of it, repeated.

    The samples are packed once; every packet gets its own number and stamp.
    """
    choice = gaitimu_choice(RATE_HZ, gyroscope=True, samples=samples)
    yield Note(0.0, "stream", {"driver": "gaitimu", "choice": choice.to_json()})
    bodies = _bodies(samples, choice, period_s)
    spacing_us = round(1e6 / RATE_HZ)
    for number in count():
        version, flags, body = bodies[number % len(bodies)]
        first = number * samples
        head = HEADER.pack(version, flags, number & 0xFFFF, first * spacing_us & 0xFFFFFFFF, spacing_us, samples)
        yield Packet((first + samples - 1) / RATE_HZ + DELAY_S, head + body, 0)


def _bodies(samples: int, choice: StreamChoice, period_s: float) -> list[tuple[int, int, bytes]]:
    driver = driver_named("gaitimu")
    packets = round(period_s * RATE_HZ) // samples
    bodies = []
    for block in walk(packets * samples / RATE_HZ).blocks(samples):
        frame = Frame(block.acc_mps2, block.gyr_radps, ticks=0, sequence=0)
        ((_, packed),) = driver.pack(frame, choice)
        version, flags, *_ = HEADER.unpack_from(packed)
        bodies.append((version, flags, packed[HEADER.size :]))
    return bodies


def shared_recordings() -> list[Path]:
    """The development recordings at the lower back that the peers' figures are known for; empty where absent."""
    root = Path(__file__).resolve().parents[3] / "shared" / "recordings"
    return sorted(root.glob("voisard_healthy/*lower_back.parquet")) + sorted(root.glob("mobgap/*.parquet"))


def sample_recordings() -> list[Path]:
    """Those that ship with Surefoot, at the lower back."""
    return sorted(SAMPLES.glob("*lower_back*.parquet"))
