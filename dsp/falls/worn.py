"""Whether the sensor is on somebody at all: a status, never a fall."""

from dataclasses import dataclass
from typing import Literal

from dsp.body import BODY_RATE_HZ
from dsp.detector import State
from dsp.falls.parameters import (
    DEAD_MPS2,
    EVERY,
    FINE_MPS2,
    FREE,
    FREE_MPS2,
    LIGHT_FROM,
    NOT_WORN,
    OFF_MPS2,
    OFF_SECONDS,
    PUTTING_ON_S,
    SECOND,
    SETTLED,
    TICK_HZ,
    UNKNOWN,
    WHITE,
    WINDOW,
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
def follow_worn(s: Record, place: int) -> None:
    """One more tick: a sensor that shows nothing but white noise for long is on nobody.

    One that is so coarse that it reads exactly the same cannot tell; nor one below about 50 Hz, whose ticks are not
    independent. Both count as worn or unknown, never as off.
    """
    now = s["ticks"] - 1
    acc, last = s["acc"][kept(s, now)], s["acc"][kept(s, now - 1)]
    for c in range(3):
        s["quick"] += (acc[c] - last[c]) ** 2 / SECOND
        s["second"][c] += acc[c] / SECOND
    if now % SECOND != SECOND - 1:
        return
    step = 0.0
    for c in range(3):
        step += (s["second"][c] - s["before"][c]) ** 2
        s["before"][c], s["second"][c] = s["second"][c], 0.0
    if now < SECOND:
        s["quick"] = s["slow"] = s["seconds"] = 0.0
        return
    s["slow"] += step
    s["seconds"] += 1.0
    if step > 2.0 * WORN_MPS2 * WORN_MPS2 and s["worn"] != WORN:
        turn(s, WORN, 0.0)
    if s["seconds"] < WINDOW:
        return
    quick, slow = 0.5 * s["quick"] / WINDOW, 0.5 * s["slow"] / WINDOW
    white = slow * SECOND < WHITE * quick and quick > FINE_MPS2 * FINE_MPS2 and slow < OFF_MPS2 * OFF_MPS2
    s["quiet"] = s["quiet"] + WINDOW if white else 0.0
    s["quick"] = s["slow"] = s["seconds"] = 0.0
    if s["quiet"] >= OFF_SECONDS[place] and s["worn"] != NOT_WORN:
        turn(s, NOT_WORN, OFF_SECONDS[place] * SECOND)


@kernel
def turn(s: Record, code: int, ago: float) -> None:
    """From so many ticks ago on it has been so."""
    now_s = (s["last_tick"] * EVERY) / BODY_RATE_HZ
    if s["worn"] == NOT_WORN:
        s["off_until_s"] = now_s
    s["worn"] = code
    s["worn_s"] = now_s - ago / TICK_HZ


@kernel
def was_worn(s: Record, at_s: float) -> bool:
    """Whether, as far as is known, the sensor was on somebody a moment ago, and had been for a while."""
    long_on = s["off_until_s"] == 0.0 or at_s - s["off_until_s"] > PUTTING_ON_S
    return bool(s["worn"] != NOT_WORN and long_on)


@kernel
def dropped(s: Record, k: int) -> bool:
    """Whether a candidate is a sensor that fell on its own: free fall before, nothing but its noise after it."""
    free = most = 0
    for at in range(k - LIGHT_FROM, k + 1):
        free = free + 1 if s["norm"][kept(s, at)] < FREE_MPS2 else 0
        most = max(most, free)
    return bool(most >= FREE and stirring(s, k + SETTLED[0], k + SETTLED[1]) < DEAD_MPS2)
