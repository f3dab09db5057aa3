"""How far one swing carried a leg's sensor and when it began: strapdown integration between two stances.

Sabatini 2005, Mariani 2010: the attitude starts from gravity in one stance, follows the gyroscope to the next and is
made to agree with gravity there, the disagreement being spread evenly; the velocity is made to agree at both ends in
the same way. On a foot it is zero there. A shank never stands still: at the instant of its least rate it is taken to
turn about the ankle, which stands, `pivot_m` below the sensor.
"""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.gait.foot_past import FOOT_ROWS, HALF, energy, stands
from dsp.gait.foot_turning import carry, level_axes, seen_from, upright
from dsp.gait.past import BRIDGED, FRESH, complete, mean_over
from dsp.kernels import Record, kernel

LENGTH_M, FINAL_S = range(2)  # what is told of a swing

SLOWEST_HZ = 40.0  # sensor: a swing's rates reach 12 rad/s within 0.1 s; at 20 Hz (umafall) velocities drift by 0.5 m/s
MOST_BRIDGED = 0.05  # share of rows
# What shows that a swing was not measured well. Voisard's feet, 1 600 straight strides: median and 99th percentile of
# the tilt's disagreement 0.02 and 0.14 rad, of the rate in stance 0.16 and 0.78 rad/s. A gyroscope whose range is too
# small, or a foot that does not stand, makes more.
MOST_TILT_RAD, MOST_STANDING_RADPS = 0.35, 2.0
# A gyroscope at the end of its range says the same again and again; measured rates never do at this size.
CLIPPED_ROWS, CLIPPED_RADPS, SAME_RADPS = 3, 2.0, 1e-6
LEAST_PUSH_RADPS = 0.5  # voisard's feet reach 6 to 14, the slow shanks of stanford_fog 2 to 3
LEAST_M = 0.1  # below, which way the leg went is not known, and so not about which axis it swung


@kernel
def measure_swing(f: Record, past: Record, p: Record, before_s: float, t: float, told: Floats) -> None:
    """The swing that ended with a contact at t: metres gone and time of its final contact, NaN where not known.

    before_s: the same leg's contact before that, NaN where it stood still before.
    """
    told[:] = math.nan
    start, stop = stands(f, before_s, t)
    if start < 0 or stop - start < 3 or not usable(past, start - HALF, stop + HALF + 1):
        return
    if max(energy(f, start), energy(f, stop)) > MOST_STANDING_RADPS * MOST_STANDING_RADPS or clipped(f, start, stop):
        return
    n = stop - start
    moving = np.empty((n + 1, 4))  # velocity and rate on the two horizontal axes
    if not integrate(f, start, stop, p["pivot_m"], moving):
        return
    x, y = 0.0, 0.0
    for k in range(n):
        x += 0.5 * (moving[k, 0] + moving[k + 1, 0]) / BODY_RATE_HZ
        y += 0.5 * (moving[k, 1] + moving[k + 1, 1]) / BODY_RATE_HZ
    length_m = math.hypot(x, y)
    told[LENGTH_M] = length_m
    if length_m >= LEAST_M:
        leaves = (start + leaving(moving, x / length_m, y / length_m)) / BODY_RATE_HZ
        told[FINAL_S] = leaves + p["final_lag_s"]


@kernel
def usable(past: Record, start: int, stop: int) -> bool:
    """Are rows start to stop - 1 all there, as a sensor that is fast enough sent them?"""
    if not complete(past, start, stop) or stop - start > FOOT_ROWS:
        return False
    bridged = mean_over(past, BRIDGED, start, stop)
    return bridged <= MOST_BRIDGED and mean_over(past, FRESH, start, stop) * BODY_RATE_HZ >= SLOWEST_HZ


@kernel
def clipped(f: Record, start: int, stop: int) -> bool:
    """Did a rate stay at the end of the gyroscope's range between these rows?"""
    for axis in range(3, 6):
        same = 1
        for i in range(start + 1, stop + 1):
            here = f["rows"][i % FOOT_ROWS, axis]
            if abs(here - f["rows"][(i - 1) % FOOT_ROWS, axis]) > SAME_RADPS or abs(here) < CLIPPED_RADPS:
                same = 1
                continue
            same += 1
            if same == CLIPPED_ROWS:
                return True
    return False


