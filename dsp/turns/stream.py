"""Turns about the vertical in a stream of body rows, as one fused kernel."""

import math

from dsp.body import BODY_RATE_HZ, GYR_AP, GYR_ML, GYR_V, NORM, SEEN, UP_X, Floats
from dsp.detector import State
from dsp.kernels import Record, kernel
from dsp.turns.parameters import (
    ANGLE,
    BIAS_TICKS,
    BRIDGE_TICKS,
    CALM_MPS2,
    CALM_RADPS,
    CALM_TICKS,
    EASED,
    EASED_HALF,
    EASED_WEIGHTS,
    EDGE,
    EMITTED,
    END,
    EVERY,
    GUESS_TICKS,
    HALF,
    HESITATIONS,
    HIGH_RADPS,
    LEAST_RAD,
    LONGEST_TICKS,
    LOW_RADPS,
    MOST_BIAS_RADPS,
    MOST_PER_TICK,
    PART_RAD,
    PAST,
    PEAK,
    SAME_POSTURE,
    SHORTEST_S,
    SLOW_WEIGHTS,
    START,
    STRIDE_TICKS,
    TICK_S,
    WHOLE_RAD,
    WINDOW,
)


@kernel
def follow(state: State, parameters: State, first_index: int, rows: Floats, start: int, out: Floats) -> tuple[int, int]:
    """Takes rows from `start` on; returns (rows taken, turns written). Stops early only where `out` is full."""
    s, p = state[0], parameters[0]
    sums, up = s["sums"], s["up"]
    made = 0
    for i in range(start, rows.shape[0]):
        if made > out.shape[0] - MOST_PER_TICK:
            return i, made
        row = rows[i]
        tick = (first_index + i) // EVERY
        if tick != s["tick"]:
            s["tick"] = tick
            s["rows"] = 0
            sums[:] = 0.0
            up[:] = 0.0
        if math.isnan(row[GYR_V]):
            continue
        s["rows"] += 1
        for c in range(3):
            sums[c] += row[GYR_V + c]
            up[c] += row[UP_X + c]
        sums[3] += row[NORM]
        sums[4] += row[GYR_ML] * row[GYR_ML] + row[GYR_AP] * row[GYR_AP]
        if s["rows"] == EVERY:
            rate = sums[0] / EVERY - offset(s)
            made = measured(s, tick, rate, sums[4] / EVERY, p, row[SEEN], out, made)
    return rows.shape[0], made


@kernel
def offset(s: Record) -> float:
    """The gyroscope's offset about the vertical, rad/s, as the rests in this posture showed it; 0 before the first."""
    sums, up, steady, home = s["sums"], s["up"], s["steady"], s["bias_up"]
    same = (up[0] * home[0] + up[1] * home[1] + up[2] * home[2]) / EVERY >= SAME_POSTURE
    calm = True
    for c in range(4):
        now = sums[c] / EVERY
        if s["ticks"] == 0:
            steady[c] = now
        away = abs(now - steady[c])
        steady[c] += TICK_S * (now - steady[c])
        calm = calm and away < (CALM_RADPS if c < 3 else CALM_MPS2)
    s["calm"] = s["calm"] + 1 if calm and abs(steady[0]) < MOST_BIAS_RADPS else 0
    if s["calm"] >= CALM_TICKS:
        if not same:
            s["rest_ticks"] = 0.0
            s["bias_radps"] = 0.0
            for c in range(3):
                home[c] = up[c] / EVERY
            same = True
        s["rest_ticks"] = min(s["rest_ticks"] + 1.0, BIAS_TICKS)
        s["bias_radps"] += (sums[0] / EVERY - s["bias_radps"]) / s["rest_ticks"]
    return float(s["bias_radps"]) if same else 0.0


@kernel
def measured(s: Record, tick: int, rate: float, across: float, p: Record, seen_s: float, out: Floats, made: int) -> int:
    """Takes one tick's rate, and before it the straight line over what was missing since the last one."""
    missing = tick - s["last_tick"] - 1
    if s["ticks"] > 0 and missing > BRIDGE_TICKS:
        made = settle(s, s["ticks"], p, seen_s, out, made)
    if s["ticks"] == 0 or missing > BRIDGE_TICKS:
        s["ticks"] = 0
        s["calm"] = 0
        s["free_from"] = 0
        s["part"]["sign"] = 0
        s["turn"]["sign"] = 0
        s["rate"][:] = 0.0
        missing = 0
    guessed = 1 if missing > GUESS_TICKS else 0
    before = s["rate"][(s["ticks"] - 1) % PAST]
    for n in range(1, missing + 1):
        s["last_tick"] += 1
        made = push(s, before + (rate - before) * n / (missing + 1), across, guessed, p, seen_s, out, made)
    s["last_tick"] = tick
    return push(s, rate, across, 0, p, seen_s, out, made)


