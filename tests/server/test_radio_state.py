"""What the server says about Bluetooth as a whole, told from what becomes of its sensors."""

import asyncio
from collections.abc import Callable

from bleak.exc import BleakBluetoothNotAvailableError, BleakBluetoothNotAvailableReason

from sensing.ble import BackendChoice, Radio, SensorTarget
from sensing.radio_errors import NO_ADAPTER
from sensing.virtual.radio import VirtualRadio
from server.live import Wish, watch_sensors
from server.monitor import Monitor
from tests.sensing.radio.stage import QUICK


async def become(true: Callable[[], bool]) -> None:
    for _ in range(1000):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not become true within 20 s")


async def test_an_adapter_that_is_pulled_out_is_told_as_the_radios_trouble_until_it_is_back(monitor: Monitor) -> None:
    async with VirtualRadio() as air:
        plugged_in = False

        class Adapter(air.backend.scanner):  # type: ignore[name-defined,misc]
            async def start(self) -> None:
                if not plugged_in:
                    reason = BleakBluetoothNotAvailableReason.NO_BLUETOOTH
                    raise BleakBluetoothNotAvailableError("no adapter", reason)
                await super().start()

        stop = asyncio.Event()
        radio = Radio(BackendChoice(air.backend.client, Adapter), clock=air.clock, timings=QUICK)
        wishes = [Wish(SensorTarget("Movesense 1"), "Anna")]
        watching = asyncio.create_task(
            watch_sensors(monitor, radio, wishes, stop, idle_close_s=60.0, clock=air.clock), name="watch"
        )
        await become(lambda: monitor.radio.state == "failed")
        assert monitor.radio.reason == NO_ADAPTER
        plugged_in = True
        await become(lambda: monitor.radio.state == "running")
        assert monitor.radio.reason is None
        stop.set()
        await watching
    assert (monitor.radio.state, monitor.radio.reason) == ("off", None)
