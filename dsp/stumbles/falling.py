"""A fall's impact is no stumble besides: the stumble told of it is taken back when the fall is told."""

import numpy as np

from dsp.detector import State, fresh
from dsp.events import Event, JsonValue

SAME_S = 0.6  # between the two: a body's rebounds come within 0.5 s (dsp.falls.parameters)
FELL = "It was the impact of a fall."

LAST_STUMBLE = np.dtype([("told", np.int64), ("time_s", np.float64)], align=True)


class FallsNotStumbles:
    """Takes a stumble back that was a fall's impact; one that led to the fall, earlier, stands.

    A stumble is told a second before a fall is. It stays taken back when the wearer then walks on and the fall is taken
    back too: they were asked about the fall. `state` is all that is remembered, as with a detector.
    """

    def __init__(self) -> None:
        self.state: State = fresh(LAST_STUMBLE)

    def join(self, events: list[Event]) -> list[Event]:
        """The same events, which must come in the order they were emitted, and what is taken back."""
        return [out for event in events for out in self._followed(event)]

    def _followed(self, event: Event) -> list[Event]:
        s = self.state[0]
        if event.kind == "stumble":
            s["told"], s["time_s"] = 1, event.time_s
        if event.kind != "fall" or not s["told"] or abs(event.time_s - s["time_s"]) > SAME_S:
            return [event]
        s["told"] = 0
        why: dict[str, JsonValue] = {"of_kind": "stumble", "of_time_s": float(s["time_s"]), "why": FELL}
        return [event, Event("retraction", event.emitted_s, event.emitted_s, None, why, event.at_end)]
