"""The bytes of the open GaitIMU profile, both sides of it, as hardware/README.md specifies them."""

import struct
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sensing.block import STANDARD_GRAVITY_MPS2, Vectors
from sensing.drivers.base import Frame

SERVICE = "23620001-08b4-4b2f-93ac-dd492489fe5b"
DATA = "23620002-08b4-4b2f-93ac-dd492489fe5b"  # notify
SCALE = "23620003-08b4-4b2f-93ac-dd492489fe5b"  # read
CONTROL = "23620004-08b4-4b2f-93ac-dd492489fe5b"  # write, notify (optional)
TIME = "23620005-08b4-4b2f-93ac-dd492489fe5b"  # write without response, notify (optional)

VERSION = 1
CLIPPED = 0x01  # informative flag: a value in this frame reached the end of its range
GYROSCOPE, MAGNETOMETER = 0x10, 0x20  # layout flags: what a sample holds besides acceleration
UNKNOWN_LAYOUT = 0xC0  # layout flags of the future: a frame with one of these cannot be read

HEADER = struct.Struct("<BBHIHB")  # version, flags, sequence, stamp us, spacing us, samples
SCALE_HEADER = struct.Struct("<BBfffB")  # version, quantities, m/s2, rad/s and uT per count, number of rates
START = struct.Struct("<BBHB")  # op, quantities, rate Hz, most samples per frame (0: as the sensor likes)
STARTED = struct.Struct("<BBBHB")  # op | 0x80, status, quantities, rate Hz, samples per frame
TIME_MESSAGE = struct.Struct("<BBHQQQ")  # version, op, number, t1, t2, t3
START_OP, STOP_OP, REPLY_BIT = 1, 2, 0x80
TIME_REQUEST, TIME_REPLY = 1, 2
ATT_HEADER_BYTES = 3
FRAMES_PER_S = 10.0  # a sensor fills a frame for at most a tenth of a second
DEFAULT_RATES_HZ = (25, 50, 100, 200)


class Status(IntEnum):
    """Second byte of a reply to a control command."""

    OK = 0
    UNKNOWN_OP = 1
    MALFORMED = 2
    NO_SUCH_RATE = 3
    NO_SUCH_QUANTITY = 4
    MTU_TOO_SMALL = 5
    FAILED = 6


@dataclass(frozen=True, slots=True)
class Scale:
    """What the scale characteristic says: SI units per count, which quantities there are, which rates."""

    acc_mps2: float = 16 * STANDARD_GRAVITY_MPS2 / 32768
    gyr_radps: float = 2000 * np.pi / 180 / 32768
    mag_ut: float = 0.15
    quantities: int = GYROSCOPE
    rates_hz: tuple[int, ...] = DEFAULT_RATES_HZ

    def to_bytes(self) -> bytes:
        header = SCALE_HEADER.pack(
            VERSION, self.quantities, self.acc_mps2, self.gyr_radps, self.mag_ut, len(self.rates_hz)
        )
        return header + struct.pack(f"<{len(self.rates_hz)}H", *self.rates_hz)


def parse_scale(value: bytes) -> Scale | None:
    """None for another version, a cut value, or a scale of a present quantity that is not a positive number."""
    if len(value) < SCALE_HEADER.size:
        return None
    version, quantities, acc, gyr, mag, count = SCALE_HEADER.unpack_from(value)
    if version != VERSION or len(value) < SCALE_HEADER.size + 2 * count:
        return None
    needed = [acc] + [gyr] * bool(quantities & GYROSCOPE) + [mag] * bool(quantities & MAGNETOMETER)
    if not all(0 < unit < np.inf for unit in needed):
        return None
    return Scale(acc, gyr, mag, quantities, struct.unpack_from(f"<{count}H", value, SCALE_HEADER.size))


def sample_bytes(quantities: int) -> int:
    """Bytes of one sample: 6 for acceleration, 6 more for each further quantity."""
    return 6 * (1 + bool(quantities & GYROSCOPE) + bool(quantities & MAGNETOMETER))


def samples_per_frame(mtu: int, quantities: int, rate_hz: float, most: int = 0) -> int:
    """How many samples a sensor puts into a frame: a tenth of a second's, or what fits the MTU; 0 if not even one."""
    fitting = (mtu - ATT_HEADER_BYTES - HEADER.size) // sample_bytes(quantities)
    return max(0, min(fitting, max(1, round(rate_hz / FRAMES_PER_S)), most or 255, 255))


@dataclass(frozen=True, slots=True)
class Start:
    """The command to stream."""

    quantities: int
    rate_hz: int
    most_samples: int = 0

    def to_bytes(self) -> bytes:
        return START.pack(START_OP, self.quantities, self.rate_hz, self.most_samples)


@dataclass(frozen=True, slots=True)
class Started:
    """The sensor's answer to a Start: what it really streams from now on (zeros when it refused)."""

    status: int
    quantities: int = 0
    rate_hz: int = 0
    samples: int = 0

    def to_bytes(self) -> bytes:
        return STARTED.pack(START_OP | REPLY_BIT, self.status, self.quantities, self.rate_hz, self.samples)


def parse_control(value: bytes) -> Start | int:
    """The sensor's view of a command: a Start, or the op of anything else (0 for an empty write)."""
    if len(value) >= START.size and value[0] == START_OP:
        return Start(*START.unpack_from(value)[1:])
    return value[0] if value else 0


