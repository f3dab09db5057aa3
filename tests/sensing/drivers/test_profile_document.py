"""hardware/README.md is the specification of the GaitIMU profile: its bytes are read out of it and decoded here."""

import re
from pathlib import Path

import numpy as np
import pytest

from sensing.block import POSITIONS
from sensing.drivers import DRIVERS, gaitimu_frames
from sensing.drivers.base import Frame
from sensing.drivers.gaitimu import GaitImu, choice_of
from sensing.drivers.gaitimu_frames import GYROSCOPE, Started, parse_control, parse_scale, parse_started, parse_time

HARDWARE = Path(__file__).parents[3] / "hardware"
DOCUMENT = (HARDWARE / "README.md").read_text()


def example(name: str) -> bytes:
    """The bytes of a `hex` block: the leading pairs of hexadecimal digits of each line."""
    (block,) = re.findall(rf"```hex {name}\n(.*?)```", DOCUMENT, re.DOTALL)
    pairs = [re.match(r"(?:[0-9a-f]{2}(?: |$))+", line) for line in block.splitlines()]
    return b"".join(bytes.fromhex(pair.group()) for pair in pairs if pair)


def test_the_example_frame_reads_as_the_document_says() -> None:
    scale = parse_scale(example("scale"))
    assert scale is not None
    assert (scale.acc_mps2, scale.rates_hz, scale.quantities) == (0.0048828125, (50, 100, 200), GYROSCOPE)
    assert scale.gyr_radps == pytest.approx(0.001, rel=1e-7)
    choice = choice_of(GYROSCOPE, 100.0, 2, scale)
    (frame,) = GaitImu().decoder(choice).parse(example("frame"))
    assert isinstance(frame, Frame)
    assert (frame.sequence, frame.ticks) == (513, 4_294_960_000)
    assert frame.acc_mps2 == pytest.approx(np.array([[9.8047, -0.2002, 1.0010], [9.8193, -0.1904, 0.9668]]), abs=5e-5)
    assert frame.gyr_radps == pytest.approx(np.array([[0.120, -0.015, 0.003], [0.117, -0.022, -0.001]]), abs=1e-6)
    assert GaitImu().pack(frame, choice) == [(0, example("frame"))]


def test_the_example_start_is_answered_as_the_document_says() -> None:
    command = parse_control(example("start"))
    assert command == gaitimu_frames.Start(GYROSCOPE, 104)
    assert parse_started(example("started")) == Started(0, GYROSCOPE, 100, 10)
    scale = parse_scale(example("scale"))
    assert scale is not None
    assert isinstance(command, gaitimu_frames.Start)
    assert gaitimu_frames.accept(command, scale, mtu=247).to_bytes() == example("started")


def test_the_example_exchange_gives_the_offset_that_the_document_says() -> None:
    request, reply = parse_time(example("time_request")), parse_time(example("time_reply"))
    assert request is not None
    assert reply is not None
    assert request.answered(83_000_000, 83_000_040) == reply
    t4_us = request.t1_us + 20_040
    assert reply.round_trip_us(t4_us) == 20_000
    assert reply.offset_us(t4_us) == 83_000_000 - (request.t1_us + 10_000)


def test_the_sizes_that_the_document_names_are_those_of_the_code() -> None:
    assert gaitimu_frames.samples_per_frame(134, GYROSCOPE, 100) == 10
    assert gaitimu_frames.HEADER.size + 10 * gaitimu_frames.sample_bytes(GYROSCOPE) == 131
    assert gaitimu_frames.samples_per_frame(64, GYROSCOPE, 100) == 4
    assert gaitimu_frames.samples_per_frame(23, 0, 100) == 1
    assert gaitimu_frames.samples_per_frame(23, GYROSCOPE, 100) == 0


@pytest.mark.parametrize("uuid", ["SERVICE", "DATA", "SCALE", "CONTROL", "TIME"])
def test_the_document_names_every_uuid(uuid: str) -> None:
    assert f"| {uuid.lower()} | `{getattr(gaitimu_frames, uuid)}` |" in DOCUMENT


def test_the_document_and_its_figure_show_every_position_and_the_document_every_driver() -> None:
    figure = (HARDWARE / "wearing.svg").read_text()
    for position in POSITIONS:
        assert f"`{position}`" in DOCUMENT
        assert f">{position}</text>" in figure
    assert all(driver.name in DOCUMENT.lower() for driver in DRIVERS)
