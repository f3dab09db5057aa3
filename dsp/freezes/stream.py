"""Freezes in a stream of body rows, as one fused kernel."""

import math

from dsp.body import ACC_X, BODY_RATE_HZ, GYR_X, SEEN, Floats
from dsp.detector import State
from dsp.freezes.bands import filtered
from dsp.freezes.episode import follow_episode, settle_episode
from dsp.freezes.parameters import (
    AHEAD,
    EVERY,
    FIRST_LOOKS,
    FIRST_STEP,
    FROZEN,
    FROZEN_SHARE,
    GATE,
    INDEX_QUANTILE,
    KEPT_TICKS,
    LAGS,
    LEAST_POWER,
    LEAST_STEADY,
    LOOK_AHEAD_S,
    OWN_INDEX,
    OWN_INDEX_SPAN,
    OWN_POWER,
    OWN_STEADY,
    POWER_QUANTILE,
    RECENT,
    RHYTHM_LAG,
    RHYTHM_TICKS,
    STEADY,
    STEADY_QUANTILE,
    STEADY_STEP,
    STEP,
    TICKS_PER_LOOK,
    WEIGHT,
    WINDOW,
)
from dsp.kernels import Record, kernel


@kernel
def follow_freezes(
    state: State, first_index: int, rows: Floats, start: int, enter: float, out: Floats
) -> tuple[int, int]:
    """Takes rows from `start` on; returns (rows taken, rows written). Stops early only where `out` is full."""
    s = state[0]
    made = 0
    for i in range(start, rows.shape[0]):
        if made + 2 > out.shape[0]:
            return i, made
        row = rows[i]
        index = first_index + i
        if s["known"] == 0 or index != s["next_index"]:
            made += begin(s, row, out[made])
        s["next_index"] = index + 1
        s["seen_s"] = row[SEEN]
        take(s, row)
        if (index + 1) % EVERY == 0:
            end_tick(s)
            if s["ticks"] % TICKS_PER_LOOK == 0 and s["ticks"] > 0:
                made += look(s, (index + 0.5) / BODY_RATE_HZ, enter, out[made])
    return rows.shape[0], made


@kernel
def finish_freezes(state: State, seen_s: float, out: Floats) -> int:
    """The end of the stream; returns rows written."""
    s = state[0]
    s["seen_s"] = seen_s
    return int(settle_episode(s, out[0]))


@kernel
def begin(s: Record, row: Floats, out: Floats) -> int:
    """The stream begins, or begins again after a break, which ends a freeze; returns rows written."""
    made = 0
    if s["known"] == 0:
        s["known"] = 1
        s["own_index"], s["own_power"], s["own_steady"] = OWN_INDEX, OWN_POWER, OWN_STEADY
    else:
        made = settle_episode(s, out)
    s["walked"] = RECENT + 1
    s["rows"], s["ticks"], s["looks"] = 0, 0, 0
    s["filters"][:] = 0.0
    s["powers"][:] = 0.0
    s["sums"][:] = 0.0
    s["has_gyro"] = 1 if math.isfinite(row[GYR_X] + row[GYR_X + 1] + row[GYR_X + 2]) else 0
    for c in range(3):
        s["base"][c] = row[ACC_X + c]
    return int(made)


@kernel
def take(s: Record, row: Floats) -> None:
    """One row through the bands and into its tick."""
    filters, powers, sums = s["filters"], s["powers"], s["sums"]
    for c in range(3):
        acc = row[ACC_X + c] - s["base"][c]
        stepping = filtered(filters[1, c], 1, filtered(filters[0, c], 0, acc))
        trembling = filtered(filters[3, c], 3, filtered(filters[2, c], 2, acc))
        powers[0] += stepping * stepping
        powers[1] += trembling * trembling
        sums[c] += stepping
        sums[3 + c] += row[GYR_X + c]
    s["rows"] += 1


@kernel
def end_tick(s: Record) -> None:
    """A tick is over: what the rhythm is read from is kept. A tick that the stream began inside of is left out."""
    sums = s["sums"]
    if s["rows"] == EVERY:
        kept, slot = s["rhythm"], s["ticks"] % KEPT_TICKS
        for c in range(3):
            value = sums[3 + c] if s["has_gyro"] == 1 else sums[c]
            kept[slot, c] = value / EVERY if math.isfinite(value) else kept[slot - 1, c]
        s["ticks"] += 1
    else:
        s["powers"][:] = 0.0
    s["rows"] = 0
    sums[:] = 0.0


