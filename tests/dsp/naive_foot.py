"""Slow, obvious twin of dsp.gait.foot_*: everything is there at once, attitudes are SciPy's rotations."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Floats = NDArray[np.float64]

HALF = 4
RATE_HZ = 100.0
KEPT = 512


def around(signal: Floats, at: int) -> Floats:
    return signal[at - HALF : at + HALF + 1]


def flattest(gyr: Floats, from_s: float, until_s: float) -> int | None:
    """Row around which the mean square of the rate is least."""
    first = max(math.ceil(from_s * RATE_HZ - 1e-9), len(gyr) - KEPT + HALF, HALF)
    last = min(math.ceil(until_s * RATE_HZ - 1e-9), len(gyr) - 1 - HALF)
    energies = {at: float(np.mean(np.sum(around(gyr, at) ** 2, axis=1))) for at in range(first, last + 1)}
    known = {at: e for at, e in energies.items() if not math.isnan(e)}
    return min(known, key=lambda at: known[at]) if known else None


def stands(gyr: Floats, before_s: float | None, t: float) -> tuple[int | None, int | None]:
    near_s = 0.5 if before_s is None else min(0.5, 0.4 * (t - before_s))
    if before_s is None:
        before = flattest(gyr, t - 1.4, t - 0.6)
    else:
        before = flattest(gyr, max(before_s + 0.05, t - 2.0), max(before_s + near_s, t - 1.2))
    return before, flattest(gyr, t + 0.05, t + near_s)


def least_turn(a: Floats, b: Floats) -> Floats:
    """Rotation vector that brings one vector's direction onto the other's."""
    axis = np.cross(a, b)
    across = float(np.linalg.norm(axis))
    return axis / across * math.atan2(across, float(a @ b)) if across > 0 else np.zeros(3)


def clipped(rates: Floats) -> bool:
    """The same rate three times in a row, at 2 rad/s or more."""
    return any(np.ptp(rates[k : k + 3]) < 1e-6 and abs(rates[k]) >= 2.0 for k in range(len(rates) - 2))


def swing(
    acc: Floats,
    gyr: Floats,
    fresh: NDArray[np.bool_],
    bridged: NDArray[np.bool_],
    before_s: float | None,
    t: float,
    pivot_m: float,
    lag_s: float,
) -> tuple[float, float]:
    """Metres gone and final contact of the swing that ended at t; rows of 0.01 s from index 0, NaN is not known."""
    nothing = (math.nan, math.nan)
    start, stop = stands(gyr, before_s, t)
    if start is None or stop is None or stop - start < 3:
        return nothing
    looked_at = slice(start - HALF, stop + HALF + 1)
    if bridged[looked_at].mean() > 0.05 or fresh[looked_at].mean() * RATE_HZ < 40:
        return nothing
    if any(np.mean(np.sum(around(gyr, at) ** 2, axis=1)) > 4.0 for at in (start, stop)):
        return nothing
    if any(clipped(gyr[start : stop + 1, axis]) for axis in range(3)):
        return nothing
    up, end_up = around(acc, start).mean(axis=0), around(acc, stop).mean(axis=0)
    up_axis = np.array([0.0, 0.0, 1.0])
    if np.isnan(gyr[start : stop + 1]).any():
        return nothing
    attitude = [Rotation.from_rotvec(least_turn(up, up_axis))]
    for k in range(start + 1, stop + 1):
        attitude.append(attitude[-1] * Rotation.from_rotvec(0.5 * (gyr[k - 1] + gyr[k]) / RATE_HZ))
    mend = least_turn(attitude[-1].apply(end_up), up_axis)
    if np.linalg.norm(mend) > 0.35:
        return nothing
    n = stop - start
    mended = [Rotation.from_rotvec(mend * k / n) * a for k, a in enumerate(attitude)]
    world_acc = np.array([a.apply(x) for a, x in zip(mended, acc[start : stop + 1], strict=True)])[:, :2]
    world_gyr = np.array([a.apply(x) for a, x in zip(mended, gyr[start : stop + 1], strict=True)])
    velocity = np.vstack([np.zeros(2), np.cumsum(0.5 * (world_acc[1:] + world_acc[:-1]), axis=0) / RATE_HZ])
    first, last = (np.cross(world_gyr[k], [0.0, 0.0, pivot_m])[:2] for k in (0, -1))
    share = np.arange(n + 1)[:, None] / n
    velocity += first - share * (velocity[-1] - (last - first))
    gone = np.trapezoid(velocity, dx=1 / RATE_HZ, axis=0)
    length_m = float(np.linalg.norm(gone))
    if length_m < 0.1:
        return length_m, math.nan
    ahead = np.array([*gone / length_m, 0.0])
    left = np.cross(up_axis, ahead)
    fastest = int(np.argmax(velocity @ ahead[:2]))
    lean = world_gyr @ left
    at = int(np.argmax(lean[: fastest + 1]))
    if at in (0, n) or lean[at] < 0.5:
        return length_m, math.nan
    a, b, _ = np.polyfit([-1, 0, 1], lean[at - 1 : at + 2], 2)
    shift = -b / (2 * a) if a < 0 else 0.0
    return length_m, (start + at + shift) / RATE_HZ + lag_s
