"""Bluetooth's troubles as sentences with a remedy."""

import pytest
from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
)
from bleak_retry_connector import BleakNotFoundError, BleakOutOfConnectionSlotsError

from sensing import radio_errors
from sensing.drivers.base import DriverError
from sensing.radio_errors import RadioError, radio_error, sentence_for

Reason = BleakBluetoothNotAvailableReason
PLATFORMS = ("linux", "darwin", "win32")


def unavailable(reason: Reason) -> BleakBluetoothNotAvailableError:
    return BleakBluetoothNotAvailableError("the back end's own words", reason)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_on_every_system_has_a_sentence_and_is_the_radios_trouble(reason: Reason, platform: str) -> None:
    error = radio_error(unavailable(reason), platform)
    assert error is not None
    assert not error.is_busy
    assert str(error).endswith((".", "on"))
    assert "own words" not in str(error)


@pytest.mark.parametrize(
    ("platform", "word"), [("linux", "bluetoothctl"), ("darwin", "Control Centre"), ("win32", "Settings")]
)
def test_switched_off_names_the_place_of_the_switch(platform: str, word: str) -> None:
    assert word in sentence_for(unavailable(Reason.POWERED_OFF), platform)


def test_no_adapter_says_to_plug_one_in() -> None:
    assert sentence_for(unavailable(Reason.NO_BLUETOOTH)) == radio_errors.NO_ADAPTER


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("org.bluez.Error.NotReady", radio_errors.SWITCHED_OFF["linux"]),
        ("org.bluez.Error.InProgress", radio_errors.BUSY),
        ("org.freedesktop.DBus.Error.ServiceUnknown", radio_errors.NO_BLUEZ),
        ("org.freedesktop.DBus.Error.AccessDenied", radio_errors.NO_PERMISSION["linux"]),
        ("org.freedesktop.DBus.Error.UnknownObject", radio_errors.GONE),
    ],
)
def test_bluez_errors_are_known_by_name(name: str, sentence: str) -> None:
    assert sentence_for(BleakDBusError(name, ["details"]), "linux") == sentence


@pytest.mark.parametrize("text", ["[org.bluez.Error.InProgress] In Progress", "Operation already in progress"])
def test_a_busy_radio_is_told_apart_because_waiting_helps(text: str) -> None:
    error = radio_error(BleakError(text))
    assert error is not None
    assert error.is_busy


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (BleakDeviceNotFoundError("F0", "device F0 not found"), radio_errors.GONE),
        (BleakNotFoundError("failed to connect"), radio_errors.GONE),
        (BleakOutOfConnectionSlotsError("none left"), radio_errors.NO_SLOT),
        (BleakError("device 'dev_F0' not found"), radio_errors.GONE),
        (TimeoutError(), radio_errors.TIME_OUT),
        (BleakGATTProtocolError(0x05), radio_errors.PAIRING),
        (DriverError("The sensor is in its charger."), "The sensor is in its charger."),
    ],
)
def test_a_sensors_trouble_is_not_the_radios(error: Exception, sentence: str) -> None:
    assert sentence_for(error) == sentence
    assert radio_error(error) is None


@pytest.mark.parametrize("error", [ValueError("odd"), BleakError("odd"), BleakDBusError("org.odd.Error", ["odd"])])
def test_what_nobody_foresaw_still_gives_a_sentence_with_the_details(error: Exception) -> None:
    assert "odd" in sentence_for(error)
    assert sentence_for(error).endswith(".")


def test_a_radio_error_is_passed_on_as_it_is() -> None:
    error = RadioError("Bluetooth is switched off.")
    assert radio_error(error) is error
