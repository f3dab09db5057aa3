"""One freeze from its first look to its last: joined over short gaps, told when it is over and if it lasted."""

import math

from dsp.body import Floats
from dsp.freezes.parameters import (
    BRIDGE,
    EMITTED,
    END,
    FORM,
    FREE,
    FROZEN,
    HALTING,
    INDEX,
    LEAST,
    LEAVE,
    LONGEST,
    LOOK_S,
    OVER,
    OWN,
    RECENT,
    RESUME,
    START,
    TREMBLING,
)
from dsp.kernels import Record, kernel


@kernel
def follow_episode(
    s: Record,
    middle_s: float,
    moving: bool,
    excess: float,
    lost: float,
    walks: bool,
    low: float,
    high: float,
    enter: float,
    out: Floats,
) -> int:
    """Takes one look; returns rows written.

    excess: log of the freeze index over the wearer's own; lost: what the lost rhythm adds to it.
    """
    freezes = moving and excess + lost > enter
    if s["phase"] == FREE:
        if freezes and s["walked"] <= RECENT:
            s["phase"], s["start_s"] = FROZEN, middle_s
            s["length"], s["trembled"], s["froze_low"], s["froze_high"] = 0, 0, 0.0, 0.0
    elif s["phase"] == OVER:
        s["waited"] += 1
        if walks:
            s["resumed"] = 1
        if freezes and (s["waited"] <= BRIDGE or s["resumed"] == 0):
            s["phase"] = FROZEN
        elif s["waited"] > BRIDGE and (s["resumed"] == 1 or form_of(s) == TREMBLING):
            return int(settle_episode(s, out))
        elif s["waited"] > RESUME:
            s["phase"] = FREE
    if s["phase"] == FROZEN:
        if moving and excess + lost > enter - LEAVE:
            s["length"] += 1
            s["trembled"] += 1 if excess > enter - LEAVE else 0
            s["froze_low"] += low
            s["froze_high"] += high
            s["end_s"] = middle_s + LOOK_S
            if s["length"] >= LONGEST:
                s["walked"] = RECENT + 1
                return int(settle_episode(s, out))
        else:
            s["phase"], s["waited"], s["resumed"] = OVER, 0, 0
    return 0


@kernel
def form_of(s: Record) -> int:
    """What most of it was."""
    return TREMBLING if 2 * s["trembled"] >= s["length"] else HALTING


@kernel
def settle_episode(s: Record, out: Floats) -> int:
    """The freeze at hand is over, or the stream is: it is written if it lasted and, where it was a halt, was walked
    out of. Returns rows written."""
    phase = s["phase"]
    s["phase"] = FREE
    if phase == FREE or s["length"] < LEAST:
        return 0
    form = form_of(s)
    if form == HALTING and (phase == FROZEN or s["resumed"] == 0):
        return 0
    out[START], out[END], out[EMITTED] = s["start_s"], s["end_s"], s["seen_s"]
    out[INDEX] = s["froze_high"] / s["froze_low"]
    out[OWN], out[FORM] = math.exp(s["own_index"]), form
    return 1
