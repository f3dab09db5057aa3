"""Falls in a stream of body rows, as one fused kernel."""

import math

import numpy as np

from dsp.body import ACC_X, BODY_RATE_HZ, SEEN, Floats
from dsp.detector import State
from dsp.falls.aftermath import NOBODY, WALKS, begin_after, follow_after
from dsp.falls.parameters import (
    AFTER,
    ALONE,
    ARM,
    AT,
    BEFORE,
    BRIDGE,
    CONFIDENCE,
    EMITTED,
    EVERY,
    IMPACT,
    KIND,
    LEAST_MPS2,
    LYING,
    LYING_RAD,
    MEASURED,
    MOST_PER_ROW,
    NOT_WORN,
    OWN_AT_ONCE,
    OWN_LEARN,
    OWN_MOVING_MPS2,
    OWN_SCATTER,
    OWN_SMOOTH,
    PAST,
    PATH,
    SAME_FALL,
    SCORE,
    SOFT,
    SOFT_MPS2,
    SUREST,
    SUREST_SOFT,
    TAKEN_BACK,
    TICK_HZ,
    TOLD,
    TURNED,
    WATCHING,
)
from dsp.falls.phases import REST, retrace
from dsp.falls.score import confidence_of, weigh
from dsp.falls.signs import kept, posture, read_signs
from dsp.falls.worn import dropped, follow_worn, turn
from dsp.kernels import Record, kernel


@kernel
def follow_falls(state: State, first_index: int, rows: Floats, start: int, place: int, out: Floats) -> tuple[int, int]:
    """Takes rows from `start` on; returns (rows taken, rows written). Stops early only where `out` is nearly full.

    Written are all candidates with their signs (KIND WATCHING: no fall, TOLD: one) and what is taken back.
    """
    s = state[0]
    made = 0
    for i in range(start, rows.shape[0]):
        if made > out.shape[0] - MOST_PER_ROW:
            return i, made
        row = rows[i]
        tick = (first_index + i) // EVERY
        if tick != s["tick"]:
            s["tick"], s["rows"], s["top"], s["top_row"] = tick, 0, 0.0, 0
            s["sums"][:] = 0.0
        norm = 0.0
        for c in range(3):
            s["sums"][c] += row[ACC_X + c]
            norm += row[ACC_X + c] * row[ACC_X + c]
        norm = math.sqrt(norm)
        s["sums"][3] += norm
        if norm > s["top"]:
            s["top"], s["top_row"] = norm, s["rows"]
        s["rows"] += 1
        if s["rows"] == EVERY:
            made = join(s, tick, row[SEEN], place, out, made)
    return rows.shape[0], made


@kernel
def join(s: Record, tick: int, seen_s: float, place: int, out: Floats, made: int) -> int:
    """A whole tick: what is missing before it is filled with it, or ends what was being looked at."""
    missing = tick - s["last_tick"] - 1 if s["ticks"] > 0 else 0
    if missing > BRIDGE:
        made = settle(s, seen_s, place, out, made)
        s["ticks"] = 0
        s["since"] += missing
        missing = 0
    for before in range(missing + 1):
        s["last_tick"] = tick - missing + before
        made = push(s, seen_s, place, out, made)
    return made


@kernel
def push(s: Record, seen_s: float, place: int, out: Floats, made: int) -> int:
    """Keeps a tick, judges the candidate that is old enough now, and follows who has fallen."""
    slot = s["ticks"] % PAST
    for c in range(3):
        s["acc"][slot, c] = s["sums"][c] / EVERY
    s["norm"][slot] = s["sums"][3] / EVERY
    s["most"][slot], s["most_row"][slot] = s["top"], s["top_row"]
    s["ticks"] += 1
    s["seen_s"] = seen_s
    learn_own(s, slot)
    follow_worn(s)
    if s["fallen"] != NOBODY and follow_after(s, place):
        out[made, KIND], out[made, AT], out[made, EMITTED] = TAKEN_BACK, s["fell_s"], seen_s
        made += 1
    k = s["ticks"] - 1 - AFTER
    if k >= 0 and alone(s, k):
        judge(s, k, seen_s, place, out[made])
        made += 1
    return made


