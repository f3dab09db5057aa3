"""The one scanner of the process: several listeners share it, and it rests while a connection is being made."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bleak import BleakScanner
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner

from sensing.radio_errors import RadioError, radio_error, sentence_for

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """One advertisement; seen_s is on the event loop's clock."""

    device: BLEDevice
    name: str | None
    service_uuids: tuple[str, ...]
    rssi: int | None
    seen_s: float

    @property
    def address(self) -> str:
        return self.device.address


Listener = Callable[[Sighting], None]


class Scanner:
    """Owner of Bleak's scanner: two of them in one process disturb each other (BlueZ: InProgress)."""

    def __init__(self, backend: type[BaseBleakScanner] | None) -> None:
        self._backend = backend
        self._listeners: dict[Listener, asyncio.Future[None]] = {}
        self._pauses = 0
        self._running: BleakScanner | None = None
        self._switch = asyncio.Lock()

    @property
    def is_running(self) -> bool:
        return self._running is not None

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[asyncio.Future[None]]:
        """Calls `listener` for every advertisement inside the block. Raises RadioError when no scan can be started.

        The future that it yields fails when the scan ends early or the listener raises.
        """
        failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listeners[listener] = failed
        try:
            await self._adjust()
            yield failed
        finally:
            del self._listeners[listener]
            if failed.done():
                failed.exception()  # marks it as seen
            await self._adjust_quietly()

    @asynccontextmanager
    async def resting(self) -> AsyncIterator[None]:
        """No scan inside the block: adapters connect more surely when they do not scan as well."""
        self._pauses += 1
        try:
            await self._adjust_quietly()
            yield
        finally:
            self._pauses -= 1
            await self._adjust_quietly()

    async def _adjust(self) -> None:
        """Start or stop the scan as the listeners and pauses want it. Raises RadioError.

        Half-done is never left behind: a cancellation takes effect when the operating system has answered.
        """
        switching = asyncio.get_running_loop().create_task(self._switch_now())
        try:
            await asyncio.shield(switching)
        except asyncio.CancelledError:
            await asyncio.wait([switching])
            if not switching.cancelled():
                switching.exception()  # marks it as seen
            raise

    async def _switch_now(self) -> None:
        async with self._switch:
            wanted = bool(self._listeners) and not self._pauses
            if wanted and self._running is None:
                scanner = BleakScanner(self._on_advertisement, backend=self._backend)
                try:
                    await scanner.start()
                except Exception as error:
                    raise radio_error(error) or RadioError(sentence_for(error)) from error
                self._running = scanner
            elif not wanted and self._running is not None:
                scanner, self._running = self._running, None
                await scanner.stop()

    async def _adjust_quietly(self) -> None:
        """The same where nobody waits for the outcome: those who still listen are told."""
        try:
            await self._adjust()
        except Exception as error:  # stopping a scan of an adapter that was unplugged fails in many ways
            logger.warning("the Bluetooth scan ended: %s", error, exc_info=not isinstance(error, RadioError))
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        for failed in self._listeners.values():
            if not failed.done():
                failed.set_exception(error)

    def _on_advertisement(self, device: BLEDevice, heard: AdvertisementData) -> None:
        sighting = Sighting(
            device,
            heard.local_name or device.name,
            tuple(uuid.lower() for uuid in heard.service_uuids),
            heard.rssi,
            asyncio.get_running_loop().time(),
        )
        for listener, failed in list(self._listeners.items()):
            if failed.done():
                continue
            try:
                listener(sighting)
            except Exception as error:  # handed to whoever awaits the scan
                logger.exception("a listener of the Bluetooth scan failed")
                failed.set_exception(error)
