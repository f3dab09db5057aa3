"""The data frames of Polar's measurement data service (PMD): raw and delta-compressed vectors, both directions."""

import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from sensing.block import STANDARD_GRAVITY_MPS2, Vectors
from sensing.drivers.polar_pmd import Measurement
from sensing.packets import Json

COMPRESSED = 0x80
HEADER = struct.Struct("<BQB")  # measurement, stamp of the last sample in ns since 2000, frame type
AXES = 3
RAW_BYTES = {0: 1, 1: 2, 2: 3}  # bytes per value of an uncompressed acceleration frame, by frame type
RAD_PER_DEG = np.pi / 180.0
MG_MPS2 = STANDARD_GRAVITY_MPS2 / 1000.0

Integers = NDArray[np.int64]


class MalformedError(ValueError):
    """These bytes are no frame of a known type."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One measurement that was started: its settings, and how the integers in its frames become SI.

    factor: as the sensor gave it, 1.0 if it gave none. frame_type: what `pack` writes; `parse` reads every type.
    """

    measurement: int
    rate_hz: float
    resolution_bits: int
    range: float
    factor: float
    frame_type: int

    def to_json(self) -> dict[str, Json]:
        return cast(dict[str, Json], asdict(self))

    @classmethod
    def from_json(cls, fields: Json) -> "Flow":
        return cls(**cast(Mapping[str, int], fields))


def scale(measurement: int, frame_type: int, factor: float) -> float:
    """SI units per count. Acceleration is in G where a factor came (types 0) and in mG otherwise; rate in deg/s."""
    if measurement == Measurement.GYRO:
        return factor * RAD_PER_DEG
    if frame_type & ~COMPRESSED == 0 and factor != 1.0:
        return factor * STANDARD_GRAVITY_MPS2
    return factor * MG_MPS2


def parse_frame(notification: bytes, flows: Mapping[int, Flow]) -> tuple[int, int, Vectors]:
    """(measurement, stamp in ns, SI vectors of shape (n, 3)). Raises MalformedError."""
    if len(notification) <= HEADER.size:
        raise MalformedError("shorter than its header")
    kind, stamp_ns, frame_type = HEADER.unpack_from(notification)
    flow = flows.get(kind & 0x3F)
    if flow is None:
        raise MalformedError("a measurement that was not started")
    counts = _counts(flow.measurement, frame_type, notification[HEADER.size :])
    vectors = counts * scale(flow.measurement, frame_type, flow.factor)
    if not np.isfinite(vectors).all():
        raise MalformedError("not finite")
    return flow.measurement, stamp_ns, np.ascontiguousarray(vectors)


def _counts(measurement: int, frame_type: int, content: bytes) -> NDArray[np.float64]:
    number = frame_type & ~COMPRESSED
    if frame_type & COMPRESSED:
        if measurement == Measurement.GYRO and number == 1:  # deltas run over the bit patterns of float32
            return expand(content, 32).astype(np.uint32).view(np.float32).astype(np.float64)
        if number == 0 or (number == 1 and measurement == Measurement.ACC):
            return expand(content, 16).astype(np.float64)
    elif measurement == Measurement.ACC and number in RAW_BYTES:
        width = RAW_BYTES[number]
        if not content or len(content) % (AXES * width):
            raise MalformedError("not a whole number of samples")
        return _integers(content, width).reshape(-1, AXES).astype(np.float64)
    raise MalformedError(f"unknown frame type {frame_type:#x}")


def _integers(content: bytes, width: int) -> Integers:
    """Signed little-endian integers of `width` bytes."""
    octets = np.frombuffer(content, np.uint8).reshape(-1, width).astype(np.int64)
    values = octets @ (1 << 8 * np.arange(width, dtype=np.int64))
    half = 1 << (8 * width - 1)
    return np.asarray((values + half) % (2 * half) - half)


def expand(content: bytes, resolution_bits: int) -> Integers:
    """Samples of delta-compressed content: a reference sample, then blocks of (bits, count, packed deltas).

    Raises MalformedError when a block is cut short or its width is not 1 to 32 bits.
    """
    width = -(-resolution_bits // 8)
    offset = AXES * width
    if len(content) < offset:
        raise MalformedError("no reference sample")
    runs = [_integers(content[:offset], width).reshape(1, AXES)]
    while offset < len(content):
        if offset + 2 > len(content):
            raise MalformedError("a block without a header")
        bits, count = content[offset], content[offset + 1]
        octets = -(-bits * count * AXES // 8)
        offset += 2
        if not 1 <= bits <= 32 or offset + octets > len(content):
            raise MalformedError("a block that is cut short or of impossible width")
        packed = np.frombuffer(content, np.uint8, octets, offset)
        digits = np.unpackbits(packed, count=bits * count * AXES, bitorder="little").reshape(-1, bits)
        values = digits.astype(np.int64) @ (1 << np.arange(bits, dtype=np.int64))
        half = 1 << (bits - 1)
        deltas = (values + half) % (2 * half) - half
        if count:
            runs.append(runs[-1][-1:] + np.cumsum(deltas.reshape(-1, AXES), axis=0))
        offset += octets
    return np.concatenate(runs)


def compress(samples: Integers, resolution_bits: int = 16, block: int = 255) -> bytes:
    """expand backwards: blocks of up to `block` samples, each in the fewest bits that hold its deltas."""
    width = -(-resolution_bits // 8)
    content = b"".join(int(value).to_bytes(width, "little", signed=True) for value in samples[0])
    deltas = np.diff(samples, axis=0)
    if resolution_bits == 32:  # so that no delta needs more than 32 bits; the reader's sum wraps as well
        deltas = (deltas + (1 << 31)) % (1 << 32) - (1 << 31)
    for start in range(0, len(deltas), block):
        part = deltas[start : start + block]
        bits = 1 + max(int(value if value >= 0 else ~value).bit_length() for value in part.flat)
        digits = (part.reshape(-1, 1) >> np.arange(bits)) & 1
        packed = np.packbits(digits.astype(np.uint8).ravel(), bitorder="little").tobytes()
        content += bytes((bits, len(part))) + packed
    return content


def build_frame(flow: Flow, stamp_ns: int, vectors: Vectors) -> bytes:
    """The notification for SI vectors: rounded to the nearest count, clipped at the range as a sensor does.

    Off by at most half a count (`scale`) inside the range. Raises ValueError for missing values.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("a Polar frame cannot carry missing values")
    header = HEADER.pack(flow.measurement, stamp_ns & 0xFFFFFFFFFFFFFFFF, flow.frame_type)
    counts = np.rint(vectors / scale(flow.measurement, flow.frame_type, flow.factor))
    number = flow.frame_type & ~COMPRESSED
    if flow.frame_type & COMPRESSED and flow.measurement == Measurement.GYRO and number == 1:
        patterns = (vectors / (flow.factor * RAD_PER_DEG)).astype(np.float32).view(np.int32).astype(np.int64)
        return header + compress(patterns, 32)
    width = 2 if flow.frame_type & COMPRESSED else RAW_BYTES[number]
    half = 1 << (8 * width - 1)
    integers = np.clip(counts, -half, half - 1).astype(np.int64)
    if flow.frame_type & COMPRESSED:
        return header + compress(integers)
    return header + b"".join(int(value).to_bytes(width, "little", signed=True) for value in integers.flat)
