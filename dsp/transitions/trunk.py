"""Rising and sitting down, from a sensor at the trunk or held before it."""

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.transitions.trunk_parameters import (
    BACK,
    EMITTED,
    END,
    FLEXION,
    FORWARD,
    KIND,
    MOST_PER_TICK,
    RISE,
    ROSE,
    SEAT,
    SEAT_MET_S,
    SPEED,
    START,
    TRUNK_STATE,
    WRITTEN_COLUMNS,
)
from dsp.transitions.trunk_stream import begin, finish_trunk, follow_trunk
from dsp.wearing import Wearing

POSSIBLE_M = (0.12, 0.60)  # a way beyond these was not measured well


class TrunkTransitions:
    """Emits `sit_to_stand` and `stand_to_sit` (CONTRACT §3) from the push of the seat and the lean of the trunk.

    The length of the acceleration, which needs no orientation, is matched with a rise's; around it the trunk must lean
    by 8 degrees and more, be quiet on the seat (or the movements follow each other in a set), and not lie afterwards.
    `flexion_rad`, `peak_rate_radps`, `peak_return_rate_radps` are of the trunk's lean; `seat_off_s` or `seat_on_s` is
    when the seat is left or met, by where the lean turns back. `rise_m` and `peak_velocity_mps`
    are of the vertical, None where they are not a chair's. Squatting cannot be told from sitting down here.
    A rise is sent 2 to 3 s after its middle, a sitting down 3 to 4 s.
    """

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(TRUNK_STATE)
        begin(self.state[0])
        self._out = np.empty((4 * MOST_PER_TICK, WRITTEN_COLUMNS))

    def update(self, block: BodyBlock) -> list[Event]:
        """Transitions that these rows brought out, in the order they were emitted."""
        events: list[Event] = []
        taken, n = 0, len(block)
        while taken < n:
            taken, made = follow_trunk(self.state, block.first_index, block.rows, taken, self._out)
            events += [_event(row) for row in self._out[:made].tolist()]
        return events

    def finish(self, seen_s: float) -> list[Event]:
        """The last movement, where the stream ends before it is certain that nothing goes with it."""
        made = finish_trunk(self.state, seen_s, self._out)
        return [_event(row, True) for row in self._out[:made].tolist()]


def _event(row: list[float], at_end: bool = False) -> Event:
    start_s, end_s = round(row[START], 4), min(round(row[END], 4), row[EMITTED])
    rose = row[KIND] == ROSE
    known = POSSIBLE_M[0] <= abs(row[RISE]) <= POSSIBLE_M[1] and (row[RISE] > 0.0) == rose
    fields: dict[str, JsonValue] = {
        "duration_s": round(end_s - start_s, 4),
        "flexion_rad": round(row[FLEXION], 4),
        "peak_rate_radps": round(row[FORWARD], 4),
        "peak_return_rate_radps": round(row[BACK], 4),
        "rise_m": round(row[RISE], 3) if known else None,
        "peak_velocity_mps": round(row[SPEED], 3) if known else None,
        "seat_off_s": round(row[SEAT], 4) if rose else None,
        "seat_on_s": None if rose else round(min(row[SEAT] + SEAT_MET_S, row[EMITTED]), 4),
        "thigh_rad": None,
    }
    return Event("sit_to_stand" if rose else "stand_to_sit", start_s, row[EMITTED], end_s, fields, at_end)
