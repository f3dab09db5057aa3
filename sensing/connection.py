"""One connection to one sensor over Bleak: made, configured, listened to, and always closed."""

import asyncio
import functools
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, Self, TypeVar

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.device import BLEDevice
from bleak.exc import BleakError
from bleak_retry_connector import BleakClientWithServiceCache, establish_connection

from sensing.drivers.base import BATTERY_LEVEL, Driver, DriverError, StreamChoice, Wanted
from sensing.packets import Note, Packet, Record
from sensing.radio_errors import sentence_for
from sensing.supervisor import Timings

logger = logging.getLogger(__name__)

T = TypeVar("T")
KEPT_PACKETS = 4096  # heard before the stream is configured; the oldest go first
ATT_HEADER_BYTES = 3
LEAST_MTU = 23


class ConnectionEndError(Exception):
    """The link ended, or is useless, or whoever receives the records failed; the text is a sentence."""


class _Client(BleakClientWithServiceCache):
    """Known to its owner from the start, so that it can be disconnected even when connecting is given up."""

    def __init__(self, *args: Any, made: Callable[[Self], None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        made(self)


class Connection:
    """The life of one Bleak client. It implements `Link` for the driver.

    Records go to `on_record`: the note `stream` after each configuration, then packets; `disconnected` at the end.
    """

    def __init__(
        self,
        driver: Driver,
        device: BLEDevice,
        name: str,
        timings: Timings,
        on_record: Callable[[Record], None],
        now_s: Callable[[], float],
        backend: type[BaseBleakClient] | None,
    ) -> None:
        self._driver = driver
        self._device = device
        self._name = name
        self._timings = timings
        self._on_record = on_record
        self._now_s = now_s
        self._backend = backend
        self._client: BleakClient | None = None
        self._loop = asyncio.get_running_loop()
        self._lost: asyncio.Future[Exception] = self._loop.create_future()
        self._choice: StreamChoice | None = None
        self._kept: deque[Packet] = deque(maxlen=KEPT_PACKETS)
        self._noted = False  # the note `stream` is out, `disconnected` not yet
        self._closed = False
        self._expected: list[tuple[int, Callable[[bytes], bool], asyncio.Future[bytes]]] = []
        self.last_heard_s = 0.0  # on the loop's clock; channels that a sensor may lack do not count

    async def open(self, radio_is_free: AbstractAsyncContextManager[None]) -> None:
        """Connect while nothing else uses the radio. Raises Bleak's exceptions and TimeoutError."""
        async with radio_is_free, asyncio.timeout(self._timings.connect_s):
            await establish_connection(
                _Client,
                self._device,
                self._name,
                disconnected_callback=self._on_disconnected,
                max_attempts=self._timings.connect_attempts,
                timeout=self._timings.connect_s,
                backend=self._backend,
                made=self._remember,
            )

    async def configure(self, wanted: Wanted) -> StreamChoice:
        """Subscribe and start streaming. Raises DriverError, ConnectionEndError, TimeoutError, Bleak's exceptions."""
        async with asyncio.timeout(self._timings.configure_s):
            return await self._unless_lost(self._configure(wanted))

    async def configure_again(self, wanted: Wanted) -> StreamChoice:
        """For a sensor that fell silent: stop, unsubscribe, and everything again. Raises as `configure`."""
        async with asyncio.timeout(self._timings.revive_s):
            return await self._unless_lost(self._configure_again(wanted))

    async def lost(self, within_s: float) -> bool:
        """Wait for the link to end; raises what ended it. False when it still stands after `within_s`."""
        await asyncio.wait([self._lost], timeout=within_s)
        if self._lost.done():
            raise self._lost.result()
        return False

    async def close(self, reason: str, *, is_polite: bool) -> None:
        """Disconnect, whatever the state; polite: tell the sensor to stop first. Never raises for Bluetooth's sake."""
        client = self._client
        if is_polite and self._noted and client is not None and client.is_connected:
            await self._within("stop", self._driver.stop(self))
        self._closed = True
        if self._noted:
            self._noted = False
            self._hand_over(Note(self._now_s(), "disconnected", {"reason": reason}))
        if client is not None:
            await self._within("disconnect", client.disconnect())

    # Link, for the driver.

    @property
    def mtu(self) -> int:
        """From what may be written without response, as BlueZ always reports 23 for the MTU itself."""
        client = self._client
        if client is None or not client.is_connected:
            return LEAST_MTU
        sizes = [c.max_write_without_response_size for s in client.services for c in s.characteristics]
        return max(sizes, default=LEAST_MTU - ATT_HEADER_BYTES) + ATT_HEADER_BYTES

    def has(self, characteristic: str) -> bool:
        return self._find(characteristic) is not None

    async def read(self, characteristic: str) -> bytes:
        return bytes(await self._connected().read_gatt_char(self._needed(characteristic)))

    async def write(self, characteristic: str, data: bytes, *, response: bool = True) -> None:
        await self._connected().write_gatt_char(self._needed(characteristic), data, response=response)

    async def expect(self, channel: int, wanted: Callable[[bytes], bool], timeout_s: float) -> bytes | None:
        found: asyncio.Future[bytes] = self._loop.create_future()
        entry = channel, wanted, found
        self._expected.append(entry)
        try:
            async with asyncio.timeout(timeout_s):
                return await found
        except TimeoutError:
            return None
        finally:
            self._expected.remove(entry)

    # Inside.

    def _remember(self, client: BleakClient) -> None:
        self._client = client

    def _connected(self) -> BleakClient:
        if self._client is None:
            raise BleakError("Not connected")
        return self._client

    def _find(self, characteristic: str) -> BleakGATTCharacteristic | None:
        """The first of that UUID: some sensors have two battery services."""
        for service in self._connected().services:
            found = service.get_characteristic(characteristic)
            if found is not None:
                return found
        return None

    def _needed(self, characteristic: str) -> BleakGATTCharacteristic:
        found = self._find(characteristic)
        if found is None:
            raise DriverError(
                f"{self._name} does not offer what a {self._driver.label} should ({characteristic}). Update its "
                "firmware with the maker's app, or choose another sensor.",
                needs_person=True,
            )
        return found

    async def _configure(self, wanted: Wanted) -> StreamChoice:
        await self._read_battery()
        await self._subscribe()
        choice = await self._driver.start(self, wanted)
        self._begin(choice)
        return choice

    async def _configure_again(self, wanted: Wanted) -> StreamChoice:
        self._choice = None
        await self._driver.stop(self)
        for uuid in self._driver.channels:
            characteristic = self._find(uuid)
            if characteristic is not None:
                await self._connected().stop_notify(characteristic)
        await self._subscribe()
        choice = await self._driver.start(self, wanted)
        self._begin(choice)
        return choice

    async def _read_battery(self) -> None:
        """Many sensors tell their charge only when asked."""
        if BATTERY_LEVEL not in self._driver.channels:
            return
        level = self._find(BATTERY_LEVEL)
        if level is None or "read" not in level.properties:
            return
        try:
            value = await self._connected().read_gatt_char(level)
        except BleakError as error:  # some sensors want pairing for this and for nothing else
            logger.info("%s does not tell its battery: %s", self._name, error)
        else:
            self._on_packet(self._driver.channels.index(BATTERY_LEVEL), level, value)

    async def _subscribe(self) -> None:
        for channel, uuid in enumerate(self._driver.channels):
            is_optional = channel in self._driver.optional_channels
            if is_optional and not self.has(uuid):
                continue
            try:
                await self._connected().start_notify(self._needed(uuid), functools.partial(self._on_packet, channel))
            except BleakError as error:
                if not is_optional:
                    raise
                logger.info("%s does not notify on %s: %s", self._name, uuid, error)

    def _begin(self, choice: StreamChoice) -> None:
        """The note goes before what was heard since the subscription, and carries the earliest stamp of it."""
        now_s = self._now_s()
        at_s = min(now_s, self._kept[0].arrival_s) if self._kept else now_s
        self._choice = choice
        self._noted = True
        self.last_heard_s = self._loop.time()
        self._hand_over(Note(at_s, "stream", {"driver": self._driver.name, "choice": choice.to_json()}))
        while self._kept:
            self._hand_over(self._kept.popleft())

    def _on_packet(self, channel: int, _characteristic: BleakGATTCharacteristic, data: bytearray) -> None:
        arrival_s = self._now_s()
        if self._closed:
            return
        packet = Packet(arrival_s, bytes(data), channel)
        for expected, wanted, found in self._expected:
            if expected == channel and not found.done() and wanted(packet.data):
                found.set_result(packet.data)
        if channel not in self._driver.optional_channels:
            self.last_heard_s = self._loop.time()
        if self._choice is None:
            self._kept.append(packet)
        else:
            self._hand_over(packet)

    def _hand_over(self, record: Record) -> None:
        try:
            self._on_record(record)
        except Exception as error:
            logger.exception("receiving from %s failed", self._name)
            self._end(ConnectionEndError(f"What {self._name} sent could not be taken: {error}. Surefoot tries again."))

    def _on_disconnected(self, _client: BleakClient) -> None:
        self._end(
            ConnectionEndError(
                f"The connection to {self._name} was lost: out of range, switched off, or its battery is empty."
            )
        )

    def _end(self, error: Exception) -> None:
        if not self._lost.done():
            self._lost.set_result(error)

    async def _unless_lost(self, work: Coroutine[Any, Any, T]) -> T:
        """The outcome of `work`, given up as soon as the link ends."""
        task = self._loop.create_task(work)
        either: list[asyncio.Future[Any]] = [task, self._lost]
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if self._lost.done():
                raise self._lost.result()
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _within(self, what: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            async with asyncio.timeout(self._timings.disconnect_s):
                await work
        except Exception as error:  # noqa: BLE001 - nobody can act on it: the link is being given up
            logger.warning("%s: %s did not succeed: %s", self._name, what, sentence_for(error))
