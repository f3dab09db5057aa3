"""Turns of the wearer about the vertical."""

import math

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import State, fresh
from dsp.events import Event, JsonValue
from dsp.turns.parameters import (
    ANGLE,
    EMITTED,
    EMITTED_COLUMNS,
    END,
    HESITATIONS,
    LEG_MERGE_S,
    MERGE_S,
    MOST_PER_TICK,
    PEAK,
    START,
    TICK_HZ,
    TURN_PARAMETERS,
    TURN_STATE,
)
from dsp.turns.stream import follow, settle
from dsp.wearing import TRUNK, Wearing

# Horizontal rates that a turn may have, relative to its vertical rate (root mean squares). A body that turns carries a
# trunk round with it, 0.1 to 0.4 in 66 turns of voisard_healthy; with an axis 35 degrees off the vertical and more,
# somebody falls, rolls or bends. A phone held before the body does as the trunk does (16 turns of walk_5m); a hand
# that swings has 0.4 and more in turns and mere gestures alike, so that a wrist cannot tell the two apart (geotec_tug:
# 226 of 230 turns, but 94 false). Thighs and feet swing about the left axis with every step and still follow the body.
TRUNK_SHARE = 0.7
HELD_SHARE = 0.4


class Turn:
    """Emits `turn` (CONTRACT §3) with `duration_s` and `hesitations`; never at the wrist, never without a gyroscope.

    Start and end by low-passed rate about the vertical after El-Gohary (2014), parts with a short hesitation between
    them joined (Shah 2021). It is sent 2 to 3 s after its end, later where more of the same direction follows: at most
    11 s. `angle_rad` and `peak_rate_radps` (a magnitude, at 1.5 Hz) are None where the stream had a hole.
    `steps_in_turn` is None here: contacts are another detector's, dsp.turns.steps counts them.
    """

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(TURN_STATE)
        self._deaf = wearing.position == "wrist"
        self._one_leg = wearing.side is not None
        self._parameters = _parameters(wearing)
        self._out = np.empty((2 * MOST_PER_TICK, EMITTED_COLUMNS))

    def update(self, block: BodyBlock) -> list[Event]:
        """Turns that these rows brought out, in the order they were emitted."""
        events: list[Event] = []
        taken, n = 0, 0 if self._deaf else len(block)
        while taken < n:
            taken, made = follow(self.state, self._parameters, block.first_index, block.rows, taken, self._out)
            if made:
                events += [self._event(row, False) for row in self._out[:made].tolist()]
        return events

    def finish(self, seen_s: float) -> list[Event]:
        """The turn that had ended and was waiting for what might follow."""
        made = settle(self.state[0], self.state["ticks"][0], self._parameters[0], seen_s, self._out, 0)
        return [self._event(row, True) for row in self._out[:made].tolist()]

    def _event(self, row: list[float], at_end: bool) -> Event:
        start_s, end_s = round(row[START], 4), round(row[END], 4)
        known = math.isfinite(row[ANGLE])
        fields: dict[str, JsonValue] = {
            "angle_rad": round(row[ANGLE], 5) if known else None,
            "peak_rate_radps": round(row[PEAK], 5) if known else None,
            "duration_s": round(end_s - start_s, 4),
            "hesitations": None if self._one_leg else int(row[HESITATIONS]),
            "steps_in_turn": None,
        }
        return Event("turn", start_s, row[EMITTED], end_s, fields, at_end)


def _parameters(wearing: Wearing) -> State:
    p = fresh(TURN_PARAMETERS)
    share = HELD_SHARE if wearing.position == "hand" else math.inf
    p["most_across"] = (TRUNK_SHARE if wearing.position in TRUNK else share) ** 2
    p["merge_ticks"] = round((MERGE_S if wearing.side is None else LEG_MERGE_S) * TICK_HZ)
    return p
