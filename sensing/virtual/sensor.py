"""A virtual sensor: a bumble peripheral that runs a firmware, feels a motion and can be told to misbehave."""

import asyncio
import functools
import logging
import operator
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Literal

from bumble import hci
from bumble.core import UUID, AdvertisingData
from bumble.device import Connection, Device, DeviceConfiguration
from bumble.gatt import Characteristic, CharacteristicValue
from bumble.gatt import Service as GattService
from bumble.host import Host
from bumble.transport.common import AsyncPipeSink

from sensing.drivers.base import BATTERY_LEVEL
from sensing.virtual.faults import Faults
from sensing.virtual.firmware import READ, WRITE, WRITE_COMMAND, Attribute, Firmware, Stream
from sensing.virtual.link import VirtualController, VirtualLink
from sensing.virtual.motion import Motion
from sensing.virtual.streaming import Part, SensorClock, Sent, Streamer

logger = logging.getLogger(__name__)

ADVERTISING_INTERVAL_MS = 100.0
REBOOT_S = 0.5
LOG_FRAMES = 20_000
OUTBOX_REPLIES = 256  # more unsent replies than that are a broken dialogue: QueueFull
UNCONNECTED_MTU = 23
USER_TERMINATED = int(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)
POWER_OFF = int(hci.HCI_ErrorCode.REMOTE_DEVICE_TERMINATED_CONNECTION_DUE_TO_POWER_OFF_ERROR)
FLAGS = bytes((0x06,))  # general discoverable, no BR/EDR


