"""Rising from a seat and sitting down."""

import numpy as np

from dsp.body import BodyBlock
from dsp.detector import Detector, State, fresh
from dsp.events import Event
from dsp.transitions.pocket import ThighTransitions
from dsp.transitions.trunk import TrunkTransitions
from dsp.wearing import Wearing
from sensing.block import Position

BY_PLACE: dict[Position, type[Detector]] = {
    "lower_back": TrunkTransitions,
    "waist": TrunkTransitions,
    "chest": TrunkTransitions,
    "hand": TrunkTransitions,  # held before the body
    "pocket": ThighTransitions,
    "thigh": ThighTransitions,
}
NOTHING = np.dtype([("nothing", np.int64)])


class Transition:
    """Emits `sit_to_stand` and `stand_to_sit` (CONTRACT §3) by what the sensor's place shows of them.

    Nothing at places that are not in BY_PLACE: feet hardly move, and an arm's gesture is no rise (a wrist's are told
    with a whole Timed Up and Go, see dsp.clinic.tug_wrist).
    """

    def __init__(self, wearing: Wearing) -> None:
        make = BY_PLACE.get(wearing.position)
        self._own = make(wearing) if make is not None else None
        self.state: State = self._own.state if self._own is not None else fresh(NOTHING)

    def update(self, block: BodyBlock) -> list[Event]:
        """Transitions that these rows brought out, in the order they were emitted."""
        return self._own.update(block) if self._own is not None else []

    def finish(self, seen_s: float) -> list[Event]:
        """What only the end of the stream brings out."""
        return self._own.finish(seen_s) if self._own is not None else []
