"""The bytes and the JSON that cross the WebSocket to the dashboard (protocol 1)."""

import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PROTOCOL = 1
WAVEFORM_KIND = 1
WAVEFORM_VERSION = 2
CHANNELS = 5  # V, ML, AP of the body frame, then the rates about ML (pitch) and about V (yaw)
OLD_VERSION, OLD_CHANNELS = 1, 3  # as sessions were kept before: no rates
FRAME_UNCERTAIN = 1  # flags bit 0: the body frame is not yet known well
NO_VALUE = -32768  # int16 that stands for a gap
SCALE_MPS2 = 0.005  # one step of the int16: 163 m/s² fit, a 16 g sensor cannot exceed them
SCALE_RADPS = 0.00125  # one step of a rate: 41 rad/s fit, an axis of a 2000 °/s gyroscope cannot exceed them
MAX_SAMPLES = 65535
SAMPLE_BYTES = 2 * CHANNELS

_OLD_HEADER = struct.Struct("<BBHIdfHBBf")
_HEADER = struct.Struct("<BBHIdfHBBff")  # the same, and the rates' scale
_LENGTH = struct.Struct("<I")
compact = json.JSONEncoder(separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode
HEADER_BYTES = _HEADER.size
OLD_HEADER_BYTES = _OLD_HEADER.size

Values = NDArray[np.float64]


class WireError(ValueError):
    """Bytes that are no waveform frame; the text says what is wrong."""


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """One binary frame of n samples from `t0_s` on, `dt_s` apart; NaN where there is no value.

    acc_body_mps2: shape (n, 3), V, ML, AP. rates_radps: shape (n, 2), about ML (pitch) and about V (yaw).
    """

    stream_no: int
    frame_no: int
    t0_s: float
    dt_s: float
    acc_body_mps2: Values
    rates_radps: Values
    uncertain: bool = False


def pack_waveform(waveform: Waveform) -> bytes:
    """The frame's bytes: values rounded to SCALE_MPS2 and SCALE_RADPS and clipped to what int16 holds."""
    acc, rates = waveform.acc_body_mps2, waveform.rates_radps
    n = acc.shape[0]
    if acc.shape != (n, 3) or rates.shape != (n, 2) or not 0 < n <= MAX_SAMPLES:
        raise WireError(
            f"a waveform frame holds 1 to {MAX_SAMPLES} samples of 3 accelerations and 2 rates,"
            f" not {acc.shape} and {rates.shape}"
        )
    steps = np.hstack((acc / SCALE_MPS2, rates / SCALE_RADPS))
    known = np.isfinite(steps)
    counts = np.where(known, np.clip(np.rint(np.where(known, steps, 0.0)), -32767, 32767), NO_VALUE)
    content = counts_bytes(counts.astype(np.int16))
    return frame_of(waveform.stream_no, waveform.frame_no, waveform.t0_s, waveform.dt_s, content, waveform.uncertain)


def counts_bytes(counts: NDArray[np.int16]) -> bytes:
    """Samples as they stand in a frame, from their steps of SCALE_MPS2 and SCALE_RADPS (NO_VALUE for none)."""
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
        SCALE_RADPS,
    )
    return header + counts


def unpack_waveform(frame: bytes) -> Waveform:
    """The inverse of pack_waveform; frames of version 1 have no rates. Raises WireError."""
    if len(frame) < OLD_HEADER_BYTES:
        raise WireError(f"a waveform frame has at least {OLD_HEADER_BYTES} bytes, this one {len(frame)}")
    kind, version, stream_no, frame_no, t0_s, dt_s, n, channels, flags, scale = _OLD_HEADER.unpack_from(frame)
    if (kind, version, channels) == (WAVEFORM_KIND, OLD_VERSION, OLD_CHANNELS):
        header_bytes = OLD_HEADER_BYTES
    elif (kind, version, channels) == (WAVEFORM_KIND, WAVEFORM_VERSION, CHANNELS):
        header_bytes = HEADER_BYTES
    else:
        raise WireError(f"kind {kind}, version {version}, {channels} channels: not a waveform frame of this protocol")
    if len(frame) != header_bytes + 2 * n * channels:
        raise WireError(f"{n} samples need {header_bytes + 2 * n * channels} bytes, not {len(frame)}")
    steps = np.frombuffer(frame, "<i2", offset=header_bytes).reshape(n, channels)
    known = np.where(steps == NO_VALUE, np.nan, steps)
    rates = np.full((n, 2), np.nan)
    if version == WAVEFORM_VERSION:
        rates = known[:, 3:] * _HEADER.unpack_from(frame)[-1]
    return Waveform(
        stream_no, frame_no, t0_s, dt_s, known[:, :3] * float(scale), rates, uncertain=bool(flags & FRAME_UNCERTAIN)
    )


def waveform_span(frame: bytes) -> tuple[float, float]:
    """(start_s, end_s) of a frame of either version, read from its header alone."""
    _, _, _, _, t0_s, dt_s, n, _, _, _ = _OLD_HEADER.unpack_from(frame)
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
        if length < OLD_HEADER_BYTES or start + length > len(content):
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
