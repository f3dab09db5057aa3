"""The list of sensors that Surefoot reads: adding one is a file here and its line in DRIVERS."""

from collections.abc import Sequence

from sensing.drivers.base import Driver
from sensing.drivers.gaitimu import GaitImu
from sensing.drivers.movesense import Movesense
from sensing.drivers.polar import Polar

DRIVERS: tuple[Driver, ...] = (Movesense(), Polar(), GaitImu())


def driver_named(name: str) -> Driver:
    """The driver of that name. Raises KeyError with the names there are."""
    for driver in DRIVERS:
        if driver.name == name:
            return driver
    raise KeyError(f"no driver is called {name!r}; there are {', '.join(driver.name for driver in DRIVERS)}")


def driver_for(advertised_name: str | None, service_uuids: Sequence[str]) -> Driver | None:
    """The driver that recognises an advertisement, None for anything else that is on the air."""
    services = [uuid.lower() for uuid in service_uuids]
    for driver in DRIVERS:
        if driver.matches(advertised_name or "", services):
            return driver
    return None
