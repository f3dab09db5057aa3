"""Rising and sitting down in a stream of body rows of a sensor on the thigh, as one fused kernel."""

import math

from dsp.body import BODY_RATE_HZ, GYR_AP, GYR_ML, GYR_V, SEEN, UP_X, Floats
from dsp.detector import State
from dsp.kernels import Record, kernel
from dsp.transitions.posture_parameters import (
    ARRIVED_RAD,
    AWAY_TICKS,
    BACK_TICKS,
    EASED,
    EASED_HALF,
    EASED_WEIGHTS,
    EMITTED,
    END,
    EVERY,
    KIND,
    LEARN_RAD,
    LEARN_S,
    LEAST_RAD,
    LIVELY_RADPS,
    LIVELY_TICKS,
    MOST_PER_ROW,
    MOVING_RADPS,
    NEW_TICKS,
    PAST,
    QUIET_TICKS,
    REST_RAD,
    REST_TICKS,
    ROSE,
    SAT,
    SEAT,
    SEAT_RAD,
    SEATED,
    SEATED_S,
    SEATED_SHARE,
    SETTLED_TICKS,
    SIT_S,
    SIT_SHARE,
    STANDS_S,
    START,
    STILL_RAD,
    STILL_TICKS,
    STIR_S,
    STOOD_S,
    STOOD_SHARE,
    TICK_HZ,
    TURNED,
    UNKNOWN,
    UP,
    WALK_TICKS,
)


@kernel
def follow_posture(state: State, first_index: int, rows: Floats, start: int, out: Floats) -> tuple[int, int]:
    """Takes rows from `start` on; returns (rows taken, transitions written). Stops early only where `out` is full."""
    s = state[0]
    sums = s["sums"]
    made = 0
    for i in range(start, rows.shape[0]):
        if made > out.shape[0] - MOST_PER_ROW:
            return i, made
        row = rows[i]
        tick = (first_index + i) // EVERY
        if tick != s["tick"]:
            s["tick"] = tick
            s["rows"] = 0
            sums[:] = 0.0
        rate = row[GYR_V] * row[GYR_V] + row[GYR_ML] * row[GYR_ML] + row[GYR_AP] * row[GYR_AP]
        if math.isnan(rate):
            continue
        s["rows"] += 1
        for c in range(3):
            sums[c] += row[UP_X + c]
        sums[3] += math.sqrt(rate)
        if s["rows"] == EVERY:
            if tick != s["last_tick"] + 1:
                begin(s)
            s["last_tick"] = tick
            made = push(s, row[SEEN], out, made)
    return rows.shape[0], made


@kernel
def begin(s: Record) -> None:
    """The stream begins, or goes on after a hole: what was on either side is not compared, standing is still known."""
    s["ticks"] = 0
    s["mode"] = UNKNOWN
    s["waits"] = 0
    s["away"] = s["walked"] = s["still"] = 0


@kernel
def push(s: Record, seen_s: float, out: Floats, made: int) -> int:
    """One more tick: is it rest or movement, and in which posture."""
    now = s["ticks"]
    slot = now % PAST
    total, sums = 0.0, s["sums"]
    for c in range(3):
        total += sums[c] * sums[c]
    for c in range(3):
        s["up"][slot, c] = sums[c] / math.sqrt(total)
    s["rate"][slot] = sums[3] / EVERY
    s["ticks"] = now + 1
    if now + 1 < LIVELY_TICKS:
        return made
    scatter, ux, uy, uz = mean_up(s, now - REST_TICKS + 1, now + 1)
    _, sx, sy, sz = mean_up(s, now - round(TICK_HZ) + 1, now + 1)
    lively = 0.0
    for at in range(now - LIVELY_TICKS + 1, now + 1):
        lively += s["rate"][at % PAST] / LIVELY_TICKS
    if s["mode"] == UP:
        return upright(s, now, scatter, (ux, uy, uz), (sx, sy, sz), seen_s, out, made)
    if scatter < REST_RAD:
        return resting(s, now, (ux, uy, uz), seen_s, out, made)
    return leaving(s, now, lively > LIVELY_RADPS, (sx, sy, sz), seen_s, out, made)


