"""Falls."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.falls.aftermath import Fallen, fallen_of
from dsp.falls.parameters import (
    AT,
    CONFIDENCE,
    EMITTED,
    EVERY,
    FALL_STATE,
    IMPACT,
    KIND,
    LYING,
    MEASURED,
    MOST_PER_ROW,
    PATH,
    PLACE,
    SOFT,
    TAKEN_BACK,
    TURNED,
    WATCHING,
    WRITTEN_COLUMNS,
)
from dsp.falls.phases import DESCENT, NAMES
from dsp.falls.stream import finish_falls, follow_falls
from dsp.falls.worn import Worn, worn_of
from dsp.wearing import Wearing

WALKED_ON = "The wearer walked on."


class Fall:
    """Emits `fall` (CONTRACT §3) at most 3 s after its impact, and takes it back when the wearer walks on.

    Works at every place, with and without a gyroscope (it asks the acceleration alone), from 12.5 Hz on. `lying_s` is
    what was known when the event was sent, None at the wrist and in the hand, whose posture is not the body's. `soft`
    falls had no hard impact. `phases` are those of dsp.falls.phases, each until the next one begins.
    """

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(FALL_STATE)
        self._place = PLACE[wearing.position]
        self._out = np.zeros((MOST_PER_ROW + 64, WRITTEN_COLUMNS))

    def update(self, block: BodyBlock) -> list[Event]:
        """Falls that these rows brought out, in the order they were emitted."""
        events: list[Event] = []
        taken, n = 0, len(block)
        while taken < n:
            taken, made = follow_falls(self.state, block.first_index, block.rows, taken, self._place, self._out)
            events += _events(self._out[:made])
        return events

    def finish(self, seen_s: float) -> list[Event]:
        """A fall in the last seconds, by what was seen of it."""
        made = finish_falls(self.state, seen_s, self._place, self._out)
        return _events(self._out[:made], True)

    def fallen(self) -> Fallen | None:
        """What has become of who fell last, None where nobody did."""
        return fallen_of(self.state)

    def worn(self) -> Worn:
        """Whether anybody wears the sensor."""
        return worn_of(self.state)


def _events(rows: "np.ndarray[tuple[int, int], np.dtype[np.float64]]", at_end: bool = False) -> list[Event]:
    return [_event(row, at_end) for row in rows.tolist() if row[KIND] != WATCHING]


def _event(row: list[float], at_end: bool) -> Event:
    time_s, emitted_s = round(row[AT], 4), row[EMITTED]
    if row[KIND] == TAKEN_BACK:
        taken: dict[str, JsonValue] = {"of_kind": "fall", "of_time_s": time_s, "why": WALKED_ON}
        return Event("retraction", emitted_s, emitted_s, None, taken)
    began = row[PATH:MEASURED]
    fields: dict[str, JsonValue] = {
        "confidence": round(row[CONFIDENCE], 3),
        "impact_mps2": round(row[IMPACT], 2),
        "lying_s": None if math.isnan(row[LYING]) else round(row[LYING], 2),
        "descent_start_s": round(time_s + began[DESCENT] * EVERY / BODY_RATE_HZ, 2) if began[DESCENT] > -1000 else None,
        "posture_change_rad": round(row[TURNED], 3),
        "soft": row[SOFT] == 1.0,
        "phases": _phases(time_s, began, emitted_s),
    }
    return Event("fall", time_s, emitted_s, None, fields, at_end)


def _phases(time_s: float, began: list[float], emitted_s: float) -> list[JsonValue]:
    """The phases that there were, in order of time, each until the next one."""
    starts = sorted((at, phase) for phase, at in enumerate(began) if at > -1000)
    times = [round(time_s + at * EVERY / BODY_RATE_HZ, 2) for at, _ in starts]
    ends = [*times[1:], round(emitted_s, 2)]
    return [
        {"name": NAMES[phase], "start_s": start_s, "end_s": max(start_s, end_s)}
        for (_, phase), start_s, end_s in zip(starts, times, ends, strict=True)
    ]
