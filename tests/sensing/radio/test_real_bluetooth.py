"""The operating system's Bluetooth: Bleak's own back end where there is no radio, and where BlueZ is in trouble."""

import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sensing import radio_errors
from sensing.ble import Radio, RadioError, SensorState, SensorStatus, SensorTarget
from tests.sensing.radio.fake_bluez import FakeBlueZ, message_bus
from tests.sensing.radio.stage import QUICK, Receiver

DAEMON = shutil.which("dbus-daemon")
on_a_bus = pytest.mark.skipif(
    not sys.platform.startswith("linux") or DAEMON is None, reason="needs Linux and dbus-daemon for a message bus"
)


async def test_a_computer_without_bluetooth_is_told_so_in_a_sentence() -> None:
    try:
        async with Radio(timings=QUICK) as radio:
            await radio.scan(0.2)
    except RadioError as error:
        assert str(error).endswith(("plugged in.", "adapter.", "bluetooth).", "power on"))  # noqa: PT017
    else:
        pytest.skip("this computer has a working Bluetooth adapter")


async def test_watching_without_bluetooth_keeps_trying_and_says_why() -> None:
    receiver = Receiver()
    async with Radio(timings=QUICK) as radio:
        try:
            await radio.scan(0.1)
        except RadioError as error:
            sentence = str(error)
        else:
            pytest.skip("this computer has a working Bluetooth adapter")
        handle = radio.watch(SensorTarget("Movesense 1"), receiver.on_record, receiver.on_status)
        await receiver.until(lambda: receiver.states.count(SensorState.BACKING_OFF) >= 3)
        assert handle.status.reason in (sentence, "Looking for Movesense 1.")
    assert {status.reason for status in receiver.statuses if status.state is SensorState.BACKING_OFF} == {sentence}
    assert receiver.state is SensorState.STOPPED


@pytest.fixture
async def system_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    assert DAEMON is not None
    async with message_bus(tmp_path, DAEMON) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield


async def refusal() -> RadioError:
    async with Radio(timings=QUICK) as radio:
        with pytest.raises(RadioError) as caught:
            await radio.scan(0.2)
    return caught.value


@on_a_bus
@pytest.mark.usefixtures("system_bus")
async def test_a_bus_without_bluez_names_the_service_to_install() -> None:
    assert str(await refusal()) == radio_errors.NO_BLUEZ


@on_a_bus
@pytest.mark.usefixtures("system_bus")
@pytest.mark.parametrize(
    ("bluez", "sentence"),
    [
        (FakeBlueZ(has_adapter=False), radio_errors.NO_ADAPTER),
        (FakeBlueZ(is_powered=False), radio_errors.SWITCHED_OFF["linux"]),
        (FakeBlueZ(roles=("peripheral",)), radio_errors.CLASSIC_ADAPTER),
        (FakeBlueZ(errors={"StartDiscovery": "org.bluez.Error.InProgress"}), radio_errors.BUSY),
        (FakeBlueZ(errors={"StartDiscovery": "org.bluez.Error.NotReady"}), radio_errors.SWITCHED_OFF["linux"]),
        (
            FakeBlueZ(errors={"GetManagedObjects": "org.freedesktop.DBus.Error.AccessDenied"}),
            radio_errors.NO_PERMISSION["linux"],
        ),
    ],
    ids=["no adapter", "switched off", "classic only", "busy", "not ready", "not permitted"],
)
async def test_each_trouble_of_bluez_has_its_sentence(bluez: FakeBlueZ, sentence: str) -> None:
    async with bluez.serving():
        assert str(await refusal()) == sentence


@on_a_bus
@pytest.mark.usefixtures("system_bus")
async def test_switching_bluetooth_on_is_enough_for_a_watch_to_go_on() -> None:
    bluez = FakeBlueZ(errors={"StartDiscovery": "org.bluez.Error.NotReady"})
    statuses: list[SensorStatus] = []
    receiver = Receiver(statuses=statuses)
    async with bluez.serving(), Radio(timings=QUICK) as radio:
        radio.watch(SensorTarget("Movesense 1"), receiver.on_record, receiver.on_status)
        await receiver.until_state(SensorState.BACKING_OFF)
        assert statuses[-1].reason == radio_errors.SWITCHED_OFF["linux"]
        bluez.errors.clear()
        await receiver.until(lambda: statuses[-1].reason.startswith("Movesense 1 was not heard"))
