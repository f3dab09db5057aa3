"""Bleak's client interface over a bumble device, so that Bleak's own code runs on a simulated radio."""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bleak.args import SizedBuffer
from bleak.assigned_numbers import CharacteristicPropertyName
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient, NotifyCallback
from bleak.backends.descriptor import BleakGATTDescriptor
from bleak.backends.device import BLEDevice
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakDeviceNotFoundError, BleakError, BleakGATTProtocolError
from bleak.uuids import normalize_uuid_str
from bumble import core, hci
from bumble.att import ATT_Error
from bumble.core import UUID
from bumble.device import Connection, Device, Peer
from bumble.gatt_client import CharacteristicProxy

T = TypeVar("T")

REMOTE_USER_TERMINATED = int(hci.HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR)
WANTED_MTU = 517
UNCONNECTED_MTU = 23
ATT_HEADER_BYTES = 3
PROPERTIES: tuple[CharacteristicPropertyName, ...] = (
    "broadcast",
    "read",
    "write-without-response",
    "write",
    "notify",
    "indicate",
    "authenticated-signed-writes",
    "extended-properties",
)


def normalized(uuid: UUID) -> str:
    return normalize_uuid_str(uuid.to_hex_str("-").lower())


def client_class(central: Device) -> type[BaseBleakClient]:
    """The class to pass to `BleakClient(backend=...)`; its connections go through `central`."""

    class VirtualBleakClient(BumbleBleakClient):
        device = central

    return VirtualBleakClient