@kernel
def resting(s: Record, now: int, up: tuple[float, float, float], seen_s: float, out: Floats, made: int) -> int:
    """Rest on what was not known to be standing: a seat, or standing after a rise that walking will confirm."""
    seat = s["seat"]
    if s["mode"] == SEATED and now - s["left"] < QUIET_TICKS and apart(seat, up) > LEAST_RAD:
        measure_rise(s, now, up, s["change"])
        s["waits"] = 1
        known = s["upright_known"] == 1 and apart(s["upright"], up) < LEAST_RAD
        if known and at_home(s, seat) > LEAST_RAD:
            return tell_rise(s, now, up, seen_s, out, made)
    for c in range(3):
        seat[c] = up[c]
    s["mode"] = SEATED
    s["left"] = now
    s["away"] = s["walked"] = 0
    return made


@kernel
def at_home(s: Record, posture: Floats) -> float:
    """Angle between a posture and standing, rad."""
    return float(apart(s["upright"], (posture[0], posture[1], posture[2])))


@kernel
def leaving(
    s: Record, now: int, lively: bool, stride: tuple[float, float, float], seen_s: float, out: Floats, made: int
) -> int:
    """Movement: a rise once it has stayed away from the seat's posture, walking where it never left it."""
    known = s["mode"] == SEATED
    if known and at_tick(s, now, s["seat"]) < SEAT_RAD:
        s["left"] = now
    far = known and apart(s["seat"], stride) > LEAST_RAD
    s["away"] = s["away"] + 1 if far and lively else 0
    s["walked"] = s["walked"] + 1 if lively and not far else 0
    if s["away"] >= AWAY_TICKS:
        measure_rise(s, now, stride, s["change"])
        return tell_rise(s, now, stride, seen_s, out, made)
    if s["waits"] == 1 and s["walked"] >= AWAY_TICKS:
        if tick_s(s, now) - s["change"][END] < STANDS_S:
            return tell_rise(s, now, stride, seen_s, out, made)
        s["waits"] = 0
    if s["walked"] >= WALK_TICKS:
        stand(s, now, stride)
    return made


@kernel
def stand(s: Record, now: int, up: tuple[float, float, float]) -> None:
    """From now on the wearer is up."""
    for c in range(3):
        s["upright"][c] = up[c]
    s["upright_known"] = 1
    s["mode"] = UP
    s["risen"] = now
    s["waits"] = 0
    s["still"] = 0


@kernel
def measure_rise(s: Record, now: int, up: tuple[float, float, float], row: Floats) -> None:
    """Fills in a rise that began at the seat's posture and has led to `up`."""
    seat = s["seat"]
    oldest = max(now - PAST + 1 + EASED, EASED)
    left = max(s["left"], oldest)
    stir = left
    while stir > oldest and left - stir < BACK_TICKS and activity(s, stir) > MOVING_RADPS:
        stir -= 1
    whole = apart(seat, up)
    stood = left
    while stood < now and at_tick(s, stood, seat) < STOOD_SHARE * whole:
        stood += 1
    row[KIND], row[TURNED], row[SEAT] = ROSE, whole, tick_s(s, left)
    row[START] = min(tick_s(s, stir) + STIR_S, row[SEAT])
    row[END] = tick_s(s, stood) + STOOD_S


@kernel
def tell_rise(s: Record, now: int, up: tuple[float, float, float], seen_s: float, out: Floats, made: int) -> int:
    """Writes the rise that `change` holds: the wearer is up."""
    s["waits"] = 0
    stand(s, now, up)
    out[made, :] = s["change"]
    out[made, END] = min(out[made, END], seen_s)
    out[made, EMITTED] = seen_s
    return made + 1