@kernel
def settle(s: Record, seen_s: float, place: int, out: Floats, made: int) -> int:
    """The stream ends or breaks: candidates that still wait are judged by what has been seen."""
    for k in range(max(s["ticks"] - AFTER, 0), s["ticks"]):
        if alone(s, k):
            judge(s, k, seen_s, place, out[made])
            made += 1
    return made


@kernel
def finish_falls(state: State, seen_s: float, place: int, out: Floats) -> int:
    """The end of the stream; returns rows written."""
    return int(settle(state[0], seen_s, place, out, 0))


@kernel
def learn_own(s: Record, slot: int) -> None:
    """The wearer's own upright posture, from walking; while somebody lies it waits."""
    now = s["acc"][slot]
    smooth, upright = s["smooth"], s["upright"]
    s["known"] += 1
    for c in range(3):
        smooth[c] += (now[c] - smooth[c]) * max(1.0 / OWN_SMOOTH, 1.0 / s["known"])
    if s["known"] == 1:
        s["level"] = s["norm"][slot]
    off = s["norm"][slot] - s["level"]
    s["level"] += off / OWN_SCATTER
    s["scatter"] += (off * off - s["scatter"]) / OWN_SCATTER
    if s["known"] <= OWN_AT_ONCE:
        for c in range(3):
            upright[c] += (now[c] - upright[c]) / s["known"]
    elif s["fallen"] == NOBODY or s["fallen"] == WALKS:
        moving = OWN_MOVING_MPS2[0] < math.sqrt(s["scatter"]) < OWN_MOVING_MPS2[1]
        for c in range(3):
            upright[c] += (smooth[c] - upright[c]) / OWN_LEARN if moving else 0.0
    for c in range(3):
        s["own"][slot, c] = upright[c]


@kernel
def alone(s: Record, k: int) -> bool:
    """Whether tick k is the highest around, the first of equal ones."""
    top = s["most"][kept(s, k)]
    if top < LEAST_MPS2:
        return False
    for at in range(max(k - ALONE, 0), min(k + ALONE + 1, s["ticks"])):
        other = s["most"][kept(s, at)]
        if other > top or (other == top and at < k):
            return False
    return True


@kernel
def judge(s: Record, k: int, seen_s: float, place: int, row: Floats) -> None:
    """Writes a candidate at tick k with its signs, its phases and whether it is told as a fall."""
    slot = kept(s, k)
    read_signs(s, k, row[MEASURED:])
    before = posture(s, k + BEFORE[0], k + BEFORE[1])
    end = retrace(s, k, before, row[PATH:MEASURED])
    now = s["ticks"] - 1
    tick = s["last_tick"] - now + k
    row[KIND] = WATCHING
    row[AT] = (tick * EVERY + s["most_row"][slot]) / BODY_RATE_HZ
    row[EMITTED], row[IMPACT] = seen_s, s["most"][slot]
    row[SCORE] = weigh(row[MEASURED:], place)
    soft = s["most"][slot] < SOFT_MPS2
    row[SOFT] = 1.0 if soft else 0.0
    surest = SUREST[place]
    row[CONFIDENCE] = confidence_of(row[SCORE], min(surest, SUREST_SOFT) if soft else surest)
    row[TURNED] = row[MEASURED + 4]
    lies = place != ARM and row[MEASURED + 7] > LYING_RAD and row[TURNED] > LYING_RAD
    row[LYING] = max(seen_s - row[AT], 0.0) if lies else math.nan
    if row[SCORE] < 0.0 or (soft and place != ARM and end != REST):
        return
    if dropped(s, k):
        turn(s, NOT_WORN, now - k)
        return
    if s["fallen"] != NOBODY and s["fallen"] != WALKS and s["since"] - (now - k) < SAME_FALL:
        return
    row[KIND] = TOLD
    own = s["own"][kept(s, k + BEFORE[1])]
    begin_after(s, row[AT], now - k, (own[0], own[1], own[2]))
