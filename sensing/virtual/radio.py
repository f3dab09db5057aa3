"""The virtual radio: sensors, a central that Bleak hears through, and one clock for all of them."""

import time
from types import TracebackType
from typing import Self

from bumble.device import Device, DeviceConfiguration
from bumble.hci import Address
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from sensing.ble import BackendChoice
from sensing.virtual.bleak_client import client_class
from sensing.virtual.bleak_scanner import scanner_class
from sensing.virtual.link import VirtualController, VirtualLink
from sensing.virtual.sensor import VirtualSensor

CENTRAL_ADDRESS = "F0:F1:F2:F3:F4:F5"


class VirtualRadio:
    """`async with VirtualRadio() as air: await air.add(sensor)`, then `Radio(air.backend, clock=air.clock)`.

    speed: how much faster than real time the sensors live; `clock` runs at that pace and is the clock to receive with.
    """

    def __init__(self, *, speed: float = 1.0, connection_interval_s: float = 0.0) -> None:
        self.speed = speed
        self.sensors: list[VirtualSensor] = []
        self._interval_s = connection_interval_s / speed
        self._start_s = time.monotonic()

    def clock(self) -> float:
        """Seconds, `speed` times as fast as the monotonic clock."""
        return self._start_s + (time.monotonic() - self._start_s) * self.speed

    async def __aenter__(self) -> Self:
        self._link = VirtualLink(self._interval_s)
        controller = VirtualController("central", link=self._link)
        config = DeviceConfiguration(name="Surefoot", address=Address(CENTRAL_ADDRESS, Address.RANDOM_DEVICE_ADDRESS))
        self.central = Device(config=config, host=Host(controller, AsyncPipeSink(controller)))
        await self.central.power_on()
        self.backend = BackendChoice(client_class(self.central), scanner_class(self.central))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sensor in self.sensors:
            await sensor.power_off()
        await self.central.power_off()
        self._link.close()

    async def add(self, sensor: VirtualSensor) -> VirtualSensor:
        """Switch the sensor on; it advertises when this returns."""
        await sensor.power_on(self._link, self.clock, self.speed)
        self.sensors.append(sensor)
        return sensor
