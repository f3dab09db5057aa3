import contextlib
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from server.waveforms import read_waveforms
from server.wire import (
    HEADER_BYTES,
    SCALE_MPS2,
    SCALE_RADPS,
    Waveform,
    WireError,
    framed,
    message,
    pack_waveform,
    unframed,
    unpack_waveform,
    waveform_span,
)

NEW_FRAME = "0102020106050403000000000000f83f0ad7233c010005010ad7a33b0ad7a33a0100ffff00802003ffff"
OLD_FRAME = "0101020106050403000000000000f83f0ad7233c010003010ad7a33b0100ffff0080"


def columns(count: int, most: float) -> st.SearchStrategy[np.ndarray]:
    values = st.one_of(st.just(math.nan), st.floats(-most, most, allow_nan=False))
    return hnp.arrays(np.float64, st.tuples(st.just(7), st.just(count)), elements=values)


motion = st.tuples(columns(3, 160), columns(2, 40), st.integers(1, 7)).map(
    lambda given: (given[0][: given[2]], given[1][: given[2]])
)


@given(motion, st.integers(0, 65535), st.integers(0, 2**32 - 1), st.floats(-10, 1e6), st.booleans())
def test_a_waveform_frame_reads_as_it_was_written(
    samples: tuple[np.ndarray, np.ndarray], stream_no: int, frame_no: int, t0_s: float, uncertain: bool
) -> None:
    acc, rates = samples
    frame = pack_waveform(Waveform(stream_no, frame_no, t0_s, 0.01, acc, rates, uncertain))
    read = unpack_waveform(frame)
    assert (read.stream_no, read.frame_no, read.t0_s, read.uncertain) == (stream_no, frame_no, t0_s, uncertain)
    assert np.allclose(read.acc_body_mps2, acc, atol=0.51 * SCALE_MPS2, equal_nan=True)
    assert np.allclose(read.rates_radps, rates, atol=0.51 * SCALE_RADPS, equal_nan=True)
    assert waveform_span(frame) == pytest.approx((t0_s, t0_s + len(acc) * 0.01))


def test_the_bytes_are_those_that_the_dashboard_reads() -> None:
    """The same two frames stand in the dashboard's own tests (frame.test.ts)."""
    acc, rates = np.array([[0.005, -0.005, math.nan]]), np.array([[1.0, -0.00125]])
    frame = pack_waveform(Waveform(0x0102, 0x03040506, 1.5, 0.01, acc, rates, True))
    assert frame.hex() == NEW_FRAME
    without = pack_waveform(Waveform(0x0102, 0x03040506, 1.5, 0.01, acc, np.full((1, 2), math.nan), True))
    assert without[HEADER_BYTES:].hex() == "0100ffff008000800080"


def test_a_frame_of_version_1_is_read_and_has_no_rates() -> None:
    frame = bytes.fromhex(OLD_FRAME)
    read = unpack_waveform(frame)
    assert (read.stream_no, read.frame_no, read.t0_s, read.uncertain) == (0x0102, 0x03040506, 1.5, True)
    assert np.allclose(read.acc_body_mps2, [[0.005, -0.005, math.nan]], equal_nan=True)
    assert read.rates_radps.shape == (1, 2)
    assert np.isnan(read.rates_radps).all()
    assert waveform_span(frame) == pytest.approx((1.5, 1.51))


def test_a_file_of_both_versions_is_read_through(tmp_path: Path) -> None:
    old, new = bytes.fromhex(OLD_FRAME), bytes.fromhex(NEW_FRAME)
    path = tmp_path / "waveform.frames"
    path.write_bytes(framed(old) + framed(new))
    assert read_waveforms(path, 1.0, 2.0) == framed(old) + framed(new)


def test_a_motion_beyond_the_range_is_clipped_and_is_no_gap() -> None:
    acc, rates = np.array([[1e4, -1e4, 0.0]]), np.array([[100.0, -100.0]])
    read = unpack_waveform(pack_waveform(Waveform(1, 1, 0.0, 0.01, acc, rates)))
    assert read.acc_body_mps2[0] == pytest.approx([32767 * SCALE_MPS2, -32767 * SCALE_MPS2, 0.0], rel=1e-6)
    assert read.rates_radps[0] == pytest.approx([32767 * SCALE_RADPS, -32767 * SCALE_RADPS], rel=1e-6)


@given(st.binary(max_size=80))
def test_any_bytes_give_a_frame_or_a_wire_error(content: bytes) -> None:
    with contextlib.suppress(WireError):
        assert unpack_waveform(content).acc_body_mps2.shape[1] == 3


@given(st.lists(motion, max_size=5), st.integers(0, 30))
def test_frames_in_a_file_are_found_again_and_a_cut_one_is_left_out(
    several: list[tuple[np.ndarray, np.ndarray]], cut: int
) -> None:
    frames = [pack_waveform(Waveform(1, no, no * 1.0, 0.01, acc, rates)) for no, (acc, rates) in enumerate(several)]
    content = b"".join(framed(frame) for frame in frames)
    assert [frame for _, frame in unframed(content)] == frames
    whole = [frame for _, frame in unframed(content[: len(content) - cut])]
    assert whole == frames[: len(whole)]
    assert len(whole) >= len(frames) - cut


def test_a_message_never_carries_a_number_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="JSON"):
        message("beat", {"now_s": math.nan})
