"""The control point of Polar's measurement data service (PMD), both sides of it: features, settings, replies.

Source: Polar's published description of online measurement (v1.0) and of its settings. Little-endian throughout.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

SERVICE = "fb005c80-02e7-f387-1cad-8acd2d8df0c8"
CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"  # read, write with response, indicate
DATA = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"  # notify

FEATURES_MARK = 0x0F
RESPONSE_MARK = 0xF0


class Measurement(IntEnum):
    """What can be streamed; bit 7 of the byte that carries it would mean a recording in the sensor."""

    ECG = 0
    PPG = 1
    ACC = 2
    PPI = 3
    GYRO = 5
    MAG = 6


class Op(IntEnum):
    """First byte of a request."""

    GET_SETTINGS = 1
    START = 2
    STOP = 3


class Setting(IntEnum):
    """Kinds of setting, each with a list of values."""

    RATE_HZ = 0
    RESOLUTION_BITS = 1
    RANGE = 2  # g or deg/s
    RANGE_MILLI = 3
    CHANNELS = 4
    FACTOR = 5  # of the integers in compressed frames; only in the reply to START


class Status(IntEnum):
    """Fourth byte of a reply."""

    OK = 0
    BAD_OP = 1
    BAD_TYPE = 2
    UNSUPPORTED = 3
    LENGTH = 4
    PARAMETER = 5
    ALREADY = 6
    RESOLUTION = 7
    RATE = 8
    RANGE = 9
    MTU = 10
    CHANNELS = 11
    STATE = 12
    IN_CHARGER = 13
    DISK_FULL = 14


SENTENCES: Mapping[int, str] = {
    Status.BAD_OP: "it does not know the request; update its firmware with the Polar Flow app",
    Status.BAD_TYPE: "it does not know this measurement; update its firmware with the Polar Flow app",
    Status.UNSUPPORTED: "this model does not stream this measurement; use a Polar H10, Verity Sense or OH1",
    Status.LENGTH: "it could not read the request; update its firmware with the Polar Flow app",
    Status.PARAMETER: "it did not accept the settings; update its firmware with the Polar Flow app",
    Status.ALREADY: "it is streaming already and did not stop; close other apps that are connected to it",
    Status.RESOLUTION: "it did not accept the resolution it had offered; take it out of SDK mode by restarting it",
    Status.RATE: "it did not accept the sample rate it had offered; take it out of SDK mode by restarting it",
    Status.RANGE: "it did not accept the range it had offered; take it out of SDK mode by restarting it",
    Status.MTU: "the Bluetooth packets are too small; this computer must allow an ATT MTU of at least 232 bytes",
    Status.CHANNELS: "it did not accept the number of channels it had offered; restart it",
    Status.STATE: "it is not ready to stream; put it on, wait for its light, or restart it",
    Status.IN_CHARGER: "it is in its charger; take it out and press its button",
    Status.DISK_FULL: "its memory is full; synchronise it with the Polar Flow app",
}
NEED_A_PERSON = (Status.UNSUPPORTED, Status.MTU, Status.IN_CHARGER, Status.DISK_FULL)

Settings = Mapping[int, tuple[float, ...]]
_FORMATS: Mapping[int, str] = {0: "H", 1: "H", 2: "H", 3: "I", 4: "B", 5: "f"}


@dataclass(frozen=True, slots=True)
class Request:
    """One write to the control point."""

    op: int
    measurement: int
    settings: Settings = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        return bytes((self.op, self.measurement)) + build_settings(self.settings)


@dataclass(frozen=True, slots=True)
class Response:
    """One indication of the control point. `more`: the parameters go on in a further one (flag byte, then bytes)."""

    op: int
    measurement: int
    status: int
    more: bool = False
    parameters: bytes = b""

    def to_bytes(self) -> bytes:
        header = bytes((RESPONSE_MARK, self.op, self.measurement, self.status))
        return header + bytes((self.more,)) + self.parameters


def parse_features(value: bytes) -> frozenset[int]:
    """The measurement types that a read of the control point offers; empty for a value of another form."""
    if len(value) < 2 or value[0] != FEATURES_MARK:
        return frozenset()
    return frozenset(bit for bit in range(8) if value[1] >> bit & 1)


def build_features(measurements: frozenset[int]) -> bytes:
    """The value of the control point, padded as sensors do."""
    return bytes((FEATURES_MARK, sum(1 << measurement for measurement in measurements))).ljust(17, b"\0")


def parse_settings(parameters: bytes) -> dict[int, tuple[float, ...]]:
    """Kind, count, values, repeated. Reading ends at the first kind that is not known, whose width nobody knows.

    Raises ValueError when a list is cut short.
    """
    settings: dict[int, tuple[float, ...]] = {}
    offset = 0
    while offset + 2 <= len(parameters) and parameters[offset] in _FORMATS:
        kind, count = parameters[offset], parameters[offset + 1]
        layout = struct.Struct(f"<{count}{_FORMATS[kind]}")
        offset += 2
        if offset + layout.size > len(parameters):
            raise ValueError(f"the list of setting {kind} is cut short")
        settings[kind] = layout.unpack_from(parameters, offset)
        offset += layout.size
    return settings


def build_settings(settings: Settings) -> bytes:
    """parse_settings backwards."""
    return b"".join(
        bytes((kind, len(values)))
        + struct.pack(
            f"<{len(values)}{_FORMATS[kind]}", *(value if kind == Setting.FACTOR else int(value) for value in values)
        )
        for kind, values in settings.items()
    )


def parse_request(value: bytes) -> Request | None:
    """The sensor's view of a write; None when it is not a request for online streaming."""
    if len(value) < 2 or value[1] > 0x3F:
        return None
    try:
        return Request(value[0], value[1], parse_settings(value[2:]))
    except ValueError:
        return None


def parse_response(value: bytes) -> Response | None:
    """A reply, None for anything else. An error reply may end after its status."""
    if len(value) < 4 or value[0] != RESPONSE_MARK:
        return None
    return Response(value[1], value[2] & 0x3F, value[3], len(value) > 4 and value[4] != 0, value[5:])


def build_settings_reply(measurement: int, offered: Settings) -> bytes:
    """What a sensor answers to GET_SETTINGS."""
    return Response(Op.GET_SETTINGS, measurement, Status.OK, False, build_settings(offered)).to_bytes()


def build_start_reply(measurement: int, factor: float | None = None, status: int = Status.OK) -> bytes:
    """What a sensor answers to START: with the conversion factor of its compressed frames if it has one."""
    parameters = b"" if factor is None else build_settings({Setting.FACTOR: (factor,)})
    return Response(Op.START, measurement, status, False, parameters).to_bytes()


def choose(offered: Settings, rate_hz: float) -> dict[int, tuple[float, ...]]:
    """One value of each list: the nearest rate, the finest resolution, the widest range, all channels."""
    chosen: dict[int, tuple[float, ...]] = {}
    for kind in (Setting.RANGE, Setting.RATE_HZ, Setting.RESOLUTION_BITS, Setting.CHANNELS):
        values = offered.get(kind)
        if values:
            chosen[kind] = (min(values, key=lambda v: abs(v - rate_hz)) if kind == Setting.RATE_HZ else max(values),)
    return chosen


def refusal(status: int) -> str:
    """The sentence for a status that is not OK."""
    return f"The Polar sensor refused ({status}): {SENTENCES.get(status, 'restart it or update its firmware')}."
