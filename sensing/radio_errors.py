"""What went wrong with Bluetooth, in sentences that say what to do."""

import asyncio
import sys

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakDeviceNotFoundError,
    BleakError,
    BleakGATTProtocolError,
    BleakGATTProtocolErrorCode,
)
from bleak_retry_connector import BleakNotFoundError, BleakOutOfConnectionSlotsError

from sensing.drivers.base import DriverError

Reason = BleakBluetoothNotAvailableReason

NO_ADAPTER = "There is no Bluetooth adapter in this computer. Plug in a Bluetooth 4.0 (or later) USB adapter."
CLASSIC_ADAPTER = "The Bluetooth adapter is too old to talk to sensors. Plug in a Bluetooth 4.0 (or later) USB adapter."
SWITCHED_OFF = {
    "linux": "Bluetooth is switched off. Switch it on in the settings, or with: rfkill unblock bluetooth; "
    "bluetoothctl power on",
    "darwin": "Bluetooth is switched off. Switch it on in Control Centre or System Settings, Bluetooth.",
    "win32": "Bluetooth is switched off. Switch it on in Settings, Bluetooth & devices; end flight mode.",
}
NO_PERMISSION = {
    "linux": "This user may not use Bluetooth. Log in at the computer's own screen, or add the user to the group: "
    "sudo usermod -aG bluetooth $USER, then log in again.",
    "darwin": "This program may not use Bluetooth. Allow the terminal or browser that started it in System Settings, "
    "Privacy & Security, Bluetooth, then start it again.",
    "win32": "Windows does not let this program use Bluetooth. Allow it in Settings, Privacy & security, Radios, "
    "and Other devices.",
}
NO_BLUEZ = (
    "The Bluetooth service is not running on this computer. Plug in a Bluetooth adapter if there is none, and install "
    "and start the service (Debian and Ubuntu: sudo apt install bluez && sudo systemctl enable --now bluetooth)."
)
NO_DBUS = (
    "Bluetooth cannot be reached: the system's message bus (D-Bus) is not running, as in most containers. Run "
    "Surefoot on the computer itself, with bluez installed and a Bluetooth adapter plugged in."
)
BUSY = (
    "Bluetooth is busy with another task. Close other programs that search for or connect to Bluetooth devices; "
    "Surefoot tries again by itself."
)
GONE = "The sensor is no longer there. Bring it nearer and see that it is switched on and its battery is good."
NO_SLOT = "The Bluetooth adapter can hold no further connection. Disconnect other Bluetooth devices or add an adapter."
TIME_OUT = "The sensor did not answer in time. Bring it nearer, and close other apps that are connected to it."
PAIRING = (
    "The sensor asks for pairing. Remove it from the system's Bluetooth settings and from other apps, then restart it."
)

_DBUS_SENTENCES = {
    "org.bluez.Error.NotReady": SWITCHED_OFF["linux"],
    "org.bluez.Error.InProgress": BUSY,
    "org.bluez.Error.NotPermitted": NO_PERMISSION["linux"],
    "org.bluez.Error.NotAuthorized": NO_PERMISSION["linux"],
    "org.freedesktop.DBus.Error.AccessDenied": NO_PERMISSION["linux"],
    "org.freedesktop.DBus.Error.ServiceUnknown": NO_BLUEZ,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NO_BLUEZ,
    "org.freedesktop.DBus.Error.Spawn.ChildExited": NO_BLUEZ,
    "org.freedesktop.DBus.Error.UnknownObject": GONE,
    "org.bluez.Error.DoesNotExist": GONE,
    "org.bluez.Error.AuthenticationFailed": PAIRING,
    "org.bluez.Error.AuthenticationRejected": PAIRING,
}
_RADIO_SENTENCES = {*SWITCHED_OFF.values(), *NO_PERMISSION.values(), NO_ADAPTER, CLASSIC_ADAPTER, NO_BLUEZ, NO_DBUS}
_PAIRING_CODES = (
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHENTICATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_AUTHORIZATION,
    BleakGATTProtocolErrorCode.INSUFFICIENT_ENCRYPTION,
)


class RadioError(Exception):
    """Bluetooth itself cannot be used, or not now; the text is a sentence with the remedy.

    is_busy: another program or task holds the radio, trying again helps. Otherwise somebody must do something.
    """

    def __init__(self, sentence: str, *, is_busy: bool = False) -> None:
        super().__init__(sentence)
        self.is_busy = is_busy


def radio_error(error: BaseException, platform: str = sys.platform) -> RadioError | None:
    """The radio's own trouble behind `error`, None when the radio is fine and the trouble is with a sensor."""
    if isinstance(error, RadioError):
        return error
    sentence = sentence_for(error, platform)
    if sentence == BUSY:
        return RadioError(sentence, is_busy=True)
    return RadioError(sentence) if sentence in _RADIO_SENTENCES else None


def is_of_the_radio(reason: str) -> bool:
    """Whether a sensor's status tells of Bluetooth that somebody must mend, not of the sensor."""
    return reason in _RADIO_SENTENCES


def sentence_for(error: BaseException, platform: str = sys.platform) -> str:
    """What a person should read about an exception of Bleak, its back ends or a driver."""
    if isinstance(error, RadioError | DriverError):
        return str(error)
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _unavailable(error.reason, platform)
    if isinstance(error, BleakDBusError):
        known = _DBUS_SENTENCES.get(error.dbus_error)
        return known or _by_text(error) or f"Bluetooth refused: {error}. {_AGAIN}"
    if isinstance(error, BleakGATTProtocolError):
        return PAIRING if error.code in _PAIRING_CODES else f"The sensor refused a request ({error.args[1]}). {_AGAIN}"
    if isinstance(error, BleakOutOfConnectionSlotsError):
        return NO_SLOT
    if isinstance(error, BleakDeviceNotFoundError | BleakNotFoundError):
        return GONE
    if isinstance(error, PermissionError):
        return NO_PERMISSION.get(platform, NO_PERMISSION["linux"])
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return NO_DBUS
    if isinstance(error, TimeoutError | asyncio.TimeoutError):
        return TIME_OUT
    if isinstance(error, BleakError):
        return _by_text(error) or f"The Bluetooth connection failed: {error}. {_AGAIN}"
    return f"Something unexpected went wrong ({type(error).__name__}: {error}). {_AGAIN}"


_AGAIN = "Surefoot tries again by itself; restart the sensor if this lasts."


def _unavailable(reason: BleakBluetoothNotAvailableReason, platform: str) -> str:
    if reason is Reason.NO_BLUETOOTH:
        return NO_ADAPTER
    if reason is Reason.NO_BLE_CENTRAL_ROLE:
        return CLASSIC_ADAPTER
    if reason in (Reason.DENIED_BY_USER, Reason.DENIED_BY_SYSTEM, Reason.DENIED_BY_UNKNOWN):
        return NO_PERMISSION.get(platform, NO_PERMISSION["linux"])
    return SWITCHED_OFF.get(platform, SWITCHED_OFF["linux"])


def _by_text(error: BleakError) -> str | None:
    """Bleak tells some troubles only in words."""
    text = str(error).lower()
    if "inprogress" in text or "in progress" in text:
        return BUSY
    if "not found" in text:
        return GONE
    if "adapter" in text and ("no " in text or "power" in text):
        return NO_ADAPTER
    return None
