"""Which sensor is meant, and hearing it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sensing.drivers import driver_for, driver_named
from sensing.drivers.base import Driver
from sensing.scanner import Scanner, Sighting
from sensing.supervisor import Timings

NO_SIGNAL_DBM = -127


@dataclass(frozen=True, slots=True)
class SensorTarget:
    """Which sensor: by name (or its last word, the serial number) or address; None: the nearest one of a known kind.

    driver: only sensors of this kind; for a named sensor, how to read it whatever it is called.
    """

    name_or_address: str | None = None
    driver: str | None = None

    def is_meant(self, sighting: Sighting) -> bool:
        driver = self.driver_of(sighting)
        if self.name_or_address is None:
            return driver is not None
        asked = self.name_or_address.strip().casefold()
        name = (sighting.name or "").casefold()
        is_asked = bool(asked) and asked in (sighting.address.casefold(), name, name.rpartition(" ")[2])
        return is_asked and (
            driver is not None or bool(name)
        )  # a device tells its name a little later than its address

    def driver_of(self, sighting: Sighting) -> Driver | None:
        found = driver_for(sighting.name, sighting.service_uuids)
        if self.driver is None:
            return found
        asked = driver_named(self.driver)
        if found is None and self.name_or_address is not None:
            return asked
        return asked if found is asked else None

    @property
    def label(self) -> str:
        if self.name_or_address is not None:
            return self.name_or_address
        return "a sensor" if self.driver is None else f"a {driver_named(self.driver).label}"


async def find(
    scanner: Scanner, is_wanted: Callable[[Sighting], bool], timings: Timings, *, is_choosy: bool
) -> list[Sighting]:
    """The first wanted device heard within `scan_s`; choosy: all within `choose_s` after the first, nearest first.

    Empty when there was none. Raises RadioError when Bluetooth cannot be used.
    """
    heard: dict[str, Sighting] = {}
    hit = asyncio.Event()

    def listen(sighting: Sighting) -> None:
        if is_wanted(sighting):
            heard[sighting.address] = sighting
            hit.set()

    async with scanner.listening(listen) as failed:
        waiting = asyncio.get_running_loop().create_task(hit.wait())
        either: list[asyncio.Future[Any]] = [waiting, failed]
        try:
            await asyncio.wait(either, timeout=timings.scan_s, return_when=asyncio.FIRST_COMPLETED)
            if is_choosy and hit.is_set():
                await asyncio.wait([failed], timeout=timings.choose_s)
        finally:
            waiting.cancel()
        if failed.done():
            await failed
    return sorted(heard.values(), key=lambda one: NO_SIGNAL_DBM if one.rssi is None else one.rssi, reverse=True)
