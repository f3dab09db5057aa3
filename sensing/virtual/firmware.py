"""What a virtual sensor's firmware must offer, and what it may ask of the sensor that it runs on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sensing.drivers.base import BATTERY_LEVEL, BATTERY_SERVICE, Driver, Frame
from sensing.virtual.motion import Motion

READ, WRITE, WRITE_COMMAND, NOTIFY, INDICATE = "READ", "WRITE", "WRITE_WITHOUT_RESPONSE", "NOTIFY", "INDICATE"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One characteristic."""

    uuid: str
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One GATT service."""

    uuid: str
    attributes: tuple[Attribute, ...]


BATTERY = Service(BATTERY_SERVICE, (Attribute(BATTERY_LEVEL, (READ, NOTIFY)),))


@dataclass(frozen=True, slots=True)
class Stream:
    """A running measurement: `pack` gives the (channel, notification) list of a stamped frame."""

    name: str
    rate_hz: float
    samples: int
    pack: Callable[[Frame], list[tuple[int, bytes]]]


class Body(Protocol):
    """The sensor around its firmware."""

    @property
    def motion(self) -> Motion: ...

    @property
    def mtu(self) -> int: ...

    @property
    def battery_percent(self) -> int: ...

    def ticks(self) -> int:
        """The sensor's counter now, not wrapped."""
        ...

    def next_refusal(self) -> int | None:
        """The status that the next request to stream must be refused with, if it was told to refuse."""
        ...

    def reply(self, channel: int, notification: bytes) -> None: ...

    def start(self, stream: Stream) -> None: ...

    def stop(self, name: str) -> None: ...

    def restart(self) -> None:
        """Reboot: the link goes, the counter starts again, and after a moment it advertises again."""
        ...


class Firmware(Protocol):
    """Commands in, replies and streams out."""

    @property
    def driver(self) -> Driver: ...

    @property
    def services(self) -> Sequence[Service]: ...

    @property
    def advertised_services(self) -> Sequence[str]: ...

    def read(self, body: Body, uuid: str) -> bytes: ...

    def write(self, body: Body, uuid: str, value: bytes) -> None: ...

    def disconnected(self) -> None: ...

    def rebooted(self) -> None: ...
