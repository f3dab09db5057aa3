"""Stumbles in a stream of body rows, as one fused kernel."""

import math

from dsp.body import ACC_X, BODY_RATE_HZ, GYR_X, SEEN, Floats
from dsp.detector import State
from dsp.kernels import Record, kernel
from dsp.stumbles.parameters import (
    AFTER,
    ALONE,
    AT,
    CONFIDENCE,
    EARLIEST,
    EMITTED,
    EVERY,
    GYRO,
    IMPACT,
    KEPT,
    KIND,
    LASTS,
    LEANING,
    LEANS_RAD,
    LEAST_CONFIDENCE,
    LEAST_LASTING_S,
    LEAST_MPS2,
    MOST_PER_ROW,
    NO_WALK,
    PASSED,
    RULED_OUT,
    SAME,
    SCORE,
    SEVERITY,
    TOLD,
    WRITTEN,
)
from dsp.stumbles.score import confidence_of, severity_of, weigh
from dsp.stumbles.signs import read_signs


@kernel
def follow_stumbles(state: State, first_index: int, rows: Floats, start: int, out: Floats) -> tuple[int, int]:
    """Takes rows from `start` on; returns (rows taken, rows written). Stops early only where `out` is nearly full.

    Written are all candidates with their signs (parameters.SIGNS) and what was made of them (KIND).
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
            s["sums"][3 + c] += row[GYR_X + c]
            norm += row[ACC_X + c] * row[ACC_X + c]
        norm = math.sqrt(norm)
        if norm > s["top"]:
            s["top"], s["top_row"] = norm, s["rows"]
        s["rows"] += 1
        if s["rows"] == EVERY:
            made = push(s, tick, row[SEEN], out, made)
    return rows.shape[0], made


@kernel
def push(s: Record, tick: int, seen_s: float, out: Floats, made: int) -> int:
    """Keeps a tick and judges the candidate that is old enough now; after a hole a bout's rhythm is learned anew."""
    if tick != s["last_tick"] + 1:
        s["ticks"], s["any_told"] = 0, 0
    s["last_tick"] = tick
    slot = s["ticks"] % KEPT
    for c in range(6):
        s["motion"][slot, c] = s["sums"][c] / EVERY
    s["most"][slot], s["most_row"][slot] = s["top"], s["top_row"]
    s["ticks"] += 1
    k = s["ticks"] - 1 - AFTER
    if k >= EARLIEST and alone(s, k):
        judge(s, k, seen_s, out[made])
        made += 1
    return made


@kernel
def alone(s: Record, k: int) -> bool:
    """Whether tick k is the hardest around, the first of equal ones."""
    top = s["most"][k % KEPT]
    if top < LEAST_MPS2:
        return False
    for at in range(k - ALONE, k + ALONE + 1):
        other = s["most"][at % KEPT]
        if other > top or (other == top and at < k):
            return False
    return True


@kernel
def judge(s: Record, k: int, seen_s: float, row: Floats) -> None:
    """Writes a candidate at tick k with its signs, and whether it is told as a stumble."""
    signs = row[WRITTEN:]
    walked, gyro = read_signs(s, k, signs)
    tick = s["last_tick"] - (s["ticks"] - 1 - k)
    row[AT] = (tick * EVERY + s["most_row"][k % KEPT]) / BODY_RATE_HZ
    row[EMITTED], row[IMPACT] = seen_s, s["most"][k % KEPT]
    row[GYRO] = 1.0 if gyro else 0.0
    row[SCORE] = weigh(signs, gyro)
    row[CONFIDENCE] = confidence_of(row[SCORE], gyro)
    row[SEVERITY] = severity_of(signs)
    row[KIND] = NO_WALK
    if not walked:
        return
    row[KIND] = RULED_OUT
    if signs[LEANING] > LEANS_RAD or signs[LASTS] < LEAST_LASTING_S:
        return
    row[KIND] = PASSED
    if row[CONFIDENCE] < LEAST_CONFIDENCE or (s["any_told"] == 1 and k - s["told"] < SAME):
        return
    row[KIND] = TOLD
    s["told"], s["any_told"] = k, 1
