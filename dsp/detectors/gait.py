"""Steps, walking bouts, and the retraction of steps that were none."""

import math

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.gait import columns as c
from dsp.gait.contacts import (
    AT,
    BOUT,
    COUNT,
    EMITTED,
    EMITTED_COLUMNS,
    END,
    FINAL_CONTACT,
    KIND,
    LEFT,
    LENGTH,
    MEASURED,
    NO_WALK,
    NOT_YET,
    SIDE,
    SIDE_CONFIDENCE,
    STEP,
    STRIDE,
    STRONGER,
    WALKING,
    WHY,
)
from dsp.gait.lengths import length_model
from dsp.gait.parameters import record_of
from dsp.gait.quality import quality_of
from dsp.gait.stream import GAIT_STATE, MOST_PER_TICK, find
from dsp.gait.telling import BOUT_DIGITS, known_to, measured_fields, over, rolling_fields, whole
from dsp.gait.walking import give_up
from dsp.wearing import TRUNK, Wearing

REASONS = {
    NO_WALK: "no walk followed",
    NOT_YET: "weight was shifted before the first step",
    STRONGER: "a stronger contact followed at once",
}


class Gait:
    """Emits `step`, `walking_bout` and `retraction` (CONTRACT §3), each step at most 0.75 s after its contact.

    A contact is where the gait signal rises most steeply at the scale of the person's step: the vertical acceleration
    smoothed and differentiated, as in Shin and Park (2011) and McCamley (2010), but the smoothing follows the stride
    that the autocorrelation of all axes shows. A step is sent at once, and taken back when no walk follows. A bout's
    `steps` counts both feet; a sensor on one leg knows that the other foot stepped between two of its contacts.
    `cadence_spm`, `stride_time_s` and `step_time_s` rest on the bout's median stride. `side` is the sensor's own leg.
    A step tells `stride_time_s`, `stride_length_m` and `speed_mps` of the stride that it completes, as known at once,
    and at most every 2 s of a walk `rolling`: what a bout tells, over the walk's last 30 s.

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
        self._trunk = wearing.position in TRUNK
        self._length_model = length_model(wearing)
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
            return Event("step", time_s, emitted_s, None, self._step(row), at_end)
        if row[KIND] == BOUT:
            return Event("walking_bout", time_s, emitted_s, round(row[END], 4), self._bout(row), at_end)
        fields: dict[str, JsonValue] = {"of_kind": "step", "of_time_s": time_s, "why": REASONS[row[WHY]]}
        return Event("retraction", emitted_s, emitted_s, None, fields, at_end)

    def _step(self, row: list[float]) -> dict[str, JsonValue]:
        side, confidence = self._side, 1.0
        if side is None and math.isfinite(row[SIDE]):
            side, confidence = "left" if row[SIDE] == LEFT else "right", row[SIDE_CONFIDENCE]
        fields: dict[str, JsonValue] = {
            "side": side,
            "side_confidence": known_to(confidence, 3) if side is not None else None,
            "walking": True if row[WALKING] else None,
            "stride_time_s": known_to(row[STRIDE], 4),
            "stride_length_m": known_to(row[LENGTH], 3),
            "speed_mps": over(row[LENGTH], row[STRIDE], 3),
            "final_contact_s": known_to(row[FINAL_CONTACT], 4),
        }
        rolling = rolling_fields(row[MEASURED:], self._side is not None)
        if rolling is not None:
            fields["rolling"] = rolling
        return fields

    def _bout(self, row: list[float]) -> dict[str, JsonValue]:
        contacts, measured = int(row[COUNT]), row[MEASURED:]
        quality, reasons = quality_of(measured, self._trunk)
        return {
            "steps": contacts if self._side is None else 2 * contacts - 1,
            **measured_fields(measured),
            **{name: known_to(measured[column], digits) for name, (column, digits) in BOUT_DIGITS.items()},
            "harmonics": whole(measured[c.HARMONICS_USED]),
            "length_model": self._length_model if math.isfinite(measured[c.STRIDE_LENGTH_M]) else None,
            "quality": quality,
            "quality_reasons": [*reasons],
        }
