"""Rising and sitting down in a stream of body rows of a sensor at the trunk, as one fused kernel."""

import math

from dsp.body import NORM, SEEN, UP_X, Floats, V
from dsp.detector import State
from dsp.kernels import Record, kernel
from dsp.transitions.trunk_measure import measure, quiet_ticks
from dsp.transitions.trunk_parameters import (
    AROUND,
    EMITTED,
    EVERY,
    FAST_M,
    FLEXION,
    HALF,
    KIND,
    LEAST_M,
    LEAST_TILT_RAD,
    LITTLE_TILT_RAD,
    LOOK,
    MATCHED,
    MORE_LIKELY,
    MOST_CHANGE_RAD,
    MOST_PER_TICK,
    MOST_WAITING,
    NEAR,
    ONE_PUSH,
    PAST,
    QUIET,
    QUIET_MPS2,
    QUIET_RADPS,
    ROSE,
    SAT,
    SEATED,
    SET,
    SIDE_SHARE,
    SITS_SHARE,
    SPREAD_TICKS,
    STANDS_SHARE,
    STOOD,
    SURE_M,
    TICK_HZ,
    TURNED_TICKS,
    UNKNOWN,
    UP,
)


@kernel
def follow_trunk(state: State, first_index: int, rows: Floats, start: int, out: Floats) -> tuple[int, int]:
    """Takes rows from `start` on; returns (rows taken, transitions written). Stops early only where `out` is full."""
    s = state[0]
    sums = s["sums"]
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
        s["rows"] += 1
        sums[0] += row[NORM]
        sums[1] += row[V]
        for c in range(3):
            sums[2 + c] += row[UP_X + c]
        if s["rows"] == EVERY:
            if tick != s["last_tick"] + 1:
                made = judge_rest(s, row[SEEN], out, made)
                begin(s)
            s["last_tick"] = tick
            made = push(s, row[SEEN], out, made)
    return rows.shape[0], made


@kernel
def finish_trunk(state: State, seen_s: float, out: Floats) -> int:
    """The stream has ended; returns the transitions written."""
    return int(judge_rest(state[0], seen_s, out, 0))


@kernel
def judge_rest(s: Record, seen_s: float, out: Floats, made: int) -> int:
    """Nothing more comes for now, as if in rest: what waits in line is judged."""
    end = s["ticks"]
    for at in range(max(end - HALF, 0), end):
        match(s, at)
    for at in range(max(end - HALF - NEAR, 0), end - NEAR):
        candidate(s, at)
    return int(decide(s, end + PAST, seen_s, out, made))


@kernel
def begin(s: Record) -> None:
    """The stream begins, or goes on after a hole: nobody knows what happened meanwhile."""
    s["ticks"] = 0
    s["waiting"] = 0
    s["mode"] = UNKNOWN
    s["last_at"] = -PAST


@kernel
def push(s: Record, seen_s: float, out: Floats, made: int) -> int:
    """One more tick: each of the signals as far as it is known by now, then the decisions."""
    now = s["ticks"]
    slot = now % PAST
    sums = s["sums"]
    s["length"][slot], s["v"][slot] = sums[0] / EVERY, sums[1] / EVERY
    size = math.sqrt(sums[2] * sums[2] + sums[3] * sums[3] + sums[4] * sums[4])
    for c in range(3):
        s["up"][slot, c] = sums[2 + c] / size
    s["turning"][slot] = s["match"][slot] = 0.0
    s["quiet"][slot] = 0
    s["ticks"] = now + 1
    turn(s, now - TURNED_TICKS)
    rest(s, now - SPREAD_TICKS)
    match(s, now - HALF)
    candidate(s, now - HALF - NEAR)
    return decide(s, now, seen_s, out, made)


@kernel
def turn(s: Record, at: int) -> None:
    """How fast the trunk turns at a tick, over a quarter of a second."""
    if at < TURNED_TICKS:
        return
    along = 0.0
    for c in range(3):
        along += s["up"][(at + TURNED_TICKS) % PAST, c] * s["up"][(at - TURNED_TICKS) % PAST, c]
    s["turning"][at % PAST] = math.acos(min(max(along, -1.0), 1.0)) * TICK_HZ / (2 * TURNED_TICKS)


@kernel
def rest(s: Record, at: int) -> None:
    """Whether a tick lies in a quiet second."""
    if at < SPREAD_TICKS:
        return
    total, squares = 0.0, 0.0
    for i in range(at - SPREAD_TICKS, at + SPREAD_TICKS + 1):
        x = s["length"][i % PAST]
        total += x
        squares += x * x
    n = 2 * SPREAD_TICKS + 1
    spread = squares / n - (total / n) ** 2
    s["quiet"][at % PAST] = 1 if spread < QUIET_MPS2**2 and s["turning"][at % PAST] < QUIET_RADPS else 0


@kernel
def match(s: Record, at: int) -> None:
    """How much the length of the acceleration around a tick looks like being lifted, m."""
    if at < HALF:
        return
    total = 0.0
    for i in range(-HALF, min(HALF, s["ticks"] - 1 - at) + 1):
        total += MATCHED[i + HALF] * s["length"][(at + i) % PAST]
    s["match"][at % PAST] = total


@kernel
def candidate(s: Record, at: int) -> None:
    """Puts a tick in line if nothing of its sign nearby is matched better."""
    if at < HALF:
        return
    here = s["match"][at % PAST]
    if abs(here) < LEAST_M:
        return
    sign = 1.0 if here > 0.0 else -1.0
    for i in range(max(at - NEAR, 0), at + NEAR + 1):
        there = sign * s["match"][i % PAST]
        if there > sign * here or (there == sign * here and i < at):
            return
    if s["waiting"] == MOST_WAITING:
        take_away(s)
    c = s["candidates"][s["waiting"]]
    c["at"], c["size_m"] = at, here
    s["waiting"] += 1


