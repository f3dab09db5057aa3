"""Movesense sensors over GSP, the protocol of their default firmware since 2.3."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sensing.drivers import movesense_gsp as gsp
from sensing.drivers.base import (
    BATTERY_LEVEL,
    ClockSpec,
    DriverError,
    Frame,
    Link,
    Reading,
    Reply,
    StreamChoice,
    TimeSync,
    Wanted,
    ask,
    battery_reading,
)
from sensing.drivers.movesense_gsp import Code, Dialect, Kind, Stream

HELLO_REF, UTC_REF, BATTERY_GET_REF, TIME_REF, BATTERY_REF, RESTART_REF, STREAM_REF = 1, 2, 3, 4, 5, 6, 10
RAD_PER_DEG = np.pi / 180.0
RESTART_INTO_APP = bytes((5,))  # PUT_SYSTEMMODE: the only thing that clears a 429

REMEDIES = {
    404: "it does not know this measurement; update the sensor to the default firmware 2.3 or later",
    409: "it is busy with another task, such as logging; stop that in the vendor's app",
    429: "its request pool is used up; it was told to restart and should come back within about five seconds",
    503: "the measurement is not available now; take the battery out and put it in again if this lasts",
    507: "it cannot serve another or a larger stream; close other apps that are connected to it or lower the rate",
}


def choice_of(stream: Stream, dialect: Dialect = "production", reference: int = STREAM_REF) -> StreamChoice:
    """What the session keeps about a subscribed stream."""
    return StreamChoice(
        rate_hz=float(stream.rate_hz),
        samples_per_packet=stream.samples,
        has_gyroscope=stream.has_gyroscope,
        has_magnetometer=stream.has_magnetometer,
        settings={
            "path": stream.path,
            "reference": reference,
            "dialect": dialect,
            "part_bytes": gsp.PART_BYTES,
        },
    )


def streams_for(wanted: Wanted, dialect: Dialect) -> list[Stream]:
    """What to ask for, best first: the nearest rate, then the next lower one, then fewer quantities."""
    rates = sorted(gsp.RATES_HZ, key=lambda rate: abs(rate - wanted.rate_hz))
    kinds: dict[tuple[bool, bool], tuple[gsp.Sensing, ...]] = {
        (False, False): ("Acc",),
        (True, False): ("IMU6", "Acc"),
        (False, True): ("IMU6m", "Acc"),
        (True, True): ("IMU9", "IMU6", "Acc"),
    }
    lower = [rate for rate in sorted(gsp.RATES_HZ, reverse=True) if rate < rates[0]]
    streams = []
    for sensing in kinds[wanted.gyroscope, wanted.magnetometer]:
        fitting = [
            stream
            for stream in (Stream(sensing, rate) for rate in (rates[0], *lower))
            if dialect != "sample_app" or stream.payload_bytes <= gsp.SAMPLE_APP_PAYLOAD_BYTES
        ]
        streams += fitting[:2]
    return streams


class MovesenseDecoder:
    """Notifications to readings, for one connection.

    Parts of a payload are joined in the order DATA, DATA_PART2, DATA_PART3 until the length that the path promises is
    there. A new DATA before that, a part without its DATA, a result or payload that cannot be read: each counts once in
    `partial_packets`. The protocol numbers no parts, so losing one payload's end together with the next payload's
    beginning cannot be seen. Firmware that puts fewer samples into a payload than expected is recognised: two payloads
    of one length, each a whole number of samples and never continued, set the length.
    """

    def __init__(self, choice: StreamChoice) -> None:
        stream = Stream.from_path(str(choice.settings["path"]))
        if stream is None:
            raise ValueError(f"not a Movesense stream with acceleration: {choice.settings['path']!r}")
        self.partial_packets = 0
        self._stream = stream
        self._reference = int(str(choice.settings["reference"]))
        self._expected_bytes = stream.payload_bytes
        self._continued = False  # a payload came in parts at least once
        self._parts: list[bytes] = []  # of the payload in progress
        self._finished: tuple[bytes, list[Reading]] | None = None  # last part of the last split payload, what it gave

    def parse(self, data: bytes, channel: int = 0) -> list[Reading]:
        if channel == 1:
            return self._kept(battery_reading(data))
        if len(data) < 3:
            return self._kept(None)
        kind, reference, payload = data[0], data[1], data[2:]
        if kind == Kind.RESULT:
            return self._kept(_result(reference, payload))
        if reference == self._reference and kind == Kind.DATA:
            return self._begin(payload)
        if reference == self._reference and kind in (Kind.DATA_PART2, Kind.DATA_PART3):
            return self._continue(kind - Kind.DATA, payload)
        if reference == BATTERY_REF and kind == Kind.DATA:
            return self._kept(battery_reading(payload))
        if reference == TIME_REF and kind == Kind.DATA:
            return self._kept(_time_sync(payload))
        return self._kept(None)

    def finish(self) -> list[Reading]:
        return []

    def _kept(self, reading: Reading | None) -> list[Reading]:
        if reading is None:
            self.partial_packets += 1
            return []
        return [reading]

    def _begin(self, payload: bytes) -> list[Reading]:
        if self._parts == [payload]:
            return []  # the same notification twice, as BlueZ delivers after a careless reconnection
        if self._parts:
            self.partial_packets += 1
            if not self._continued and len(self._parts[0]) == len(payload) and self._is_whole(payload):
                self._expected_bytes = len(payload)
        self._parts, self._finished = [payload], None
        return self._complete(payload)

    def _continue(self, number: int, payload: bytes) -> list[Reading]:
        self._continued, self._expected_bytes = True, self._stream.payload_bytes
        if self._finished and self._finished[0] == payload and not self._parts:
            return self._finished[1]  # delivered twice: the frame too, for the intake to count as a duplicate
        if len(self._parts) == number + 1 and self._parts[-1] == payload:
            return []
        if len(self._parts) != number:
            self._parts = []
            return self._kept(None)
        self._parts.append(payload)
        readings = self._complete(b"".join(self._parts))
        if readings:
            self._finished = payload, readings
        return readings

    def _is_whole(self, payload: bytes) -> bool:
        return len(payload) > 4 and (len(payload) - 4) % self._stream.sample_bytes == 0

    def _complete(self, payload: bytes) -> list[Reading]:
        if len(payload) < self._expected_bytes:
            return []
        self._parts = []
        return self._kept(_frame(payload, self._stream))


def _frame(payload: bytes, stream: Stream) -> Frame | None:
    parsed = gsp.parse_arrays(payload, stream.arrays)
    if parsed is None:
        return None
    stamp_ms, arrays = parsed
    return Frame(
        acc_mps2=arrays[0],
        gyr_radps=arrays[1] * RAD_PER_DEG if stream.has_gyroscope else None,
        mag_ut=arrays[-1] if stream.has_magnetometer else None,
        ticks=stamp_ms,
    )


def _time_sync(payload: bytes) -> TimeSync | None:
    parsed = gsp.parse_time(payload)
    return None if parsed is None else TimeSync(ticks=parsed[1], utc_us=parsed[0])


def _result(reference: int, payload: bytes) -> Reading | None:
    if reference == HELLO_REF:  # the only result without a status
        text = payload[1:] if payload < b" " else payload  # production firmware: a protocol version comes first
        return Reply(reference, 200, payload, ", ".join(text.decode("ascii", "replace").strip("\0").split("\0")))
    status = gsp.parse_status(payload)
    if status is None:
        return None
    if status == 200 and reference == BATTERY_GET_REF and len(payload) == 3:
        return battery_reading(payload[2:])
    if status == 200 and reference == TIME_REF and len(payload) > 2:
        return _time_sync(payload[2:])
    return Reply(reference, status, payload[2:], "" if status < 300 else _refusal(status))


def _refusal(status: int) -> str:
    return f"The Movesense refused ({status}): {REMEDIES.get(status, 'update its firmware or restart it')}."


@dataclass(frozen=True, slots=True)
class Movesense:
    """The driver: what to say to a Movesense at connection, and its bytes in both directions."""

    reply_timeout_s: float = 1.5  # a lost reply costs this much and nothing else
    utc_us: Callable[[], int] = lambda: time.time_ns() // 1000

    name = "movesense"
    label = "Movesense"
    channels = (gsp.DATA, BATTERY_LEVEL)
    optional_channels = frozenset({1})
    clock = ClockSpec(tick_s=1e-3, bits=32, stamp="first")
    sequence_bits = None

    def matches(self, name: str, service_uuids: Sequence[str]) -> bool:
        return name.startswith("Movesense")  # the GSP service is never advertised

    def decoder(self, choice: StreamChoice) -> MovesenseDecoder:
        return MovesenseDecoder(choice)

    async def start(self, link: Link, wanted: Wanted) -> StreamChoice:
        """HELLO, clock, battery, then the subscription. Only a refusal stops it: the sample app succeeds in silence."""
        dialect = await self._hello(link)
        if dialect == "production":
            await self._ask(link, UTC_REF, Code.PUT_UTCTIME, self.utc_us().to_bytes(8, "little"))
            await self._ask(link, BATTERY_GET_REF, Code.GET, gsp.BATTERY_PATH)
            await self._ask(link, TIME_REF, Code.GET, gsp.TIME_PATH)
            await self._ask(link, BATTERY_REF, Code.SUBSCRIBE, gsp.BATTERY_PATH)
        status = 404
        for stream in streams_for(wanted, dialect):
            status = await self._ask(link, STREAM_REF, Code.SUBSCRIBE, stream.path) or 200
            if status < 300:
                return choice_of(stream, dialect)
            if status == 429:
                await link.write(gsp.COMMAND, gsp.command(Code.PUT_SYSTEMMODE, RESTART_REF, RESTART_INTO_APP))
                break
        raise DriverError(_refusal(status), needs_person=status in (404, 409))

    async def stop(self, link: Link) -> None:
        for reference in (STREAM_REF, BATTERY_REF):
            await link.write(gsp.COMMAND, gsp.command(Code.UNSUBSCRIBE, reference))

    def pack(self, frame: Frame, choice: StreamChoice) -> list[tuple[int, bytes]]:
        """Exact to float32 (relative 6e-8). Raises ValueError for missing values or quantities not in the stream."""
        stream = Stream.from_path(str(choice.settings["path"]))
        arrays = [frame.acc_mps2]
        if stream is None or len(frame) != stream.samples or frame.ticks is None:
            raise ValueError(f"{choice.settings['path']} wants {choice.samples_per_packet} samples and a stamp")
        if stream.has_gyroscope and frame.gyr_radps is not None:
            arrays.append(frame.gyr_radps / RAD_PER_DEG)
        if stream.has_magnetometer and frame.mag_ut is not None:
            arrays.append(frame.mag_ut)
        if len(arrays) != stream.arrays or not all(np.isfinite(array).all() for array in arrays):
            raise ValueError(f"{stream.path} wants {stream.arrays} quantities without missing values")
        payload = gsp.build_arrays(frame.ticks, arrays)
        reference, part_bytes = int(str(choice.settings["reference"])), int(str(choice.settings["part_bytes"]))
        return [(0, part) for part in gsp.split(reference, payload, part_bytes)]

    async def _hello(self, link: Link) -> Dialect:
        answer = await ask(
            link,
            0,
            lambda data: data[:2] == bytes((Kind.RESULT, HELLO_REF)),
            gsp.COMMAND,
            gsp.command(Code.HELLO, HELLO_REF),
            self.reply_timeout_s,
        )
        if answer is None:
            return "silent"
        return "sample_app" if answer[2:].rstrip(b"\0") == b"Hello" else "production"

    async def _ask(self, link: Link, reference: int, code: Code, payload: bytes | str) -> int | None:
        """The status of the result, 200 when samples come instead of one, None when nothing came in time."""
        answer = await ask(
            link,
            0,
            lambda data: len(data) >= 2 and data[0] in (Kind.RESULT, Kind.DATA) and data[1] == reference,
            gsp.COMMAND,
            gsp.command(code, reference, payload),
            self.reply_timeout_s,
        )
        if answer is None:
            return None
        return gsp.parse_status(answer[2:]) if answer[0] == Kind.RESULT else 200
