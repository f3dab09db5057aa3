"""Steps, walking bouts, and the retraction of steps that were none."""

import math

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.gait.contacts import (
    AT,
    BOUT,
    COUNT,
    EMITTED,
    EMITTED_COLUMNS,
    END,
    KIND,
    MEASURED,
    NO_WALK,
    NOT_YET,
    STEP,
    STRIDE,
    STRONGER,
    WALKING,
    WHY,
)
from dsp.gait.measures import (
    ASYMMETRY,
    DISTANCE_M,
    HARMONICS_USED,
    RATIO_AP,
    RATIO_ML,
    RATIO_V,
    SPEED_ERROR_MPS,
    SPEED_MPS,
    STEP_REGULARITY,
    STRIDE_CV,
    STRIDE_LENGTH_M,
    STRIDE_REGULARITY,
    STRIDE_SD_S,
    STRIDES,
)
from dsp.gait.parameters import record_of
from dsp.gait.stream import GAIT_STATE, MOST_PER_TICK, find
from dsp.gait.walking import give_up
from dsp.wearing import Wearing

REASONS = {
    NO_WALK: "no walk followed",
    NOT_YET: "weight was shifted before the first step",
    STRONGER: "a stronger contact followed at once",
}
DIGITS = {
    "stride_time_sd_s": (STRIDE_SD_S, 4),
    "stride_time_cv": (STRIDE_CV, 4),
    "step_time_asymmetry": (ASYMMETRY, 4),
    "step_regularity": (STEP_REGULARITY, 3),
    "stride_regularity": (STRIDE_REGULARITY, 3),
    "harmonic_ratio_vertical": (RATIO_V, 3),
    "harmonic_ratio_ap": (RATIO_AP, 3),
    "harmonic_ratio_ml": (RATIO_ML, 3),
    "stride_length_m": (STRIDE_LENGTH_M, 3),
    "speed_mps": (SPEED_MPS, 3),
    "distance_m": (DISTANCE_M, 2),
    "speed_expected_error_mps": (SPEED_ERROR_MPS, 3),
}


class Gait:
    """Emits `step`, `walking_bout` and `retraction` (CONTRACT §3), each step at most 0.75 s after its contact.

    A contact is where the gait signal rises most steeply at the scale of the person's step: the vertical acceleration
    smoothed and differentiated, as in Shin and Park (2011) and McCamley (2010), but the smoothing follows the stride
    that the autocorrelation of all axes shows. A step is sent at once, and taken back when no walk follows. A bout's
    `steps` counts both feet; a sensor on one leg knows that the other foot stepped between two of its contacts.
    `cadence_spm` and `stride_time_s` rest on the bout's median stride. `side` is the sensor's own leg, else None.

    Over a bout (clinical reference §3.2): `stride_time_sd_s` and `stride_time_cv` of the `strides` outside turns, from
    ten on; `step_time_asymmetry`, the two feet's difference over their mean, without saying which foot; regularities
    and `symmetry` by the unbiased autocorrelation of the vertical acceleration (Moe-Nilssen and Helbostad 2004), turns
    and pauses included; harmonic ratios of steady strides outside turns, from as many `harmonics` as the sensor's rate
    carries, 20 at most. At the lower back, with a height, `stride_length_m`, `speed_mps` over the strides without a
    pause, `distance_m` from standing to the last contact, by an inverted pendulum (see dsp.gait.measures); the mean
    error to expect of the speed is `speed_expected_error_mps`. None is what could not be measured.
    """

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(GAIT_STATE)
        self._parameters = record_of(wearing)
        self._side = wearing.side
        self._out = np.empty((8 * MOST_PER_TICK, EMITTED_COLUMNS))

    def update(self, block: BodyBlock) -> list[Event]:
        """Events that these rows brought out, in the order they were emitted."""
        state, parameters, rows, out = self.state, self._parameters, block.rows, self._out
        events: list[Event] = []
        taken, n = 0, rows.shape[0]
        while taken < n:
            taken, made = find(state, parameters, block.first_index, rows, taken, out)
            if made:
                events += [self._event(row, False) for row in out[:made].tolist()]
        return events

    def finish(self, seen_s: float) -> list[Event]:
        """Takes back what was never confirmed and closes the bout in progress."""
        made = give_up(self.state, self._parameters, seen_s, self._out)
        return [self._event(row, True) for row in self._out[:made].tolist()]

    def _event(self, row: list[float], at_end: bool) -> Event:
        time_s, emitted_s = round(row[AT], 4), row[EMITTED]
        if row[KIND] == STEP:
            fields: dict[str, JsonValue] = {"side": self._side, "walking": True if row[WALKING] else None}
            return Event("step", time_s, emitted_s, None, fields, at_end)
        if row[KIND] == BOUT:
            return Event("walking_bout", time_s, emitted_s, round(row[END], 4), self._bout(row), at_end)
        fields = {"of_kind": "step", "of_time_s": time_s, "why": REASONS[row[WHY]]}
        return Event("retraction", emitted_s, emitted_s, None, fields, at_end)

    def _bout(self, row: list[float]) -> dict[str, JsonValue]:
        contacts, stride_s = int(row[COUNT]), row[STRIDE]
        known = math.isfinite(stride_s)
        measured = row[MEASURED:]
        return {
            "steps": contacts if self._side is None else 2 * contacts - 1,
            "cadence_spm": round(120.0 / stride_s, 2) if known else None,
            "stride_time_s": round(stride_s, 4) if known else None,
            "strides": whole(measured[STRIDES]),
            **{name: known_to(measured[column], digits) for name, (column, digits) in DIGITS.items()},
            "symmetry": symmetry(measured[STEP_REGULARITY], measured[STRIDE_REGULARITY]),
            "harmonics": whole(measured[HARMONICS_USED]),
        }


def known_to(value: float, digits: int) -> float | None:
    """The value rounded, None where it is not known."""
    return round(value, digits) if math.isfinite(value) else None


def whole(value: float) -> int | None:
    """The number, None where it is not known."""
    return round(value) if math.isfinite(value) else None


def symmetry(step: float, stride: float) -> float | None:
    """Step over stride regularity (Moe-Nilssen and Helbostad 2004), None unless a stride repeats itself."""
    return round(step / stride, 3) if math.isfinite(step) and stride > 0.0 else None
