"""What goes wrong between a virtual sensor and its receiver, decided before it happens."""

import random
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class GilbertElliott:
    """Bursts of loss: a two-state chain, one step per notification (Gilbert 1960, Elliott 1963)."""

    enter: float = 0.01  # probability of going from the good state to the bad one
    leave: float = 0.3  # and back
    lose_good: float = 0.0
    lose_bad: float = 1.0


@dataclass(frozen=True, slots=True)
class Faults:
    """A sensor's permanent habits; single incidents (cut, stall, vanish ...) are methods of VirtualSensor.

    The `every` fields count the frames of each stream: every n-th frame, 0 for never. Loss is drawn for each single
    notification, so a frame that was sent in parts may lose one of them.
    """

    drop_every: int = 0
    duplicate_every: int = 0
    reorder_every: int = 0  # such a frame is sent after its successor
    loss: GilbertElliott | None = None
    clock_error_ppm: float = 0.0  # positive: the sensor's clock runs fast
    jitter_s: float = 0.0  # each frame leaves up to this much late, uniformly; order is kept
    first_tick: int = 0  # what the sensor's counter shows at power-on, to make it wrap early
    max_mtu: int = 517
    seed: int = 0


class Fate(StrEnum):
    """What happens to a frame."""

    SENT = "sent"
    DROPPED = "dropped"
    DUPLICATED = "duplicated"
    HELD = "held"  # until the next frame was sent
    STALLED = "stalled"  # not sent: the sensor is in a stall


class Fates:
    """The fates of one stream's frames, in order; the same for the same faults and stream."""

    def __init__(self, faults: Faults, stream: str = "") -> None:
        self._faults = faults
        self._random = random.Random(f"{faults.seed} {stream}")
        self._frames = 0
        self._bad = False

    def next_frame(self) -> Fate:
        self._frames += 1
        for every, fate in (
            (self._faults.drop_every, Fate.DROPPED),
            (self._faults.reorder_every, Fate.HELD),
            (self._faults.duplicate_every, Fate.DUPLICATED),
        ):
            if every and self._frames % every == 0:
                return fate
        return Fate.SENT

    def loses_notification(self) -> bool:
        chain = self._faults.loss
        if chain is None:
            return False
        turn = self._random.random() < (chain.leave if self._bad else chain.enter)
        self._bad = self._bad != turn
        return self._random.random() < (chain.lose_bad if self._bad else chain.lose_good)

    def delay_s(self) -> float:
        return self._random.uniform(0.0, self._faults.jitter_s) if self._faults.jitter_s else 0.0