@kernel
def upright(
    s: Record,
    now: int,
    scatter: float,
    up: tuple[float, float, float],
    stride: tuple[float, float, float],
    seen_s: float,
    out: Floats,
    made: int,
) -> int:
    """Learns the standing posture on the way; a rest in another one is a seat."""
    home = s["upright"]
    if scatter > REST_RAD and apart(home, stride) < LEARN_RAD:
        size = 0.0
        for c in range(3):
            home[c] += (s["up"][now % PAST, c] - home[c]) / (LEARN_S * TICK_HZ)
            size += home[c] * home[c]
        for c in range(3):
            home[c] /= math.sqrt(size)
    seated = scatter < STILL_RAD and apart(home, up) > LEAST_RAD and now - s["risen"] > NEW_TICKS
    s["still"] = s["still"] + 1 if seated else 0
    if s["still"] < STILL_TICKS:
        return made
    oldest = max(now - PAST + 1, 0)
    whole = apart(home, up)
    arrived = now - REST_TICKS // 2
    while arrived > oldest and towards(s, arrived, up) < ARRIVED_RAD:
        arrived -= 1
    begun = arrived
    while begun > oldest and towards(s, begun, up) < SIT_SHARE * whole:
        begun -= 1
    row = out[made]
    row[KIND], row[TURNED], row[SEAT], row[EMITTED] = SAT, whole, tick_s(s, arrived), seen_s
    row[START] = min(tick_s(s, begun) + SIT_S, row[SEAT])
    row[END] = row[SEAT] + SEATED_S + SEATED_SHARE * (row[SEAT] - tick_s(s, begun))
    if row[END] > seen_s and s["still"] < SETTLED_TICKS:
        return made
    row[END] = min(row[END], seen_s)
    for c in range(3):
        s["seat"][c] = up[c]
    s["mode"] = SEATED
    s["left"] = now
    s["away"] = s["walked"] = 0
    return made + 1


@kernel
def tick_s(s: Record, at: int) -> float:
    """The middle of tick `at` of the rings, in seconds of the stream."""
    tick = s["last_tick"] - s["ticks"] + 1 + at
    return float((tick * EVERY + 0.5 * (EVERY - 1)) / BODY_RATE_HZ)


@kernel
def mean_up(s: Record, start: int, stop: int) -> tuple[float, float, float, float]:
    """Scatter (root mean square, rad) and direction of the vertical over ticks that the rings hold."""
    x, y, z = 0.0, 0.0, 0.0
    for at in range(start, stop):
        up = s["up"][at % PAST]
        x, y, z = x + up[0], y + up[1], z + up[2]
    length = math.sqrt(x * x + y * y + z * z)
    scatter = math.sqrt(max(0.0, 2.0 * (1.0 - length / (stop - start))))
    length = max(length, 1e-12)
    return scatter, x / length, y / length, z / length


@kernel
def activity(s: Record, at: int) -> float:
    """How fast the thigh turned around a tick, rad/s, over 0.2 s; what is still to come counts as the newest tick."""
    newest = s["ticks"] - 1
    eased = 0.0
    for n in range(EASED):
        eased += EASED_WEIGHTS[n] * s["rate"][min(at + EASED_HALF - n, newest) % PAST]
    return eased


@kernel
def apart(a: Floats, b: tuple[float, float, float]) -> float:
    """Angle between two unit vectors, rad."""
    return math.acos(min(max(a[0] * b[0] + a[1] * b[1] + a[2] * b[2], -1.0), 1.0))


@kernel
def at_tick(s: Record, at: int, posture: Floats) -> float:
    """Angle of the vertical at tick `at` from a posture, rad."""
    return float(apart(posture, (s["up"][at % PAST, 0], s["up"][at % PAST, 1], s["up"][at % PAST, 2])))


@kernel
def towards(s: Record, at: int, posture: tuple[float, float, float]) -> float:
    """The same for a posture as a tuple."""
    return float(apart(s["up"][at % PAST], posture))