class VirtualSensor:
    """One sensor on the air. Add it to a VirtualRadio; `sent` tells what it did.

    Its samples lie on a grid of its own clock, which runs on through disconnections and reboots; only the counter that
    stamps its frames starts again at a reboot. A motion that ends switches the sensor off.
    """

    def __init__(
        self,
        firmware: Firmware,
        motion: Motion,
        *,
        name: str,
        address: str,
        faults: Faults | None = None,
        battery_percent: int = 77,
    ) -> None:
        self.firmware = firmware
        self.motion = motion
        self.name = name
        self.address = address
        self.faults = faults or Faults()
        self.battery_percent = battery_percent
        self.sent: deque[Sent] = deque(maxlen=LOG_FRAMES)
        self.connections = 0  # how many there have been
        self._refusals: deque[int] = deque()
        self._stall: Literal["off", "until_subscribed", "until_told"] = "off"
        self._on_air = False
        self._is_off = False  # for good
        self._connection: Connection | None = None
        self._characteristics: dict[str, Characteristic[bytes]] = {}
        self._streams: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._outbox: asyncio.Queue[Part] = asyncio.Queue(OUTBOX_REPLIES)

    async def power_on(self, link: VirtualLink, now_s: Callable[[], float], speed: float) -> None:
        """Called by VirtualRadio. now_s runs `speed` times as fast as the wall clock."""
        self._link, self._speed = link, speed
        self._clock = SensorClock(now_s, speed, self.faults, self.firmware.driver.clock)
        self._controller = VirtualController(self.name, link=link)
        config = DeviceConfiguration(
            name=self.name,
            address=hci.Address(self.address, hci.Address.RANDOM_DEVICE_ADDRESS),
            advertising_data=self._advertisement(),
            advertising_interval_min=ADVERTISING_INTERVAL_MS / speed,
            advertising_interval_max=ADVERTISING_INTERVAL_MS / speed,
        )
        sink = AsyncPipeSink(self._controller)
        self._device = Device(config=config, host=Host(self._controller, sink))
        self._device.gatt_server.max_mtu = self.faults.max_mtu
        for service in self.firmware.services:
            attributes = [self._characteristic(attribute) for attribute in service.attributes]
            self._device.add_service(GattService(UUID(service.uuid), attributes))
        self._device.on(Device.EVENT_CONNECTION, self._on_connection)
        await self._device.power_on()
        self._on_air = True
        await self._advertise()

    async def power_off(self) -> None:
        """Ends every task and leaves the air."""
        self._is_off = True
        await self._disconnect(POWER_OFF)
        while self._tasks:  # streams were cancelled with the link; commands to the controller must be left to end
            await asyncio.wait(self._tasks)
        await self._device.stop_advertising()
        await self._device.power_off()
        self._link.remove_controller(self._controller)

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    @property
    def is_streaming(self) -> bool:
        return any(name != "replies" for name in self._streams)

    def cut(self) -> None:
        """The sensor ends the link; it advertises again at once."""
        self._spawn(self._disconnect(USER_TERMINATED))

    def lose_link(self) -> None:
        """Supervision timeout: both ends see reason 0x08; the sensor advertises again at once."""
        self._link.time_out(self._controller)

    def vanish(self) -> None:
        """Out of range: the link times out and nothing is heard any more."""
        self._on_air = False
        self.lose_link()
        self._spawn(self._device.stop_advertising())

    def come_back(self) -> None:
        """In range again: advertises."""
        self._on_air = True
        self._spawn(self._advertise())

    def stall(self, *, until_subscribed: bool = False) -> None:
        """Frames stop, the link stays up: until the next subscription, or until `resume`."""
        self._stall = "until_subscribed" if until_subscribed else "until_told"

    def resume(self) -> None:
        self._stall = "off"

    def refuse(self, *statuses: int) -> None:
        """The next requests to stream are refused with these statuses of the sensor's protocol."""
        self._refusals.extend(statuses)

    def reboot(self) -> None:
        """The link times out, the counter starts again, and after half a second it advertises again."""
        self.vanish()
        self.firmware.rebooted()
        self._clock.reset_counter()
        self._spawn(self._boot())

    # What the firmware asks for, see firmware.Body.

    @property
    def mtu(self) -> int:
        return self._connection.att_mtu if self._connection is not None else UNCONNECTED_MTU

    def ticks(self) -> int:
        return self._clock.ticks_at(self._clock.seconds())

    def next_refusal(self) -> int | None:
        return self._refusals.popleft() if self._refusals else None

    def reply(self, channel: int, notification: bytes) -> None:
        self._outbox.put_nowait((channel, notification))

    def start(self, stream: Stream) -> None:
        self.stop(stream.name)
        if self._stall == "until_subscribed":
            self._stall = "off"
        self._streams[stream.name] = self._spawn(self._stream(stream))

    def stop(self, name: str) -> None:
        task = self._streams.pop(name, None)
        if task is not None:
            task.cancel()

    def restart(self) -> None:
        self._spawn(self._restart())

    # Inside.

    def _advertisement(self) -> bytes:
        listed = b"".join(bytes(UUID(uuid)) for uuid in self.firmware.advertised_services)
        entries: list[tuple[int, bytes]] = [(AdvertisingData.Type.FLAGS, FLAGS)]
        if listed:
            entries.append((AdvertisingData.Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS, listed))
        entries.append((AdvertisingData.Type.COMPLETE_LOCAL_NAME, self.name.encode()))
        return bytes(AdvertisingData(entries))

    def _characteristic(self, attribute: Attribute) -> Characteristic[bytes]:
        flags = functools.reduce(operator.or_, (Characteristic.Properties[name] for name in attribute.properties))
        permissions = Characteristic.Permissions(0)
        if READ in attribute.properties:
            permissions |= Characteristic.Permissions.READABLE
        if WRITE in attribute.properties or WRITE_COMMAND in attribute.properties:
            permissions |= Characteristic.Permissions.WRITEABLE

        def read(_connection: Connection) -> bytes:
            return self.firmware.read(self, attribute.uuid)

        def write(_connection: Connection, value: bytes) -> None:
            self.firmware.write(self, attribute.uuid, bytes(value))

        characteristic = Characteristic[bytes](
            attribute.uuid, flags, permissions, CharacteristicValue[bytes](read=read, write=write)
        )
        if attribute.uuid == BATTERY_LEVEL:
            characteristic.on(Characteristic.EVENT_SUBSCRIPTION, self._on_battery_subscription)
        self._characteristics[attribute.uuid] = characteristic
        return characteristic

    def _on_battery_subscription(self, _bearer: object, notify: bool, _indicate: bool) -> None:
        if notify:
            self.reply(list(self.firmware.driver.channels).index(BATTERY_LEVEL), bytes((self.battery_percent,)))

    def _on_connection(self, connection: Connection) -> None:
        self._connection = connection
        self.connections += 1
        connection.on(Connection.EVENT_DISCONNECTION, self._on_disconnection)
        self._outbox = asyncio.Queue(OUTBOX_REPLIES)
        self._streams["replies"] = self._spawn(self._answer(connection))

    def _on_disconnection(self, _reason: int) -> None:
        self._connection = None
        for name in list(self._streams):
            self.stop(name)
        self.firmware.disconnected()
        self._spawn(self._advertise())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            logger.error("the virtual sensor %s failed", self.name, exc_info=task.exception())

    async def _advertise(self) -> None:
        if self._on_air and not self._is_off and self._connection is None:
            await self._device.start_advertising()

    async def _disconnect(self, reason: int) -> None:
        if self._connection is not None:
            await self._connection.disconnect(reason)

    async def _boot(self) -> None:
        await asyncio.sleep(REBOOT_S / self._speed)
        self.come_back()

    async def _restart(self) -> None:
        await asyncio.sleep(REBOOT_S / self._speed)
        self.reboot()

    async def _answer(self, connection: Connection) -> None:
        while self._connection is connection:  # cancelling is not enough: wait_for of Python 3.11 may swallow it
            await self._emit(*await self._outbox.get())

    async def _emit(self, channel: int, notification: bytes) -> None:
        connection = self._connection
        if connection is None:
            return
        characteristic = self._characteristics[self.firmware.driver.channels[channel]]
        if characteristic.properties & Characteristic.Properties.NOTIFY:
            await self._device.gatt_server.notify_subscriber(connection, characteristic, notification)
        else:
            await self._device.gatt_server.indicate_subscriber(connection, characteristic, notification)

    async def _stream(self, stream: Stream) -> None:
        streamer = Streamer(
            self.firmware.driver,
            self._clock,
            self.motion,
            self.faults,
            self._emit,
            lambda: self._stall != "off",
            self.sent,
        )
        await streamer.run(stream)
        self._on_air = False  # the motion has ended
        self._spawn(self._disconnect(POWER_OFF))
