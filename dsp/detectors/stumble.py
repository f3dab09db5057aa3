"""Stumbles."""

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.stumbles.parameters import (
    AT,
    CONFIDENCE,
    EMITTED,
    GYRO,
    IMPACT,
    KIND,
    PLACES,
    SEVERITY,
    STUMBLE_STATE,
    TOLD,
    WRITTEN_COLUMNS,
)
from dsp.stumbles.stream import follow_stumbles
from dsp.wearing import Wearing

ROOM = 64  # candidates are 1 s apart and more


class Stumble:
    """Emits `stumble` (CONTRACT §3) less than 2 s after the disturbed step's hardest instant, in walking only.

    At the lower back, the waist and the chest; nothing elsewhere (dsp.stumbles.parameters.PLACES says why). Without a
    gyroscope turns and tilting are not seen: it is never so sure then that a stumble counts unasked. A bout's first 3 s
    are not watched, since its rhythm is not known yet, and neither is what the end of the stream cuts off.
    """

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(STUMBLE_STATE)
        self._watches = wearing.position in PLACES
        self._out = np.zeros((ROOM, WRITTEN_COLUMNS))

    def update(self, block: BodyBlock) -> list[Event]:
        """Stumbles that these rows brought out, in the order they were emitted."""
        events: list[Event] = []
        taken, n = 0, len(block) if self._watches else 0
        while taken < n:
            taken, made = follow_stumbles(self.state, block.first_index, block.rows, taken, self._out)
            events += [_event(row) for row in self._out[:made].tolist() if row[KIND] == TOLD]
        return events

    def finish(self, seen_s: float) -> list[Event]:
        """None: whether the wearer recovered was not seen."""
        return []


def _event(row: list[float]) -> Event:
    fields: dict[str, JsonValue] = {
        "severity": round(row[SEVERITY], 2),
        "confidence": round(row[CONFIDENCE], 3),
        "impact_mps2": round(row[IMPACT], 2),
        "turning_seen": row[GYRO] == 1.0,
    }
    return Event("stumble", round(row[AT], 4), row[EMITTED], None, fields)