@kernel
def push(s: Record, rate: float, across: float, guessed: int, p: Record, seen_s: float, out: Floats, made: int) -> int:
    """One more tick: low-passes the rate, and decides on the tick HALF before, which all of the window has seen."""
    newest = s["ticks"]
    slot = newest % PAST
    s["rate"][slot], s["across"][slot], s["guessed"][slot] = rate, across, guessed
    s["ticks"] = newest + 1
    at = newest - HALF
    if at < 0:
        return made
    slow = 0.0
    for n in range(WINDOW):
        slow += SLOW_WEIGHTS[n] * s["rate"][(newest - n) % PAST]
    s["slow"][at % PAST] = slow
    part, turn = s["part"], s["turn"]
    sign = 1 if slow > LOW_RADPS else (-1 if slow < -LOW_RADPS else 0)
    if part["sign"] != 0 and sign != part["sign"]:
        part["end"] = at
        made = parted(s, p, seen_s, out, made)
        part["sign"] = 0
    if sign != 0:
        if part["sign"] == 0:
            part["sign"], part["start"], part["area_rad"], part["peak_radps"] = sign, at, 0.0, 0.0
        part["area_rad"] += abs(slow) * TICK_S
        part["peak_radps"] = max(part["peak_radps"], abs(slow))
    if (
        turn["sign"] != 0
        and at - turn["end"] >= max(STRIDE_TICKS, p["merge_ticks"])
        and not (part["sign"] != 0 and joins(p, turn, part, at))
    ):
        until = part["start"] if part["sign"] != 0 and part["area_rad"] >= PART_RAD else at
        made = settle(s, until, p, seen_s, out, made)
    return made


@kernel
def joins(p: Record, turn: Record, part: Record, at: int) -> bool:
    """Whether the part goes on with the turn after a hesitation, if it ended at tick `at`."""
    return bool(
        part["sign"] == turn["sign"]
        and part["start"] - turn["end"] <= p["merge_ticks"]
        and at - turn["start"] <= LONGEST_TICKS
        and not (turn["area_rad"] >= WHOLE_RAD and part["area_rad"] >= WHOLE_RAD)
    )


@kernel
def parted(s: Record, p: Record, seen_s: float, out: Floats, made: int) -> int:
    """A stretch of one direction has ended: it goes on with the turn that waits, or takes its place, or is swing."""
    part, turn = s["part"], s["turn"]
    if part["area_rad"] < PART_RAD or part["peak_radps"] < HIGH_RADPS:
        return made
    if turn["sign"] != 0 and joins(p, turn, part, part["end"]):
        turn["end"] = part["end"]
        turn["parts"] += 1
        turn["area_rad"] += part["area_rad"]
        turn["peak_radps"] = max(turn["peak_radps"], part["peak_radps"])
    else:
        if turn["sign"] != 0:
            made = settle(s, part["start"], p, seen_s, out, made)
        if part["end"] - part["start"] <= LONGEST_TICKS:  # a longer one is a curve
            turn["sign"], turn["start"], turn["end"] = part["sign"], part["start"], part["end"]
            turn["parts"], turn["area_rad"], turn["peak_radps"] = 1, part["area_rad"], part["peak_radps"]
            s["turn_after"] = s["free_from"]
    s["free_from"] = part["end"]
    return made


@kernel
def settle(s: Record, until: int, p: Record, seen_s: float, out: Floats, made: int) -> int:
    """Measures the turn that waits, writes it if it is one, and forgets it. until: where the next turning begins."""
    turn = s["turn"]
    sign, a, b = turn["sign"], turn["start"], turn["end"]
    turn["sign"] = 0
    if sign == 0:
        return made
    least = max(LOW_RADPS, EDGE * turn["peak_radps"])
    first, last = a, b - 1
    while sign * s["slow"][first % PAST] < least:
        first += 1
    while sign * s["slow"][last % PAST] < least:
        last -= 1
    angle = heading_after(s, a, b, until) - heading_before(s, a)
    if sign * angle < LEAST_RAD or (last - first) * TICK_S < SHORTEST_S:
        return made
    along, across, peak, guessed = 0.0, 0.0, 0.0, 0
    for at in range(first, last + 1):
        slot = at % PAST
        along += s["rate"][slot] * s["rate"][slot]
        across += s["across"][slot]
        guessed = max(guessed, s["guessed"][slot])
        eased = 0.0
        for n in range(EASED):
            eased += EASED_WEIGHTS[n] * s["rate"][(at + EASED_HALF - n) % PAST]
        peak = max(peak, sign * eased)
    if across > p["most_across"] * along:
        return made
    row = out[made]
    zero = s["last_tick"] - s["ticks"] + 1  # the tick's number in the grid less that in the rings
    middle = 0.5 * (EVERY - 1)
    row[START] = ((zero + first) * EVERY + middle) / BODY_RATE_HZ
    row[END] = ((zero + last) * EVERY + middle) / BODY_RATE_HZ
    row[ANGLE] = math.nan if guessed else angle
    row[PEAK] = math.nan if guessed else peak
    row[HESITATIONS] = turn["parts"] - 1
    row[EMITTED] = seen_s
    return made + 1


@kernel
def heading_before(s: Record, a: int) -> float:
    """Mean heading of the stride up to tick a, relative to the heading at a, rad; cut short by the turn before."""
    heading, total = 0.0, 0.0
    begin = min(max(a - STRIDE_TICKS, s["turn_after"], 0), a - 1)
    for at in range(a - 1, begin - 1, -1):
        total += heading
        heading -= s["rate"][at % PAST] * TICK_S
    return total / (a - begin) if a > begin else 0.0


@kernel
def heading_after(s: Record, a: int, b: int, until: int) -> float:
    """Mean heading of the stride from tick b on, relative to the heading at a, rad; cut short at `until`."""
    heading = 0.0
    for at in range(a, b):
        heading += s["rate"][at % PAST] * TICK_S
    total, end = heading, max(b, min(b + STRIDE_TICKS, until))
    for at in range(b, end):
        heading += s["rate"][at % PAST] * TICK_S
        total += heading
    return total / (end - b + 1)
