"""The bytes and the JSON that cross the WebSocket to the dashboard (protocol 1)."""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PROTOCOL = 1
WAVEFORM_KIND = 1
WAVEFORM_VERSION = 1
CHANNELS = 3  # V, ML, AP of the body frame
FRAME_UNCERTAIN = 1  # flags bit 0: the body frame is not yet known well
NO_VALUE = -32768  # int16 that stands for a gap
SCALE_MPS2 = 0.005  # one step of the int16: 163 m/s² fit, a 16 g sensor cannot exceed them
MAX_SAMPLES = 65535
SAMPLE_BYTES = 2 * CHANNELS

_HEADER = struct.Struct("<BBHIdfHBBf")
_LENGTH = struct.Struct("<I")
compact = json.JSONEncoder(separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode
HEADER_BYTES = _HEADER.size

Values = NDArray[np.float64]


class WireError(ValueError):
    """Bytes that are no waveform frame; the text says what is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """One binary frame: `acc_body_mps2` of shape (n, 3), NaN where there is no value, from `t0_s` on, `dt_s` apart."""

    stream_no: int
    frame_no: int
    t0_s: float
    dt_s: float
    acc_body_mps2: Values
    uncertain: bool = False


def pack_waveform(waveform: Waveform) -> bytes:
    """The frame's bytes: values rounded to SCALE_MPS2 and clipped to what int16 holds."""
    values = waveform.acc_body_mps2
    n = values.shape[0]
    if values.ndim != 2 or values.shape[1] != CHANNELS or not 0 < n <= MAX_SAMPLES:
        raise WireError(f"a waveform frame holds 1 to {MAX_SAMPLES} samples of {CHANNELS} channels, not {values.shape}")
    known = np.isfinite(values)
    steps = np.where(known, np.clip(np.rint(np.where(known, values, 0.0) / SCALE_MPS2), -32767, 32767), NO_VALUE)
    counts = counts_bytes(steps.astype(np.int16))
    return frame_of(waveform.stream_no, waveform.frame_no, waveform.t0_s, waveform.dt_s, counts, waveform.uncertain)


def counts_bytes(counts: NDArray[np.int16]) -> bytes:
    """Samples as they stand in a frame, from their steps of SCALE_MPS2 (NO_VALUE for what is none)."""
    return counts.astype("<i2", copy=False).tobytes()


def frame_of(stream_no: int, frame_no: int, t0_s: float, dt_s: float, counts: bytes, uncertain: bool) -> bytes:
    """A frame's bytes, around the samples that `counts_bytes` gave."""
    header = _HEADER.pack(
        WAVEFORM_KIND,
        WAVEFORM_VERSION,
        stream_no,
        frame_no & 0xFFFFFFFF,
        t0_s,
        dt_s,
        len(counts) // SAMPLE_BYTES,
        CHANNELS,
        FRAME_UNCERTAIN if uncertain else 0,
        SCALE_MPS2,
    )
    return header + counts


def unpack_waveform(frame: bytes) -> Waveform:
    """The inverse of pack_waveform. Raises WireError."""
    if len(frame) < HEADER_BYTES:
        raise WireError(f"a waveform frame has at least {HEADER_BYTES} bytes, this one {len(frame)}")
    kind, version, stream_no, frame_no, t0_s, dt_s, n, channels, flags, scale = _HEADER.unpack_from(frame)
    if (kind, version, channels) != (WAVEFORM_KIND, WAVEFORM_VERSION, CHANNELS):
        raise WireError(f"kind {kind}, version {version}, {channels} channels: not a waveform frame of this protocol")
    if len(frame) != HEADER_BYTES + 2 * n * channels:
        raise WireError(f"{n} samples need {HEADER_BYTES + 2 * n * channels} bytes, not {len(frame)}")
    steps = np.frombuffer(frame, "<i2", offset=HEADER_BYTES).reshape(n, channels)
    values = np.where(steps == NO_VALUE, np.nan, steps * float(scale))
    return Waveform(stream_no, frame_no, t0_s, dt_s, values, bool(flags & FRAME_UNCERTAIN))


def waveform_span(frame: bytes) -> tuple[float, float]:
    """(start_s, end_s) of a frame, read from its header alone."""
    _, _, _, _, t0_s, dt_s, n, _, _, _ = _HEADER.unpack_from(frame)
    return t0_s, t0_s + n * dt_s


def framed(frame: bytes) -> bytes:
    """A frame as it stands in a file or a download: its length (u32 little-endian) and then its bytes."""
    return _LENGTH.pack(len(frame)) + frame


def unframed(content: bytes) -> Iterator[tuple[int, bytes]]:
    """(offset, frame) of every whole frame in a file or download; an incomplete last one is left out."""
    offset = 0
    while offset + _LENGTH.size <= len(content):
        (length,) = _LENGTH.unpack_from(content, offset)
        start = offset + _LENGTH.size
        if length < HEADER_BYTES or start + length > len(content):
            return
        yield offset, content[start : start + length]
        offset = start + length


def message(kind: str, fields: Mapping[str, object]) -> str:
    """A text frame: compact JSON with its `type` first. NaN and infinity are refused (ValueError)."""
    return compact({"type": kind, **fields})


def event_message(seq: int, session_id: str, stream_no: int | None, event: str) -> str:
    """The text frame of an event whose compact JSON is there already."""
    head = compact({"type": "event", "seq": seq, "session_id": session_id, "stream_no": stream_no})
    return f'{head[:-1]},"event":{event}}}'
