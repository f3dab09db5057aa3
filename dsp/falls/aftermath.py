"""What becomes of somebody who fell: lying, up again, walking again; a table of transitions on the same ticks."""

import math
from dataclasses import dataclass

import numpy as np

from dsp.body import BODY_RATE_HZ
from dsp.detector import State
from dsp.falls.parameters import (
    ARM,
    EVERY,
    LAY,
    LYING_RAD,
    MOVES_MPS2,
    POSTURE,
    RHYTHM,
    RHYTHM_EVERY,
    RHYTHM_HOLDS,
    RHYTHM_LAGS,
    RHYTHM_LEAST,
    RHYTHM_MPS2,
    STAYS,
    TICK_HZ,
    UPRIGHT_RAD,
    WALKS_ON,
)
from dsp.falls.signs import apart, kept, posture, stirring
from dsp.kernels import Record, kernel

NOBODY, DOWN, LIES, UP, WALKS = range(5)  # nobody fell; fell, posture not clear; lying; up again; walking again
UNCLEAR, LYING, UPRIGHT, WALKING = range(4)  # what the last seconds say
AFTERWARDS = np.array(
    [  # UNCLEAR LYING  UPRIGHT WALKING
        [NOBODY, NOBODY, NOBODY, NOBODY],
        [DOWN, LIES, UP, WALKS],
        [LIES, LIES, UP, WALKS],
        [UP, LIES, UP, WALKS],
        [WALKS, WALKS, WALKS, WALKS],  # who lies down after that goes to bed
    ]
)


@dataclass(frozen=True, slots=True)
class Fallen:
    """Of the last fall that was told and not taken back. Times in seconds of the session.

    `lying_s`: how long not upright since the impact, so far or until got up; None where the place of the sensor (wrist,
    hand) or the posture does not say. `still_s`: without movement up to now, 0 while moving.
    """

    time_s: float
    lying_s: float | None
    still_s: float | None
    got_up_s: float | None
    walks_s: float | None


def fallen_of(state: State) -> Fallen | None:
    """What a fall detector's state says."""
    s = state[0]
    if s["fallen"] == NOBODY:
        return None
    values = [float(s[name]) for name in ("lying_s", "got_up_s", "walks_s")]
    lying_s, got_up_s, walks_s = (None if math.isnan(value) else round(value, 2) for value in values)
    return Fallen(float(s["fell_s"]), lying_s, round(int(s["still"]) / TICK_HZ, 2), got_up_s, walks_s)


@kernel
def begin_after(s: Record, fell_s: float, since: int, home: tuple[float, float, float]) -> None:
    """A fall was told."""
    s["fallen"], s["fell_s"], s["since"] = DOWN, fell_s, since
    for c in range(3):
        s["home"][c] = home[c]
    s["sign"], s["holds"], s["lay"], s["still"], s["rhythm"] = UNCLEAR, 0, 0, 0, 0
    s["lying_s"] = s["got_up_s"] = s["walks_s"] = math.nan


@kernel
def follow_after(s: Record, place: int) -> bool:
    """One more tick after a fall; whether it has to be taken back, because its wearer walks on."""
    s["since"] += 1
    now = s["ticks"] - 1
    s["still"] = 0 if stirring(s, now - POSTURE + 1, now + 1) > MOVES_MPS2 else s["still"] + 1
    if s["fallen"] == WALKS:
        return False
    home = (s["home"][0], s["home"][1], s["home"][2])
    off = apart(home, posture(s, now - POSTURE + 1, now + 1))
    sign = UNCLEAR
    if walks(s, now) and (place == ARM or off < LYING_RAD):
        sign = WALKING
    elif place != ARM and off > LYING_RAD:
        sign = LYING
    elif place != ARM and off < UPRIGHT_RAD:
        sign = UPRIGHT
    s["holds"] = s["holds"] + 1 if sign == s["sign"] else 1
    s["sign"] = sign
    if s["holds"] < STAYS and sign != WALKING:
        return False
    was = s["fallen"]
    s["fallen"] = AFTERWARDS[was, sign]
    return enter(s, was, s["since"] / TICK_HZ)


@kernel
def enter(s: Record, was: int, since_s: float) -> bool:
    """Keeps the times of what has just been entered or goes on."""
    now_s = (s["last_tick"] * EVERY + EVERY) / BODY_RATE_HZ
    fallen = s["fallen"]
    if fallen == LIES:
        s["lay"] += 1
        s["lying_s"] = since_s
        s["got_up_s"] = math.nan
    elif fallen == UP and was != UP:
        s["got_up_s"] = now_s - STAYS / TICK_HZ
        if s["lay"] > 0:
            s["lying_s"] = s["got_up_s"] - s["fell_s"]
    elif fallen == WALKS and was != WALKS:
        began = s["since"] - RHYTHM - RHYTHM_HOLDS * RHYTHM_EVERY
        s["walks_s"] = now_s - (RHYTHM + RHYTHM_HOLDS * RHYTHM_EVERY) / TICK_HZ
        if math.isnan(s["got_up_s"]):
            s["got_up_s"] = s["walks_s"]
            if s["lay"] > 0:
                s["lying_s"] = max(s["got_up_s"] - s["fell_s"], 0.0)
        if began < WALKS_ON and s["lay"] < LAY:
            s["fallen"] = NOBODY
            return True
    return False


@kernel
def walks(s: Record, now: int) -> bool:
    """Whether a rhythm has held for some looks."""
    if s["since"] % RHYTHM_EVERY == 0:
        s["rhythm"] = s["rhythm"] + 1 if rhythmic(s, now) else 0
    return bool(s["rhythm"] >= RHYTHM_HOLDS)


@kernel
def rhythmic(s: Record, now: int) -> bool:
    """Whether the norm of the last 3 s repeats itself as steps do (autocorrelation)."""
    mean = 0.0
    for at in range(now - RHYTHM + 1, now + 1):
        mean += s["norm"][kept(s, at)] / RHYTHM
    power = 0.0
    for at in range(now - RHYTHM + 1, now + 1):
        power += (s["norm"][kept(s, at)] - mean) ** 2 / RHYTHM
    scatter = math.sqrt(power)
    if not RHYTHM_MPS2[0] < scatter < RHYTHM_MPS2[1]:
        return False
    for lag in range(RHYTHM_LAGS[0], RHYTHM_LAGS[1] + 1):
        alike = 0.0
        for at in range(now - RHYTHM + 1 + lag, now + 1):
            alike += (s["norm"][kept(s, at)] - mean) * (s["norm"][kept(s, at - lag)] - mean)
        if alike > RHYTHM_LEAST * power * (RHYTHM - lag):
            return True
    return False
