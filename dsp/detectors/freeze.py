"""Freezing of gait."""

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.freezes.parameters import (
    EMITTED,
    END,
    ENTER,
    FORM,
    FREEZE_STATE,
    INDEX,
    OWN,
    START,
    TREMBLING,
    WRITTEN_COLUMNS,
)
from dsp.freezes.stream import finish_freezes, follow_freezes
from dsp.wearing import Wearing
from sensing.block import Position

# At the thigh and the lower back the same rule is a guess: 0.73 and 0.42 of stanford_fog pt6's frozen time is found
# (0.87 and 0.75 of daphnet S02's); nobody has recordings of freezes at a foot (server/bench/freezes.py).
PLACES: frozenset[Position] = frozenset({"ankle_left", "ankle_right"})


class Freeze:
    """Emits `freeze` (CONTRACT §3) where `Wearing.freezes` asks for it, at an ankle; nothing anywhere else.

    A leg freezes while its freeze index (Moore 2008, Baechlin 2009) stands out from the wearer's own walking's, the
    more easily the less its motion is like the strides around it; with somebody who has walked within the last 10 s,
    and not while standing. Looked back upon from 3.6 s later (LOOK_AHEAD_S). `form` says whether most of it was
    "trembling", which is sent 4.7 s after its end, or "halting", which is sent once the wearer walks on, 4.7 to 8.7 s
    after its end, and never where they do not: whoever stops and stays has stopped. A freeze of two minutes is sent
    then and not followed on. `freeze_index` is that of the whole episode, `own_freeze_index` what the wearer's walking
    has. Without a gyroscope half of the halting ones are missed; a sensor below 20 Hz cannot feel all of the trembling.
    """

    enter = ENTER  # log; what the trade-off is drawn over

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(FREEZE_STATE)
        self._on = wearing.freezes and wearing.position in PLACES
        self._out = np.zeros((64, WRITTEN_COLUMNS))

    def update(self, block: BodyBlock) -> list[Event]:
        """Freezes that these rows brought out, in the order they were emitted."""
        events: list[Event] = []
        taken, n = 0, len(block) if self._on else 0
        while taken < n:
            taken, made = follow_freezes(self.state, block.first_index, block.rows, taken, self.enter, self._out)
            events += [_event(row) for row in self._out[:made].tolist()]
        return events

    def finish(self, seen_s: float) -> list[Event]:
        """A freeze that the stream's end cuts off."""
        made = finish_freezes(self.state, seen_s, self._out) if self._on else 0
        return [_event(row, True) for row in self._out[:made].tolist()]


def _event(row: list[float], at_end: bool = False) -> Event:
    fields: dict[str, JsonValue] = {
        "freeze_index": round(row[INDEX], 2),
        "own_freeze_index": round(row[OWN], 2),
        "form": "trembling" if row[FORM] == TREMBLING else "halting",
    }
    return Event("freeze", round(row[START], 2), row[EMITTED], round(row[END], 2), fields, at_end)
