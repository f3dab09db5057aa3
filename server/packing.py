"""A recording as the records that a sensor would have sent, without a radio: for measurements and rehearsals."""

from collections.abc import Iterator, Mapping

import numpy as np

from sensing.drivers import driver_named
from sensing.drivers.base import Driver, Frame, StreamChoice
from sensing.packets import Json, Note, Packet, Record
from sensing.recording import Recording

GAITIMU_UNITS: Mapping[str, Json] = {"acc_mps2": 0.00479, "gyr_radps": 0.001065, "mag_ut": 0.15}  # 16 g, 2000 °/s


def gaitimu_choice(rate_hz: float, *, gyroscope: bool, samples: int = 10) -> StreamChoice:
    """What a GaitIMU sensor would agree to."""
    return StreamChoice(rate_hz, samples, gyroscope, settings=dict(GAITIMU_UNITS))


def records_of(recording: Recording, choice: StreamChoice | None = None, delay_s: float = 0.02) -> Iterator[Record]:
    """A stream note, then the packets of a GaitIMU sensor that felt the recording, heard `delay_s` late.

    The sensor's clock starts at 0 with the first sample; a gap of the recording is a gap of its stamps and its packet
    numbers.
    """
    driver = driver_named("gaitimu")
    choice = choice or gaitimu_choice(recording.rate_hz, gyroscope=recording.gyr_radps is not None)
    yield Note(0.0, "stream", {"driver": driver.name, "choice": choice.to_json()})
    sequence = 0
    next_index = 0
    per_packet = choice.samples_per_packet
    for block in recording.blocks(per_packet):
        sequence += max(0, round((block.first_index - next_index) / per_packet))
        next_index = block.first_index + len(block)
        start_s = float(block.time_s[0] - recording.time_s[0])
        end_s = float(block.time_s[-1] - recording.time_s[0])
        frame = Frame(block.acc_mps2, block.gyr_radps, ticks=_stamp(start_s, end_s, driver), sequence=sequence)
        sequence += 1
        for channel, notification in driver.pack(frame, choice):
            yield Packet(end_s + delay_s, notification, channel)


def _stamp(start_s: float, end_s: float, driver: Driver) -> int | None:
    clock = driver.clock
    if clock is None:
        return None
    at_s = start_s if clock.stamp == "first" else end_s
    return int(np.rint(at_s / clock.tick_s)) % (1 << clock.bits)