@kernel
def keep_steadiness(s: Record) -> None:
    """How much the last 2 s are like a stride before: 2 sum(x y) / (sum(x x) + sum(y y)) at the best lag, at most 1.

    What is alike is alike both ways, so the stride before is credited with it too. Zero before there is enough to tell.
    """
    kept, last, n = s["rhythm"], s["ticks"] - 1, s["looks"]
    steady = s["steady"]
    steady[n % steady.size] = 0.0
    if s["ticks"] < RHYTHM_TICKS + LAGS[1]:
        return
    size = 0.0
    for k in range(RHYTHM_TICKS):
        for c in range(3):
            value = kept[(last - k) % KEPT_TICKS, c]
            size += value * value
    best, at = 0.0, 0
    for lag in range(LAGS[0], LAGS[1] + 1):
        both, other = 0.0, 0.0
        for k in range(RHYTHM_TICKS):
            here, there = (last - k) % KEPT_TICKS, (last - k - lag) % KEPT_TICKS
            for c in range(3):
                both += kept[here, c] * kept[there, c]
                other += kept[there, c] * kept[there, c]
        if 2.0 * both > best * (size + other):
            best, at = 2.0 * both / (size + other), lag
    before = (n - at // TICKS_PER_LOOK) % steady.size
    steady[n % steady.size] = best
    steady[before] = max(steady[before], best)


@kernel
def look(s: Record, now_s: float, enter: float, out: Floats) -> int:
    """Takes a look's powers and rhythm and judges the look LOOK_AHEAD_S before; returns rows written."""
    n, kept = s["looks"], s["low"].size
    s["low"][n % kept], s["high"][n % kept] = s["powers"][0], s["powers"][1]
    s["powers"][:] = 0.0
    keep_steadiness(s)
    s["looks"] = n + 1
    if n + 1 < kept:
        return 0
    low, high = 0.0, 0.0
    for k in range(n + 1 - kept, n + 1 - AHEAD):
        low += s["low"][k % kept]
        high += s["high"][k % kept]
    rows = float(WINDOW * TICKS_PER_LOOK * EVERY)
    low, high = low / rows, high / rows
    steady = s["steady"][(n - AHEAD - RHYTHM_LAG) % s["steady"].size]
    power = low + high
    moving = power > LEAST_POWER and power > GATE * math.exp(s["own_power"])
    excess, lost, walks = 0.0, 0.0, False
    if moving and low > 0.0 and high > 0.0:
        index = math.log(high / low)
        learn(s, index, math.log(power), steady)
        excess = index - s["own_index"]
        lost = WEIGHT[s["has_gyro"]] * max(s["own_steady"] - steady, 0.0)
        walks = steady >= STEADY and excess < enter
    s["walked"] = 0 if walks else s["walked"] + 1
    return int(follow_episode(s, now_s - LOOK_AHEAD_S, moving, excess, lost, walks, low, high, enter, out))


@kernel
def learn(s: Record, index: float, power: float, steady: float) -> None:
    """The wearer's own walking from one look at somebody who moves."""
    step = max(STEP, FIRST_STEP / (FIRST_LOOKS + s["moved"]))
    s["moved"] += 1
    s["own_power"] += step * (POWER_QUANTILE if power > s["own_power"] else POWER_QUANTILE - 1.0)
    if steady > LEAST_STEADY:
        up = steady > s["own_steady"]
        s["own_steady"] += STEADY_STEP * step * (STEADY_QUANTILE if up else STEADY_QUANTILE - 1.0)
    if s["phase"] == FROZEN:
        step *= FROZEN_SHARE
    s["own_index"] += step * (INDEX_QUANTILE if index > s["own_index"] else INDEX_QUANTILE - 1.0)
    s["own_index"] = min(max(s["own_index"], OWN_INDEX - OWN_INDEX_SPAN), OWN_INDEX + OWN_INDEX_SPAN)
