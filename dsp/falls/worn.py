"""Whether the sensor is on somebody at all: a status, never a fall."""

import math
from dataclasses import dataclass
from typing import Literal

from dsp.body import BODY_RATE_HZ
from dsp.detector import State
from dsp.falls.parameters import (
    DEAD_MPS2,
    DEAD_STILL_MPS2,
    EVERY,
    FREE,
    FREE_MPS2,
    LIGHT_FROM,
    NOT_WORN,
    OFF_AFTER,
    SETTLED,
    STILL,
    TICK_HZ,
    UNKNOWN,
    WORN,
    WORN_MPS2,
)
from dsp.falls.signs import kept, stirring
from dsp.kernels import Record, kernel


@dataclass(frozen=True, slots=True)
class Worn:
    """`since_s`: seconds of the session since when it has been so; None while unknown."""

    state: Literal["worn", "not_worn", "unknown"]
    since_s: float | None


UNSEEN = Worn("unknown", None)


def worn_of(state: State) -> Worn:
    """What a fall detector's state says."""
    code = int(state[0]["worn"])
    if code == UNKNOWN:
        return UNSEEN
    return Worn("worn" if code == WORN else "not_worn", round(float(state[0]["worn_s"]), 2))


@kernel
def follow_worn(s: Record) -> None:
    """One more tick: a body breathes, so a sensor that only shows its own noise for a minute is on nobody.

    A sensor so coarse that it reads exactly the same all the time cannot tell, nor can one whose noise covers a breath
    (0.02 to 0.05 m/s2, simulator reference §5).
    """
    now = s["ticks"] - 1
    slot = kept(s, now)
    learn = 1.0 / STILL if now >= STILL else 1.0 / (now + 1.0)
    over = 0.0
    for c in range(3):
        off = s["acc"][slot, c] - s["mean"][c]
        s["mean"][c] += learn * off
        over += off * off
    s["spread"] += learn * (over - s["spread"])
    scatter = math.sqrt(s["spread"])
    if scatter > WORN_MPS2:
        s["quiet"] = 0
        if s["worn"] != WORN and now >= STILL:
            turn(s, WORN, 0)
    elif DEAD_STILL_MPS2[0] < scatter < DEAD_STILL_MPS2[1]:
        s["quiet"] += 1
        if s["quiet"] >= OFF_AFTER and s["worn"] != NOT_WORN:
            turn(s, NOT_WORN, s["quiet"])
    else:
        s["quiet"] = 0


@kernel
def turn(s: Record, code: int, ago: int) -> None:
    s["worn"] = code
    s["worn_s"] = (s["last_tick"] * EVERY) / BODY_RATE_HZ - ago / TICK_HZ


@kernel
def dropped(s: Record, k: int) -> bool:
    """Whether a candidate is a sensor that fell on its own: free fall before, nothing but its noise after it."""
    free = most = 0
    for at in range(k - LIGHT_FROM, k + 1):
        free = free + 1 if s["norm"][kept(s, at)] < FREE_MPS2 else 0
        most = max(most, free)
    return most >= FREE and stirring(s, k + SETTLED[0], k + SETTLED[1]) < DEAD_MPS2
