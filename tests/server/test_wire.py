import contextlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from server.wire import (
    HEADER_BYTES,
    SCALE_MPS2,
    Waveform,
    WireError,
    framed,
    message,
    pack_waveform,
    unframed,
    unpack_waveform,
    waveform_span,
)

values = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 40), st.just(3)),
    elements=st.one_of(st.just(math.nan), st.floats(-160, 160, allow_nan=False)),
)


@given(values, st.integers(0, 65535), st.integers(0, 2**32 - 1), st.floats(-10, 1e6), st.booleans())
def test_a_waveform_frame_reads_as_it_was_written(
    acc: np.ndarray, stream_no: int, frame_no: int, t0_s: float, uncertain: bool
) -> None:
    frame = pack_waveform(Waveform(stream_no, frame_no, t0_s, 0.01, acc, uncertain))
    read = unpack_waveform(frame)
    assert (read.stream_no, read.frame_no, read.t0_s, read.uncertain) == (stream_no, frame_no, t0_s, uncertain)
    assert np.array_equal(np.isnan(read.acc_body_mps2), np.isnan(acc))
    assert np.allclose(read.acc_body_mps2, acc, atol=0.51 * SCALE_MPS2, equal_nan=True)
    assert waveform_span(frame) == pytest.approx((t0_s, t0_s + len(acc) * 0.01))


def test_the_header_is_the_one_the_dashboard_reads() -> None:
    frame = pack_waveform(Waveform(0x0102, 0x03040506, 1.5, 0.01, np.array([[0.005, -0.005, math.nan]]), True))
    assert frame[:HEADER_BYTES].hex() == "0101020106050403000000000000f83f0ad7233c010003010ad7a33b"
    assert frame[HEADER_BYTES:].hex() == "0100ffff0080"


def test_an_impact_beyond_the_range_is_clipped_and_is_no_gap() -> None:
    read = unpack_waveform(pack_waveform(Waveform(1, 1, 0.0, 0.01, np.array([[1e4, -1e4, 0.0]]))))
    assert read.acc_body_mps2[0, 0] == pytest.approx(32767 * SCALE_MPS2, rel=1e-6)
    assert read.acc_body_mps2[0, 1] == pytest.approx(-32767 * SCALE_MPS2, rel=1e-6)


@given(st.binary(max_size=80))
def test_any_bytes_give_a_frame_or_a_wire_error(content: bytes) -> None:
    with contextlib.suppress(WireError):
        assert unpack_waveform(content).acc_body_mps2.shape[1] == 3


@given(st.lists(values, max_size=5), st.integers(0, 30))
def test_frames_in_a_file_are_found_again_and_a_cut_one_is_left_out(arrays: list[np.ndarray], cut: int) -> None:
    frames = [pack_waveform(Waveform(1, number, number * 1.0, 0.01, acc)) for number, acc in enumerate(arrays)]
    content = b"".join(framed(frame) for frame in frames)
    assert [frame for _, frame in unframed(content)] == frames
    whole = [frame for _, frame in unframed(content[: len(content) - cut])]
    assert whole == frames[: len(whole)]
    assert len(whole) >= len(frames) - cut


def test_a_message_never_carries_a_number_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match="JSON"):
        message("beat", {"now_s": math.nan})
