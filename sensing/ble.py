"""Bluetooth over Bleak: one radio per process, which finds sensors and keeps them streaming."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from random import Random
from types import TracebackType
from typing import Self

from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import BaseBleakScanner

from sensing.drivers import driver_for
from sensing.drivers.base import Wanted
from sensing.finding import SensorTarget
from sensing.packets import Record
from sensing.radio_errors import RadioError
from sensing.scanner import Scanner, Sighting
from sensing.supervisor import BackOff, SensorState, SensorStatus, Timings
from sensing.watch import SensorHandle

__all__ = [
    "BackendChoice",
    "FoundSensor",
    "Radio",
    "RadioError",
    "SensorHandle",
    "SensorState",
    "SensorStatus",
    "SensorTarget",
    "Timings",
]


@dataclass(frozen=True, slots=True)
class BackendChoice:
    """The classes that Bleak works with instead of the operating system's, such as those of a virtual radio."""

    client: type[BaseBleakClient]
    scanner: type[BaseBleakScanner]


@dataclass(frozen=True, slots=True)
class FoundSensor:
    """A device on the air. driver_name is None for one that Surefoot cannot read."""

    name: str
    address: str
    driver_name: str | None
    rssi: int | None


class Radio:
    """Owner of the one scanner and the one connect lock: have one per process.

    clock: what arrivals are stamped with, in seconds; random: for the jitter of waits. Use as `async with Radio() as
    radio`: on leaving, every watch is stopped and every sensor disconnected.
    """

    def __init__(
        self,
        backend: BackendChoice | None = None,
        wanted: Wanted | None = None,
        clock: Callable[[], float] = time.monotonic,
        timings: Timings | None = None,
        random: Random | None = None,
    ) -> None:
        self.wanted = wanted or Wanted()
        self.timings = timings or Timings()
        self.scanner = Scanner(backend.scanner if backend is not None else None)
        self.client_backend = backend.client if backend is not None else None
        self._clock = clock
        self._random = random or Random()
        self._connect_lock = asyncio.Lock()
        self._claims: dict[str, object] = {}
        self._handles: list[SensorHandle] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(handle.stop() for handle in self._handles))
        self._handles.clear()

    async def scan(
        self,
        seconds: float,
        on_found: Callable[[FoundSensor], None] | None = None,
        *,
        everything: bool = False,
    ) -> list[FoundSensor]:
        """The sensors heard within `seconds`, strongest first; with `everything` also devices of unknown kind.

        on_found is called once per device, when it is first heard. Raises RadioError when Bluetooth cannot be used.
        """
        found: dict[str, FoundSensor] = {}

        def listen(sighting: Sighting) -> None:
            driver = driver_for(sighting.name, sighting.service_uuids)
            if driver is None and not everything:
                return
            before = found.get(sighting.address)
            name = sighting.name or (before.name if before is not None else "unnamed")
            known = driver.name if driver is not None else (before.driver_name if before is not None else None)
            sensor = found[sighting.address] = FoundSensor(name, sighting.address, known, sighting.rssi)
            if before is None and on_found is not None:
                on_found(sensor)

        async with self.scanner.listening(listen) as failed:
            await asyncio.wait([failed], timeout=seconds)
            if failed.done():
                await failed
        return sorted(found.values(), key=lambda sensor: -(sensor.rssi or -127))

    def watch(
        self,
        target: SensorTarget,
        on_record: Callable[[Record], None],
        on_status: Callable[[SensorStatus], None],
        *,
        origin_s: float | None = None,
    ) -> SensorHandle:
        """Keep a sensor streaming until the handle is stopped. Nothing raises from here: `on_status` tells.

        Records are stamped in seconds since `origin_s` of the radio's clock, by default since now. Both callbacks are
        called from the event loop and must not block.
        """
        origin = self._clock() if origin_s is None else origin_s
        handle = SensorHandle(
            self,
            target,
            on_record,
            on_status,
            lambda: self._clock() - origin,
            BackOff(self.timings, Random(self._random.random())),
        )
        self._handles = [known for known in self._handles if known.status.state is not SensorState.STOPPED]
        self._handles.append(handle)
        return handle

    def connecting(self) -> AbstractAsyncContextManager[None]:
        """Alone with the radio: no other connection attempt and no scan."""
        return self._alone()

    def is_free(self, address: str) -> bool:
        return address not in self._claims

    def claim(self, address: str, owner: object) -> bool:
        """Reserve a sensor for one watch; False when another has it."""
        return self._claims.setdefault(address, owner) is owner

    def release(self, owner: object) -> None:
        self._claims = {address: holder for address, holder in self._claims.items() if holder is not owner}

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        async with self._connect_lock, self.scanner.resting():
            yield
