"""Body-frame waveforms of a session: cut into the frames that browsers get, and kept in the very same bytes."""

import bisect
from collections.abc import Iterable
from pathlib import Path

from dsp.body import BODY_RATE_HZ, BodyBlock
from dsp.drawing import drawn
from server.wire import (
    SAMPLE_BYTES,
    SCALE_MPS2,
    SCALE_RADPS,
    counts_bytes,
    frame_of,
    framed,
    unframed,
    waveform_span,
)

FRAME_SAMPLES = 10  # ten frames a second
CERTAIN = 0.75  # half-way between "vertical known" (0.5) and "forward and left known" (1)
FILE_NAME = "waveform.frames"


class Framer:
    """Gathers body blocks into frames of FRAME_SAMPLES, whatever the blocks' sizes; a break ends a frame early."""

    def __init__(self, stream_no: int) -> None:
        self._stream_no = stream_no
        self._frame_no = 0
        self._first_index = 0
        self._counts = b""  # samples that wait for their frame
        self._certainties: list[float] = []  # and how sure the frame of axes was at each
        self.confidence = 0.0

    def add(self, block: BodyBlock) -> list[bytes]:
        """The frames that `block` completed."""
        frames: list[bytes] = []
        if self._certainties and block.first_index != self._first_index + len(self._certainties):
            frames += self.flush()
        if not self._certainties:
            self._first_index = block.first_index
        self._counts += counts_bytes(drawn(block, SCALE_MPS2, SCALE_RADPS))
        self._certainties += block.frame_confidence.tolist()
        self.confidence = self._certainties[-1] if self._certainties else self.confidence
        while len(self._certainties) >= FRAME_SAMPLES:
            frames.append(self._cut(FRAME_SAMPLES))
        return frames

    def flush(self) -> list[bytes]:
        """What has been gathered so far, as a shorter frame."""
        return [self._cut(len(self._certainties))] if self._certainties else []

    def _cut(self, samples: int) -> bytes:
        size = samples * SAMPLE_BYTES
        t0_s, dt_s = self._first_index / BODY_RATE_HZ, 1.0 / BODY_RATE_HZ
        uncertain = self._certainties[samples - 1] < CERTAIN
        frame = frame_of(self._stream_no, self._frame_no, t0_s, dt_s, self._counts[:size], uncertain)
        self._frame_no += 1
        self._first_index += samples
        self._counts, self._certainties = self._counts[size:], self._certainties[samples:]
        return frame


class WaveformLog:
    """A session's frames in a file, found by time. It can always be made again from the raw log or the recording."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")
        self.fault: str | None = None

    def append(self, frames: Iterable[bytes]) -> None:
        if self.fault is not None:
            return
        try:
            self._file.writelines(framed(frame) for frame in frames)
        except OSError as error:
            self.fault = f"The waveforms cannot be kept ({error.strerror}); the live page still shows them."

    def flush(self) -> None:
        if self.fault is not None:
            return
        try:
            self._file.flush()
        except OSError as error:
            self.fault = f"The waveforms cannot be kept ({error.strerror}); the live page still shows them."

    def close(self) -> None:
        self.flush()
        self._file.close()


def read_waveforms(path: Path, start_s: float, end_s: float) -> bytes:
    """The frames that touch start_s … end_s, each preceded by its length. Empty where nothing was kept."""
    if not path.exists():
        return b""
    content = path.read_bytes()
    offsets: list[int] = []
    ends: list[float] = []
    starts: list[float] = []
    size = 0
    for offset, frame in unframed(content):
        first_s, last_s = waveform_span(frame)
        offsets.append(offset)
        starts.append(first_s)
        ends.append(last_s)
        size = offset + 4 + len(frame)
    begin = bisect.bisect_right(ends, start_s)
    stop = bisect.bisect_left(starts, end_s)
    if begin >= stop:
        return b""
    return content[offsets[begin] : offsets[stop] if stop < len(offsets) else size]
