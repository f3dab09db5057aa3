"""Bleak's scanner interface over a bumble device."""

from typing import Any, Literal, cast

from bleak.backends.scanner import AdvertisementData, AdvertisementDataCallback, BaseBleakScanner
from bumble.core import UUID, AdvertisingData
from bumble.device import Advertisement, Device

from sensing.virtual.bleak_client import normalized

Type = AdvertisingData.Type
UUID_LISTS = (
    Type.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    Type.INCOMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
    Type.COMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
    Type.INCOMPLETE_LIST_OF_128_BIT_SERVICE_CLASS_UUIDS,
)


def scanner_class(central: Device) -> type[BaseBleakScanner]:
    """The class to pass to `BleakScanner(backend=...)`; it listens through `central`."""

    class VirtualBleakScanner(BumbleBleakScanner):
        device = central

    return VirtualBleakScanner


class BumbleBleakScanner(BaseBleakScanner):
    """Hears what `device`, a powered bumble central, hears."""

    device: Device

    def __init__(
        self,
        detection_callback: AdvertisementDataCallback | None,
        service_uuids: list[str] | None,
        scanning_mode: Literal["active", "passive"],
        **kwargs: Any,
    ) -> None:
        super().__init__(detection_callback, service_uuids)
        self._active = scanning_mode == "active"

    async def start(self) -> None:
        self.seen_devices = {}
        self.device.on(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        await self.device.start_scanning(active=self._active, filter_duplicates=False)

    async def stop(self) -> None:
        self.device.remove_listener(Device.EVENT_ADVERTISEMENT, self._on_advertisement)
        await self.device.stop_scanning()

    def _on_advertisement(self, heard: Advertisement) -> None:
        texts = [heard.data.get(kind) for kind in (Type.COMPLETE_LOCAL_NAME, Type.SHORTENED_LOCAL_NAME)]
        name = next((text for text in texts if text), None)
        uuids = [normalized(uuid) for kind in UUID_LISTS for uuid in cast(list[UUID], heard.data.get(kind) or [])]
        if not self.is_allowed_uuid(uuids):
            return
        maker = heard.data.get(Type.MANUFACTURER_SPECIFIC_DATA)
        advertisement = AdvertisementData(
            local_name=name,
            manufacturer_data={int(maker[0]): bytes(maker[1])} if maker else {},
            service_data={},
            service_uuids=uuids,
            tx_power=None,
            rssi=heard.rssi,
            platform_data=(heard,),
        )
        address = heard.address.to_string(with_type_qualifier=False)
        device = self.create_or_update_device(address, address, name, heard.address, advertisement)
        self.call_detection_callbacks(device, advertisement)