@kernel
def take_away(s: Record) -> None:
    """The first in line is done with."""
    q = s["candidates"]
    for i in range(s["waiting"] - 1):
        q[i]["at"], q[i]["size_m"] = q[i + 1]["at"], q[i + 1]["size_m"]
    s["waiting"] -= 1


@kernel
def beside_a_larger(s: Record, c: Record) -> bool:
    """Is it only what the filter makes of the opposite movement next to it?"""
    sign = 1.0 if c["size_m"] > 0.0 else -1.0
    largest = 0.0
    for i in range(max(c["at"] - AROUND, 0), min(c["at"] + AROUND, s["ticks"] - 1) + 1):
        largest = max(largest, -sign * s["match"][i % PAST])
    return bool(abs(c["size_m"]) < SIDE_SHARE * largest)


@kernel
def decide(s: Record, now: int, seen_s: float, out: Floats, made: int) -> int:
    """Those in line whose surroundings are known by now, in order."""
    q = s["candidates"]
    while s["waiting"] > 0 and now >= q[0]["at"] + AROUND + HALF:
        if beside_a_larger(s, q[0]):
            take_away(s)
            continue
        if q[0]["size_m"] > 0.0:
            made = take(s, q[0], q[0], seen_s, out, made)
            take_away(s)
            continue
        second = follower(s)
        if second < 0:
            if now < q[0]["at"] + ONE_PUSH + HALF + NEAR:
                return made
            made = take(s, q[0], q[0], seen_s, out, made)
            take_away(s)
            continue
        if now < q[second]["at"] + AROUND + HALF:
            return made
        in_set = q[0]["at"] - s["last_at"] < SET and min(-q[0]["size_m"], q[second]["size_m"]) > FAST_M
        if beside_a_larger(s, q[second]) or in_set:
            made = take(s, q[0], q[second] if in_set else q[0], seen_s, out, made)
            take_away(s)
            continue
        made = one_of(s, second, seen_s, out, made)
        for _ in range(second + 1):
            take_away(s)
    return made


@kernel
def follower(s: Record) -> int:
    """Place in line of the first way up that follows the way down at its head soon enough to be one push; -1: none."""
    q = s["candidates"]
    for i in range(1, s["waiting"]):
        if q[i]["at"] - q[0]["at"] >= ONE_PUSH:
            return -1
        if q[i]["size_m"] > 0.0:
            return i
    return -1


@kernel
def one_of(s: Record, second: int, seen_s: float, out: Floats, made: int) -> int:
    """One push was felt: it has slowed a descent or begun a rise."""
    q = s["candidates"]
    ratio = -q[second]["size_m"] / q[0]["size_m"]
    mode = s["mode"]
    rise = ratio > MORE_LIKELY
    if mode == SEATED:
        rise = True
        if ratio <= SITS_SHARE:
            return made
    elif mode == UP:
        rise = False
        if ratio >= STANDS_SHARE:
            return made
    return take(s, q[second] if rise else q[0], q[0] if rise else q[second], seen_s, out, made)


@kernel
def next_at(s: Record, c: Record, in_set: bool) -> int:
    """Middle of the movement that comes next, far ahead where none is near; only in a set does a way up follow so."""
    q = s["candidates"]
    for i in range(1, s["waiting"]):
        opposite = q[i]["size_m"] * c["size_m"] < 0.0 and abs(q[i]["size_m"]) > 0.5 * abs(c["size_m"])
        if opposite and 0 < q[i]["at"] - c["at"] < ONE_PUSH and (in_set or c["size_m"] > 0.0):
            return int(q[i]["at"])
    return int(c["at"] + 2 * PAST)


@kernel
def take(s: Record, c: Record, other: Record, seen_s: float, out: Floats, made: int) -> int:
    """Tells a movement if trunk and rest around it say that it was one; `other` is the other end of its one push.

    A way down in a set has the way up after it as `other`.
    """
    rises = c["size_m"] > 0.0
    at, first, last = c["at"], min(c["at"], other["at"]), max(c["at"], other["at"])
    row = out[made]
    in_set = at - s["last_at"] < SET and abs(c["size_m"]) > FAST_M
    low = (at + s["last_at"]) // 2 if in_set else at - PAST
    high = (at + next_at(s, c, in_set)) // 2
    change = measure(s, at, low, high, rises, row)
    unclear = row[FLEXION] < LITTLE_TILT_RAD and abs(c["size_m"]) < SURE_M
    if row[FLEXION] < LEAST_TILT_RAD or unclear or change > MOST_CHANGE_RAD:
        return made
    if rises:
        needed = STOOD if s["mode"] == UP else QUIET
        rested = max(quiet_ticks(s, at - LOOK, at), quiet_ticks(s, first - LOOK, first))
        if rested < needed and not (s["mode"] == SEATED and in_set):
            return made
        if s["mode"] == UP and c["size_m"] < SURE_M:
            return made  # who stands and is pushed up a little sits down slowly, and that slows it
    else:
        rested = max(quiet_ticks(s, at, at + LOOK), quiet_ticks(s, last, last + LOOK))
        on_and_on = in_set and s["mode"] == UP and other["size_m"] > FAST_M
        only_slowing = s["mode"] == UP and at - s["last_at"] < ONE_PUSH and abs(c["size_m"]) < SURE_M
        if s["mode"] == SEATED or only_slowing or (rested < QUIET and not on_and_on):
            return made
    s["mode"] = UP if rises else SEATED
    s["last_at"] = at
    row[KIND] = ROSE if rises else SAT
    row[EMITTED] = seen_s
    return made + 1
