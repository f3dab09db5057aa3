"""The virtual sensors there are, one for each driver and variant."""

from collections.abc import Callable, Mapping

from sensing.virtual.faults import Faults
from sensing.virtual.firmware import Firmware
from sensing.virtual.gaitimu import GaitImuFirmware
from sensing.virtual.motion import Motion, Movement, PlayedMotion
from sensing.virtual.movesense import MovesenseFirmware
from sensing.virtual.polar import PolarFirmware
from sensing.virtual.sensor import VirtualSensor

FIRMWARE: Mapping[str, Mapping[str, tuple[str, Callable[[], Firmware]]]] = {  # driver: variant: (name, firmware)
    "movesense": {
        "production": ("Movesense {:012d}", MovesenseFirmware),
        "sample_app": ("Movesense {:012d}", lambda: MovesenseFirmware("sample_app")),
        "silent": ("Movesense {:012d}", lambda: MovesenseFirmware("silent")),
    },
    "polar": {
        "h10": ("Polar H10 {:08d}", PolarFirmware),
        "verity": ("Polar Sense {:08d}", lambda: PolarFirmware("verity")),
    },
    "gaitimu": {"board": ("GaitIMU {:04d}", GaitImuFirmware)},
}


def virtual_sensor(
    driver_name: str,
    source: Movement | Motion,
    *,
    number: int = 0,
    variant: str | None = None,
    name: str | None = None,
    faults: Faults | None = None,
    loop: bool = True,
    battery_percent: int = 77,
) -> VirtualSensor:
    """A sensor of a kind that feels `source`: anything with a recording's arrays, or a Motion.

    number: 0 to 255, gives name and address. variant: see FIRMWARE, by default the driver's first. Raises KeyError for
    a driver or variant that is not there.
    """
    variants = FIRMWARE[driver_name]
    pattern, firmware = variants[variant or next(iter(variants))]
    motion = source if isinstance(source, Motion) else PlayedMotion(source, loop=loop)
    return VirtualSensor(
        firmware(),
        motion,
        name=name or pattern.format(number),
        address=f"F0:11:22:33:{list(FIRMWARE).index(driver_name):02X}:{number:02X}",
        faults=faults,
        battery_percent=battery_percent,
    )