def parse_started(value: bytes) -> Started | None:
    """The reply to a Start, None for anything else."""
    if len(value) < STARTED.size or value[0] != START_OP | REPLY_BIT:
        return None
    return Started(*STARTED.unpack_from(value)[1:])


def build_reply(op: int, status: int) -> bytes:
    """The reply to any command but Start."""
    return bytes((op | REPLY_BIT, status))


def accept(start: Start, scale: Scale, mtu: int) -> Started:
    """What a conforming sensor answers to a Start: the nearest of its rates, the quantities that it has."""
    if not scale.rates_hz:
        return Started(Status.NO_SUCH_RATE)
    if start.quantities & ~scale.quantities:
        return Started(Status.NO_SUCH_QUANTITY)
    rate_hz = min(scale.rates_hz, key=lambda rate: abs(rate - start.rate_hz))
    samples = samples_per_frame(mtu, start.quantities, rate_hz, start.most_samples)
    if not samples:
        return Started(Status.MTU_TOO_SMALL)
    return Started(Status.OK, start.quantities, rate_hz, samples)


@dataclass(frozen=True, slots=True)
class TimeMessage:
    """One half of a time-sync exchange: t1 host sends, t2 sensor receives, t3 sensor sends, all in us."""

    op: int
    number: int
    t1_us: int
    t2_us: int = 0
    t3_us: int = 0

    def to_bytes(self) -> bytes:
        return TIME_MESSAGE.pack(VERSION, self.op, self.number & 0xFFFF, self.t1_us, self.t2_us, self.t3_us)

    def answered(self, received_us: int, sent_us: int) -> "TimeMessage":
        """The sensor's reply to this request."""
        return TimeMessage(TIME_REPLY, self.number, self.t1_us, received_us, sent_us)

    def offset_us(self, t4_us: int) -> int:
        """Sensor's clock minus the host's, for a reply that reached the host at t4 (RFC 5905 §8)."""
        return round(((self.t2_us - self.t1_us) + (self.t3_us - t4_us)) / 2)

    def round_trip_us(self, t4_us: int) -> int:
        """Time on the air, both ways; the offset is uncertain by at most half of it."""
        return (t4_us - self.t1_us) - (self.t3_us - self.t2_us)


def parse_time(value: bytes) -> TimeMessage | None:
    """A time-sync request or reply, None for anything else."""
    if len(value) < TIME_MESSAGE.size or value[0] != VERSION or value[1] not in (TIME_REQUEST, TIME_REPLY):
        return None
    return TimeMessage(*TIME_MESSAGE.unpack_from(value)[1:])


def parse_frame(value: bytes, scale: Scale) -> tuple[Frame, int, int] | None:
    """(frame, quantities, spacing in us) of a data notification; None when it cannot be read.

    Bytes after the last sample belong to a later minor revision and are ignored, and so are unknown informative flags.
    """
    if len(value) < HEADER.size:
        return None
    version, flags, sequence, stamp_us, spacing_us, n = HEADER.unpack_from(value)
    size = sample_bytes(flags)
    if version != VERSION or flags & UNKNOWN_LAYOUT or n == 0 or len(value) < HEADER.size + n * size:
        return None
    counts = np.frombuffer(value, "<i2", n * size // 2, HEADER.size).reshape(n, -1, 3)
    quantities = flags & (GYROSCOPE | MAGNETOMETER)
    frame = Frame(
        acc_mps2=counts[:, 0] * scale.acc_mps2,  # a product of counts is new, contiguous and float64
        gyr_radps=counts[:, 1] * scale.gyr_radps if flags & GYROSCOPE else None,
        mag_ut=counts[:, -1] * scale.mag_ut if flags & MAGNETOMETER else None,
        ticks=stamp_us,
        sequence=sequence,
    )
    return frame, quantities, spacing_us


def build_frame(frame: Frame, quantities: int, rate_hz: float, scale: Scale) -> bytes:
    """The notification for a frame: rounded to the nearest count, clipped (and flagged) at the end of the range.

    Off by at most half a count inside the range. Raises ValueError for missing values or quantities.
    """
    parts: list[tuple[Vectors | None, float]] = [(frame.acc_mps2, scale.acc_mps2)]
    if quantities & GYROSCOPE:
        parts.append((frame.gyr_radps, scale.gyr_radps))
    if quantities & MAGNETOMETER:
        parts.append((frame.mag_ut, scale.mag_ut))
    arrays = [np.rint(vectors / unit) for vectors, unit in parts if vectors is not None]
    if len(arrays) != len(parts) or not all(np.isfinite(array).all() for array in arrays):
        raise ValueError("a GaitIMU frame carries every quantity of its stream and no missing values")
    if not 1 <= len(frame) <= 255 or frame.ticks is None or frame.sequence is None:
        raise ValueError("a GaitIMU frame has 1 to 255 samples, a stamp and a sequence number")
    counts = np.stack(arrays, axis=1)
    clipped = np.clip(counts, -32768, 32767)
    flags = quantities | (CLIPPED if (clipped != counts).any() else 0)
    header = HEADER.pack(
        VERSION, flags, frame.sequence & 0xFFFF, frame.ticks & 0xFFFFFFFF, round(1e6 / rate_hz), len(frame)
    )
    return bytes(header + clipped.astype("<i2").tobytes())