@kernel
def turn_by(f: Record, at: int, world: Floats) -> None:
    """Carries the attitude from row at - 1 to row `at`."""
    before, here = f["rows"][(at - 1) % FOOT_ROWS], f["rows"][at % FOOT_ROWS]
    half = 0.5 / BODY_RATE_HZ
    carry(world, half * (before[3] + here[3]), half * (before[4] + here[4]), half * (before[5] + here[5]))


@kernel
def integrate(f: Record, start: int, stop: int, pivot_m: float, moving: Floats) -> bool:
    """Velocity and rate on two horizontal axes, from stance to stance; False where the attitudes do not agree."""
    n = stop - start
    up, end_up, seen = np.empty(3), np.empty(3), np.empty(3)
    upright(f, start, up)
    upright(f, stop, end_up)
    world = np.empty((3, 3))
    level_axes(up, world)
    for k in range(start + 1, stop + 1):
        turn_by(f, k, world)
    seen_from(world, end_up[0], end_up[1], end_up[2], seen)
    across = math.hypot(seen[0], seen[1])
    tilt = math.atan2(across, seen[2])
    if not tilt <= MOST_TILT_RAD:
        return False
    share = tilt / (across * n) if across > 0.0 else 0.0
    mend_x, mend_y = share * seen[1], -share * seen[0]  # a row's part of the turn that brings the ends together
    level_axes(up, world)
    x, y, was_x, was_y = 0.0, 0.0, 0.0, 0.0
    for k in range(n + 1):
        if k > 0:
            turn_by(f, start + k, world)
            carry(
                world,
                mend_x * world[0, 0] + mend_y * world[1, 0],
                mend_x * world[0, 1] + mend_y * world[1, 1],
                mend_x * world[0, 2] + mend_y * world[1, 2],
            )
        row = f["rows"][(start + k) % FOOT_ROWS]
        seen_from(world, row[0], row[1], row[2], seen)
        if k > 0:
            x += 0.5 * (was_x + seen[0]) / BODY_RATE_HZ
            y += 0.5 * (was_y + seen[1]) / BODY_RATE_HZ
        was_x, was_y = seen[0], seen[1]
        moving[k, 0], moving[k, 1] = x, y
        seen_from(world, row[3], row[4], row[5], seen)
        moving[k, 2], moving[k, 3] = seen[0], seen[1]
    agree(moving, n, pivot_m)
    return True


@kernel
def agree(moving: Floats, n: int, pivot_m: float) -> None:
    """Makes the velocity what it must be in both stances; what it is off is spread evenly over time."""
    for axis in range(2):
        # Turning about a point pivot_m below: rate times height, the rate about y moving the sensor along x.
        turning = pivot_m if axis == 0 else -pivot_m
        first, last = turning * moving[0, 3 - axis], turning * moving[n, 3 - axis]
        drift = moving[n, axis] - (last - first)
        for k in range(n + 1):
            moving[k, axis] += first - drift * k / n


@kernel
def leaving(moving: Floats, cosine: float, sine: float) -> float:
    """Row, as a fraction, of the leg's fastest forward turn before its swing is at its fastest; NaN without a peak.

    The direction of travel gives the axis: heel up and knee forward is positive about the left.
    """
    n = moving.shape[0]
    swing, fastest = 0, -math.inf
    for k in range(n):
        ahead = cosine * moving[k, 0] + sine * moving[k, 1]
        if ahead > fastest:
            swing, fastest = k, ahead
    at, most = 0, -math.inf
    for k in range(swing + 1):
        lean = cosine * moving[k, 3] - sine * moving[k, 2]
        if lean > most:
            at, most = k, lean
    if at == 0 or at == n - 1 or most < LEAST_PUSH_RADPS:
        return math.nan
    before = cosine * moving[at - 1, 3] - sine * moving[at - 1, 2]
    after = cosine * moving[at + 1, 3] - sine * moving[at + 1, 2]
    bend = before - 2.0 * most + after
    return float(at + 0.5 * (before - after) / bend) if bend < 0.0 else float(at)
