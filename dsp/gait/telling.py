"""From the kernels' columns to an event's fields."""

import math
from collections.abc import Sequence

from dsp.events import JsonValue
from dsp.gait import columns as c

MEASURED_DIGITS = {
    "stride_time_sd_s": (c.STRIDE_SD_S, 4),
    "stride_time_cv": (c.STRIDE_CV, 4),
    "step_time_asymmetry": (c.ASYMMETRY, 4),
    "step_regularity": (c.STEP_REGULARITY, 3),
    "stride_regularity": (c.STRIDE_REGULARITY, 3),
    "harmonic_ratio_vertical": (c.RATIO_V, 3),
    "harmonic_ratio_ap": (c.RATIO_AP, 3),
    "harmonic_ratio_ml": (c.RATIO_ML, 3),
    "stride_length_m": (c.STRIDE_LENGTH_M, 3),
    "speed_mps": (c.SPEED_MPS, 3),
    "speed_expected_error_mps": (c.SPEED_ERROR_MPS, 3),
    "smoothness": (c.SMOOTHNESS, 3),
    "double_support": (c.DOUBLE_SUPPORT, 3),
}
BOUT_DIGITS = {
    "distance_m": (c.DISTANCE_M, 2),
    "stance_time_s": (c.STANCE_S, 4),
    "swing_time_s": (c.SWING_S, 4),
}


def known_to(value: float, digits: int) -> float | None:
    """The value rounded, None where it is not known."""
    return round(value, digits) if math.isfinite(value) else None


def whole(value: float) -> int | None:
    """The number, None where it is not known."""
    return round(value) if math.isfinite(value) else None


def over(above: float, below: float, digits: int) -> float | None:
    """The ratio rounded, None where either is not known or the second not positive."""
    return round(above / below, digits) if below > 0.0 and math.isfinite(above) else None


def measured_fields(measured: Sequence[float]) -> dict[str, JsonValue]:
    """What a bout and the last seconds of a walk have in common."""
    stride_s = measured[c.USUAL_STRIDE_S]
    return {
        "cadence_spm": over(120.0, stride_s, 2),
        "step_time_s": over(stride_s, 2.0, 4),
        "stride_time_s": known_to(stride_s, 4),
        "strides": whole(measured[c.STRIDES]),
        **{name: known_to(measured[column], digits) for name, (column, digits) in MEASURED_DIGITS.items()},
        "symmetry": over(measured[c.STEP_REGULARITY], measured[c.STRIDE_REGULARITY], 3),
    }


def rolling_fields(measured: Sequence[float], one_leg: bool) -> dict[str, JsonValue] | None:
    """The `rolling` object of a step, None where there is none with it."""
    if math.isnan(measured[c.WINDOW_S]):
        return None
    contacts = round(measured[c.CONTACTS])
    return {
        "window_s": round(measured[c.WINDOW_S], 2),
        "steps": 2 * contacts - 1 if one_leg else contacts,
        **measured_fields(measured),
    }
