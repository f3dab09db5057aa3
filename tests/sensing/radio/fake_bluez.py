"""A message bus of our own with a Bluetooth service on it that can be in trouble: Bleak's BlueZ code runs for real."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

ADAPTER_PATH = "/org/bluez/hci0"
CONFIGURATION = """<busconfig>
  <listen>unix:path={path}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@asynccontextmanager
async def message_bus(folder: Path, daemon: str) -> AsyncIterator[str]:
    """The address of a message bus that nobody else uses."""
    path = folder / "bus"
    configuration = folder / "bus.conf"
    configuration.write_text(CONFIGURATION.format(path=path))
    process = await asyncio.create_subprocess_exec(
        daemon,
        f"--config-file={configuration}",
        "--nofork",
        "--print-address",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.terminate()
        await process.wait()


@dataclass
class FakeBlueZ:
    """Answers what Bleak asks at the start of a scan. errors: method name to D-Bus error name."""

    has_adapter: bool = True
    is_powered: bool = True
    roles: tuple[str, ...] = ("central", "peripheral")
    errors: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        bus = await MessageBus(bus_type=BusType.SYSTEM).connect()
        bus.add_message_handler(self._answer)
        await bus.request_name("org.bluez")
        try:
            yield
        finally:
            bus.disconnect()
            await bus.wait_for_disconnect()

    def _answer(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        member = message.member or ""
        if member in self.errors:
            return Message.new_error(message, self.errors[member], "as the test wants it")
        if member == "GetManagedObjects":
            return Message.new_method_return(message, "a{oa{sa{sv}}}", [self._objects()])
        if member in ("SetDiscoveryFilter", "StartDiscovery", "StopDiscovery"):
            return Message.new_method_return(message)
        return None

    def _objects(self) -> dict[str, dict[str, dict[str, Variant]]]:
        if not self.has_adapter:
            return {}
        properties = {
            "Address": Variant("s", "00:00:00:00:00:01"),
            "Powered": Variant("b", self.is_powered),
            "Roles": Variant("as", list(self.roles)),
        }
        return {ADAPTER_PATH: {"org.bluez.Adapter1": properties}}
