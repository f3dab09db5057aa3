"""The bytes of Movesense's GATT SensorData Protocol (GSP), both sides of it: commands, results, sample payloads.

Sources: the vendor's GSP sample application and protocol page GD-77 v1.0; production firmware as seen in public
captures. All integers are little-endian unless said.
"""

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

SERVICE = "34802252-7185-4d5d-b431-630e7050e8f0"
COMMAND = "34800001-7185-4d5d-b431-630e7050e8f0"  # write with response
DATA = "34800002-7185-4d5d-b431-630e7050e8f0"  # notify

BATTERY_PATH = "/System/Energy/Level"
TIME_PATH = "/Time/Detailed"
RATES_HZ = (13, 26, 52, 104, 208)
PART_BYTES = 150  # payload bytes that the sample application puts into one notification
SAMPLE_APP_PAYLOAD_BYTES = 306  # two parts are all its buffer holds: IMU6/208 and IMU9/208 do not fit
STATUSES = range(100, 600)

Dialect = Literal["production", "sample_app", "silent"]  # silent: did not answer HELLO
Sensing = Literal["Acc", "IMU6", "IMU6m", "IMU9"]


class Code(IntEnum):
    """First byte of a command."""

    HELLO = 0
    SUBSCRIBE = 1
    UNSUBSCRIBE = 2
    FETCH_LOG = 3
    GET = 4
    CLEAR_LOGBOOK = 5
    PUT_DATALOGGER_CONFIG = 6
    PUT_SYSTEMMODE = 7
    PUT_UTCTIME = 8
    PUT_DATALOGGER_STATE = 9


class Kind(IntEnum):
    """First byte of a notification."""

    RESULT = 1
    DATA = 2
    DATA_PART2 = 3
    DATA_PART3 = 4


@dataclass(frozen=True, slots=True)
class Stream:
    """A resource that can be subscribed: which arrays of three float32 a payload holds, and how many samples of each.

    One payload holds rate/13 samples (52 and 104 Hz seen on hardware; 13, 26 and 208 Hz follow the same rule).
    """

    sensing: Sensing
    rate_hz: int

    @property
    def path(self) -> str:
        return f"/Meas/{self.sensing}/{self.rate_hz}"

    @property
    def has_gyroscope(self) -> bool:
        return self.sensing in ("IMU6", "IMU9")

    @property
    def has_magnetometer(self) -> bool:
        return self.sensing in ("IMU6m", "IMU9")

    @property
    def arrays(self) -> int:
        return 1 + self.has_gyroscope + self.has_magnetometer

    @property
    def samples(self) -> int:
        return max(1, self.rate_hz // 13)

    @property
    def payload_bytes(self) -> int:
        return 4 + self.sample_bytes * self.samples

    @property
    def sample_bytes(self) -> int:
        return 12 * self.arrays

    @classmethod
    def from_path(cls, path: str) -> "Stream | None":
        """The stream that a SUBSCRIBE names, None for anything else."""
        words = path.split("/")
        if len(words) != 4 or words[:2] != ["", "Meas"] or not words[3].isdecimal():
            return None
        for sensing in get_args(Sensing):
            if words[2] == sensing and int(words[3]) in RATES_HZ:
                return cls(sensing, int(words[3]))
        return None


@dataclass(frozen=True, slots=True)
class Command:
    """One write to the command characteristic."""

    code: int
    reference: int
    payload: bytes = b""

    @property
    def path(self) -> str:
        return self.payload.split(b"\0", 1)[0].decode("ascii", "replace")

    def to_bytes(self) -> bytes:
        return bytes((self.code, self.reference)) + self.payload


def command(code: Code, reference: int, payload: bytes | str = b"") -> bytes:
    """The bytes to write; a path is sent NUL-terminated, as production firmware wants it."""
    return Command(code, reference, payload.encode() + b"\0" if isinstance(payload, str) else payload).to_bytes()


def parse_command(data: bytes) -> Command | None:
    """The sensor's view of a write; None when it is too short or has no reference."""
    return Command(data[0], data[1], data[2:]) if len(data) >= 2 and data[1] != 0 else None


def build_reply(reference: int, status: int, payload: bytes = b"", dialect: Dialect = "production") -> bytes:
    """A command result: the status is little-endian in production firmware, big-endian in the sample application."""
    order = ">H" if dialect == "sample_app" else "<H"
    return bytes((Kind.RESULT, reference)) + struct.pack(order, status) + payload


def build_hello(reference: int, dialect: Dialect = "production", serial: str = "000000000000") -> bytes:
    """The answer to HELLO, which has no status field."""
    header = bytes((Kind.RESULT, reference))
    if dialect == "sample_app":
        return header + b"Hello"
    words = (serial, "Movesense", "00:00:00:00:00:00", "Default firmware", "2.3.1")
    return header + b"\x01" + b"\0".join(word.encode() for word in words) + b"\0"


def build_battery(percent: int) -> bytes:
    """Payload of a GET or of a notification on /System/Energy/Level."""
    return bytes((percent,))


def build_time(utc_us: int, relative_ms: int) -> bytes:
    """Payload of a GET of /Time/Detailed: utc in us, relative time in ms (not in ticks), tick rate, accuracy."""
    return struct.pack("<QIII", utc_us, relative_ms & 0xFFFFFFFF, 1024, 0)


def parse_time(payload: bytes) -> tuple[int, int] | None:
    """(utc_us, relative_ms) of /Time/Detailed, of a GET (20 bytes) or of a notification (12 bytes)."""
    return struct.unpack_from("<QI", payload) if len(payload) in (12, 20) else None


def parse_status(payload: bytes) -> int | None:
    """The HTTP status of a result in either dialect; None when neither byte order gives one."""
    if len(payload) >= 2:
        for order in ("<H", ">H"):
            (status,) = struct.unpack_from(order, payload)
            if status in STATUSES:
                return int(status)
    return None


def parse_arrays(payload: bytes, arrays: int) -> tuple[int, list[NDArray[np.float64]]] | None:
    """(stamp in ms, one (n, 3) array per sensing part) of an assembled payload.

    None when the length is not a whole number of samples or a number is not finite, which no sensor sends.
    """
    body = len(payload) - 4
    if body < 12 * arrays or body % (12 * arrays):
        return None
    values = np.frombuffer(payload, "<f4", offset=4).astype(np.float64)
    if not np.isfinite(values).all():
        return None
    return int.from_bytes(payload[:4], "little"), list(values.reshape(arrays, -1, 3))


def build_arrays(stamp_ms: int, arrays: list[NDArray[np.float64]]) -> bytes:
    """A payload: stamp, then array after array, float32."""
    return struct.pack("<I", stamp_ms & 0xFFFFFFFF) + b"".join(array.astype("<f4").tobytes() for array in arrays)


def split(reference: int, payload: bytes, part_bytes: int = PART_BYTES) -> list[bytes]:
    """The notifications that carry one payload; larger parts than asked for where three of them would not do."""
    part_bytes = max(part_bytes, -(-len(payload) // 3))
    starts = range(0, len(payload), part_bytes)
    return [
        bytes((kind, reference)) + payload[start : start + part_bytes]
        for kind, start in zip((Kind.DATA, Kind.DATA_PART2, Kind.DATA_PART3), starts, strict=False)
    ]
