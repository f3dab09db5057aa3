"""How many steps a turn took: the gait detector's contacts counted into the turn detector's turns."""

from dataclasses import replace

import numpy as np

from dsp.body import Floats
from dsp.detector import State, fresh
from dsp.events import Event
from dsp.kernels import Record
from dsp.wearing import Wearing

KEPT = 128  # contacts: a turn is sent at most 21 s after it began, so nobody takes more
MATCH_S = 1e-3

STEPS_STATE = np.dtype([("time_s", np.float64, (KEPT,)), ("count", np.int64)], align=True)


class StepsInTurns:
    """Fills in `steps_in_turn` of every `turn` with the contacts between its start and end.

    It rests on the steps that stand at the moment the turn is sent, 2 s and more after its end, when the last of them
    has long been sent. None where there is none, for then nothing is known of the feet, and with a sensor on one leg,
    which does not feel the other's steps. `state` is all that is remembered, as with a detector.
    """

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(STEPS_STATE)
        self._one_leg = wearing.side is not None

    def join(self, events: list[Event]) -> list[Event]:
        """The same events, which must come in the order they were emitted."""
        return [self._taken(event) for event in events]

    def _taken(self, event: Event) -> Event:
        s = self.state[0]
        keep_step(s, event)
        if event.kind == "turn" and event.end_s is not None and not self._one_leg:
            inside = steps_within(s, event.time_s, event.end_s).size
            return replace(event, fields={**event.fields, "steps_in_turn": inside or None})
        return event


def keep_step(record: Record, event: Event) -> None:
    """Takes a `step`, or one back, into the ring `time_s` of a record that counts in `count`; no other kind."""
    times_s, n = record["time_s"], int(record["count"])
    if event.kind == "step":
        times_s[n % times_s.size] = event.time_s
        record["count"] = n + 1
    elif event.kind == "retraction" and event.fields.get("of_kind") == "step":
        times_s[np.abs(times_s - event.fields["of_time_s"]) < MATCH_S] = -np.inf


def steps_within(record: Record, start_s: float, end_s: float) -> Floats:
    """Times of the kept steps from start_s to end_s, in order."""
    times_s = record["time_s"][: int(record["count"])]
    inside: Floats = np.sort(times_s[(times_s >= start_s) & (times_s <= end_s)])
    return inside