class BumbleBleakClient(BaseBleakClient):
    """One connection of `device`, a powered bumble central."""

    device: Device

    def __init__(
        self,
        address_or_ble_device: BLEDevice | str,
        *,
        disconnected_callback: Callable[[], None] | None,
        timeout: float,
        **kwargs: Any,
    ) -> None:
        super().__init__(address_or_ble_device, disconnected_callback=disconnected_callback, timeout=timeout, **kwargs)
        self._name = self.address
        self._target = self.address
        if isinstance(address_or_ble_device, BLEDevice):
            self._name = address_or_ble_device.name or self.address
            self._target = address_or_ble_device.details or self.address
        self._connection: Connection | None = None
        self._peer: Peer | None = None
        self._subscribed: dict[int, tuple[CharacteristicProxy[bytes], Callable[[bytes], None]]] = {}

    @property
    def name(self) -> str:
        return self._name

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    @property
    def mtu_size(self) -> int:
        return self._connection.att_mtu if self._connection is not None else UNCONNECTED_MTU

    async def connect(self, pair: bool, **kwargs: Any) -> None:
        if self._connection is not None:
            raise BleakError("Already connected")
        connection = self._connection = await self._connect_link()
        connection.on(Connection.EVENT_DISCONNECTION, functools.partial(self._on_disconnection, connection))
        try:
            if not self._stands(connection):
                raise BleakError("disconnected")
            peer = self._peer = Peer(connection)
            await self._answer(peer.request_mtu(WANTED_MTU))
            await self._answer(self._discover(peer))
            if pair:
                await self.pair()
        except BaseException:
            await self.disconnect()
            raise

    async def disconnect(self) -> None:
        connection = self._connection
        if connection is None:
            return
        if self._stands(connection):
            await connection.disconnect(REMOTE_USER_TERMINATED)
        self._on_disconnection(connection, REMOTE_USER_TERMINATED)

    async def pair(self, *args: Any, **kwargs: Any) -> None:
        connection, _ = self._connected()
        await connection.pair()

    async def unpair(self) -> None:
        raise NotImplementedError("the virtual radio keeps no bonds")

    async def read_gatt_char(
        self, characteristic: BleakGATTCharacteristic, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        return await self._read(characteristic.handle)

    async def read_gatt_descriptor(
        self, descriptor: BleakGATTDescriptor, *, use_cached: bool = False, **kwargs: Any
    ) -> bytearray:
        return await self._read(descriptor.handle)

    async def write_gatt_char(self, characteristic: BleakGATTCharacteristic, data: SizedBuffer, response: bool) -> None:
        await self._write(characteristic.handle, data, response)

    async def write_gatt_descriptor(self, descriptor: BleakGATTDescriptor, data: SizedBuffer) -> None:
        await self._write(descriptor.handle, data, True)

    async def start_notify(
        self, characteristic: BleakGATTCharacteristic, callback: NotifyCallback, **kwargs: Any
    ) -> None:
        self._connected()

        def deliver(value: bytes) -> None:
            callback(bytearray(value))

        proxy: CharacteristicProxy[bytes] = characteristic.obj
        self._subscribed[characteristic.handle] = proxy, deliver
        await self._answer(proxy.subscribe(deliver))

    async def stop_notify(self, characteristic: BleakGATTCharacteristic) -> None:
        self._connected()
        proxy, deliver = self._subscribed.pop(characteristic.handle, (None, None))
        if proxy is not None:
            await self._answer(proxy.unsubscribe(deliver))

    def _stands(self, connection: Connection) -> bool:
        """Whether the link still exists: its end may have come before anybody listened for it."""
        return self.device.lookup_connection(connection.handle) is connection

    def _connected(self) -> tuple[Connection, Peer]:
        if self._connection is None or self._peer is None:
            raise BleakError("Not connected")
        return self._connection, self._peer

    async def _read(self, handle: int) -> bytearray:
        _, peer = self._connected()
        return bytearray(await self._answer(peer.read_value(handle)))

    async def _write(self, handle: int, data: SizedBuffer, response: bool) -> None:
        _, peer = self._connected()
        await self._answer(peer.gatt_client.write_value(handle, bytes(data), response))

    async def _answer(self, asked: Awaitable[T]) -> T:
        """Await a GATT procedure, in Bleak's exceptions. bumble cancels what waits when the link drops."""
        try:
            return await asked
        except ATT_Error as error:
            raise BleakGATTProtocolError(error.error_code) from error
        except asyncio.CancelledError:
            if self._connection is None:
                raise BleakError("disconnected") from None
            raise

    async def _connect_link(self) -> Connection:
        """A link-layer connection. Cancelled from outside, it leaves no half-made connection behind."""
        attempt = asyncio.ensure_future(self.device.connect_le(self._target, timeout=self._timeout))
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            if not attempt.done():
                await self.device.send_sync_command(hci.HCI_LE_Create_Connection_Cancel_Command())
                await asyncio.wait([attempt])
            if not attempt.cancelled() and attempt.exception() is None:
                await attempt.result().disconnect(REMOTE_USER_TERMINATED)
            raise
        except core.TimeoutError as error:
            raise BleakDeviceNotFoundError(self.address, f"device {self.address} not found: no answer") from error
        except core.BaseBumbleError as error:
            raise BleakError(str(error)) from error

    async def _discover(self, peer: Peer) -> None:
        services = BleakGATTServiceCollection()
        for found in await peer.discover_services():
            service = BleakGATTService(found, found.handle, normalized(found.uuid))
            services.add_service(service)
            for proxy in await found.discover_characteristics():
                characteristic = BleakGATTCharacteristic(
                    proxy,
                    proxy.handle,
                    normalized(proxy.uuid),
                    [name for bit, name in enumerate(PROPERTIES) if proxy.properties >> bit & 1],
                    lambda: self.mtu_size - ATT_HEADER_BYTES,
                    service,
                )
                services.add_characteristic(characteristic)
                for descriptor in await proxy.discover_descriptors():
                    services.add_descriptor(
                        BleakGATTDescriptor(descriptor, descriptor.handle, normalized(descriptor.type), characteristic)
                    )
        self.services = services

    def _on_disconnection(self, connection: Connection, reason: int) -> None:
        if self._connection is not connection:
            return
        self._connection = self._peer = self.services = None
        self._subscribed.clear()
        if self._disconnected_callback is not None:
            self._disconnected_callback()
