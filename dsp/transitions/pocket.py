"""Rising and sitting down, from a sensor in a trouser pocket or on the thigh."""

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.transitions.posture import follow_posture
from dsp.transitions.posture_parameters import (
    EMITTED,
    END,
    KIND,
    POSTURE_STATE,
    ROSE,
    SEAT,
    START,
    TURNED,
    WRITTEN_COLUMNS,
)
from dsp.wearing import Wearing


class ThighTransitions:
    """Emits `sit_to_stand` and `stand_to_sit` (CONTRACT §3) from how the thigh lies; nothing without a gyroscope.

    Who sits still and then walks with the thigh in another posture has risen; who comes to rest in another posture than
    walking's has sat down. A rise into quiet standing is told once walking has shown what standing is. `thigh_rad` is
    the angle between the two postures, `seat_off_s` and `seat_on_s` when the thigh leaves and meets the seat's posture.
    What belongs to the trunk is None. A rise is sent about 1 s after its end, at most 3 s; a sitting down 1 s after the
    thigh has come to lie, about when the trunk has settled too.
    """

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(POSTURE_STATE)
        self._out = np.empty((64, WRITTEN_COLUMNS))

    def update(self, block: BodyBlock) -> list[Event]:
        """Transitions that these rows brought out, in the order they were emitted."""
        events: list[Event] = []
        taken, n = 0, len(block)
        while taken < n:
            taken, made = follow_posture(self.state, block.first_index, block.rows, taken, self._out)
            events += [_event(row) for row in self._out[:made].tolist()]
        return events

    def finish(self, seen_s: float) -> list[Event]:
        """The end of the stream brings nothing out: where nobody came to rest nobody is known to sit."""
        return []


def _event(row: list[float]) -> Event:
    start_s, end_s = round(row[START], 4), min(round(row[END], 4), row[EMITTED])
    rose = row[KIND] == ROSE
    fields: dict[str, JsonValue] = {
        "duration_s": round(end_s - start_s, 4),
        "flexion_rad": None,
        "peak_rate_radps": None,
        "peak_return_rate_radps": None,
        "rise_m": None,
        "peak_velocity_mps": None,
        "seat_off_s": round(row[SEAT], 4) if rose else None,
        "seat_on_s": None if rose else round(row[SEAT], 4),
        "thigh_rad": round(row[TURNED], 4),
    }
    return Event("sit_to_stand" if rose else "stand_to_sit", start_s, row[EMITTED], end_s, fields)
