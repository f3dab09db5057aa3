"""A simulated Bluetooth radio: bumble peripherals with the sensors' own bytes, and a Bleak backend that hears them."""

from sensing.virtual.catalogue import virtual_sensor
from sensing.virtual.faults import Faults, GilbertElliott
from sensing.virtual.motion import CountingMotion, Motion, Movement, PlayedMotion
from sensing.virtual.obedient import ObedientWearer
from sensing.virtual.radio import VirtualRadio
from sensing.virtual.sensor import VirtualSensor

__all__ = [
    "CountingMotion",
    "Faults",
    "GilbertElliott",
    "Motion",
    "Movement",
    "ObedientWearer",
    "PlayedMotion",
    "VirtualRadio",
    "VirtualSensor",
    "virtual_sensor",
]
