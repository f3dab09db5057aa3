"""What every sensor driver offers: names, a start-up dialogue, bytes to frames, and frames to bytes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, Protocol, Self

from sensing.block import Vectors
from sensing.packets import Json

BATTERY_SERVICE = "0000180f-0000-1000-8000-00805f9b34fb"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"  # read and notify: one byte, per cent


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """How a sensor stamps its frames: tick length in seconds, counter width, and which sample the stamp belongs to."""

    tick_s: float
    bits: int
    stamp: Literal["first", "last"]


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Samples that one notification (or several parts of one) carried, in SI units, still on the sensor's clock.

    ticks: the stamp as sent (not unwrapped), None where the sensor sends none. sequence: the packet counter as sent
    (not unwrapped), None where there is none. Arrays have shape (n, 3), n >= 1.
    """

    acc_mps2: Vectors
    gyr_radps: Vectors | None = None
    mag_ut: Vectors | None = None
    ticks: int | None = None
    sequence: int | None = None

    def __len__(self) -> int:
        return int(self.acc_mps2.shape[0])


@dataclass(frozen=True, slots=True)
class Battery:
    """State of charge as the sensor reports it."""

    percent: int


def battery_reading(level: bytes) -> Battery | None:
    """The value of a Battery Level characteristic; None for a length or a percentage that cannot be."""
    return Battery(level[0]) if len(level) == 1 and level[0] <= 100 else None


@dataclass(frozen=True, slots=True)
class TimeSync:
    """One reading of the sensor's own clock: its ticks, and the UTC microseconds it believes in (None if unset)."""

    ticks: int
    utc_us: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The sensor's answer to a command: status 200 is fine, anything else is `text` for the log."""

    reference: int
    status: int
    payload: bytes = b""
    text: str = ""


Reading = Frame | Battery | TimeSync | Reply


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the session would like to have; a driver takes the nearest thing the sensor offers."""

    rate_hz: float = 104.0
    gyroscope: bool = True
    magnetometer: bool = False


@dataclass(frozen=True, slots=True)
class StreamChoice:
    """What a sensor was told to stream; with the driver's name it is all that is needed to decode its packets later."""

    rate_hz: float
    samples_per_packet: int
    has_gyroscope: bool
    has_magnetometer: bool = False
    settings: Mapping[str, Json] = field(default_factory=dict)  # the driver's own: path, ranges, scale factors

    @property
    def packet_period_s(self) -> float:
        return self.samples_per_packet / self.rate_hz

    def to_json(self) -> dict[str, Json]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Json]) -> Self:
        return cls(**fields)  # type: ignore[arg-type]


class Link(Protocol):
    """A connected sensor, as a driver sees it. `sensing.ble` implements it over Bleak."""

    @property
    def mtu(self) -> int: ...

    async def write(self, characteristic: str, data: bytes, *, response: bool = True) -> None: ...

    async def read(self, characteristic: str) -> bytes: ...

    def has(self, characteristic: str) -> bool: ...

    async def expect(self, channel: int, wanted: Callable[[bytes], bool], timeout_s: float) -> bytes | None:
        """The next packet on `channel` that `wanted` accepts (from now on), or None when time is up."""
        ...


class Decoder(Protocol):
    """Bytes to readings, for one connection. Malformed or orphaned parts only add to `partial_packets`."""

    partial_packets: int

    def parse(self, data: bytes, channel: int = 0) -> list[Reading]: ...

    def finish(self) -> list[Reading]:
        """What was still held back when the connection ended; the decoder is not used afterwards."""
        ...


class Driver(Protocol):
    """One kind of sensor. Knows bytes and the order of a dialogue, not Bluetooth."""

    @property
    def name(self) -> str: ...  # "movesense"

    @property
    def label(self) -> str: ...  # "Movesense"

    @property
    def channels(self) -> Sequence[str]: ...  # UUIDs of the notifying characteristics; Packet.channel is the place here

    @property
    def optional_channels(self) -> frozenset[int]: ...  # those a sensor may lack (battery)

    @property
    def clock(self) -> ClockSpec | None: ...  # None: no device time, host time only

    @property
    def sequence_bits(self) -> int | None: ...  # width of the packet counter, None where there is none

    def matches(self, name: str, service_uuids: Sequence[str]) -> bool: ...

    async def start(self, link: Link, wanted: Wanted) -> StreamChoice:
        """Configure and start streaming (all channels are subscribed already). Raises DriverError with a remedy.

        Packets that arrive while this runs may already be samples, and replies carry the first battery reading: the
        caller keeps them and delivers them after the note `stream`.
        """
        ...

    async def stop(self, link: Link) -> None: ...

    def decoder(self, choice: StreamChoice) -> Decoder: ...

    def pack(self, frame: Frame, choice: StreamChoice) -> list[tuple[int, bytes]]:
        """The (channel, notification) list that a sensor streaming `choice` would send for `frame`: parse's inverse."""
        ...


class DriverError(Exception):
    """The sensor refused or did not answer; the text is a sentence with the remedy.

    needs_person: trying again alone will not help (in the charger, wrong kind of sensor); otherwise a reconnection may.
    """

    def __init__(self, sentence: str, *, needs_person: bool = False) -> None:
        super().__init__(sentence)
        self.needs_person = needs_person


async def ask(
    link: Link, channel: int, wanted: Callable[[bytes], bool], characteristic: str, command: bytes, timeout_s: float
) -> bytes | None:
    """Write a command; the packet on `channel` that answers it, or None when time is up.

    Listens before it writes: a sensor may answer before the write itself is acknowledged.
    """
    answer = asyncio.ensure_future(link.expect(channel, wanted, timeout_s))
    await asyncio.sleep(0)  # lets `expect` begin to listen
    try:
        await link.write(characteristic, command)
        return await answer
    finally:
        if not answer.done():
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)
