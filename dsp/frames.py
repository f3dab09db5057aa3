"""From the sensor's axes to the body's, for any mounting, as the stream goes."""

import math

import numpy as np

from dsp.body import (
    AP,
    BODY_RATE_HZ,
    CONFIDENCE,
    COSINE,
    GYR_AP,
    GYR_ML,
    GYR_V,
    ML,
    NORM,
    SINE,
    UP_X,
    UP_Y,
    UP_Z,
    Floats,
    V,
)
from dsp.kernels import Record, kernel

# The vertical: the accelerometer's slow mean, carried by the gyroscope in between (complementary filter; Mahony 2008).
WITH_GYRO_S = 4.0  # several strides: steps must not move the vertical
WITHOUT_GYRO_S = 1.5  # a stride or two: as slow as turning over or bending allows
DOUBT_S = 1.0
DOUBT_MPS2 = 1.0  # a mean error this large doubles the pull; nobody accelerates so much for a whole second
STRONGEST_PULL = 8.0
# Forward: a trunk is pushed forward about a quarter of a step before it is pushed up most, so minus the correlation of
# the horizontal acceleration with the integral of the vertical one points forward. In 95 development recordings of
# healthy walks (voisard, mobgap, sisfall; lower back and waist) the end result is 5 degrees off in the median, 14 at
# the 90th percentile, never backwards, and known 2.4 s after the first step. With club foot it stays unknown.
DRIFT_S = 0.5  # what is slower is posture
SWAY_S = 0.5  # leak of the integral
FORWARD_S = 6.0  # of walking, not of time
MOVING_MPS2 = 0.4  # mean size of the vertical acceleration below which nothing is learned
LEAST_SHARE = 0.15  # of the horizontal motion that must go with the step; confidence rises from here ...
FULL_SHARE = 0.45  # ... to here
TURN_S = 0.5  # the axes swing to a new forward this slowly, so that no step change appears in the signals

FRAME_STATE = np.dtype(
    [
        ("settled", np.float64),  # samples that the vertical rests on
        ("gravity", np.float64, (3,)),  # in the sensor's axes: what it reads at rest
        ("doubt", np.float64, (3,)),  # what the accelerometer has lately read besides gravity
        ("across", np.float64, (3,)),  # unit vector, horizontal: zero of `heading`
        ("heading", np.float64, (2,)),  # forward, as cosine and sine from `across`
        ("slow", np.float64, (3,)),  # vertical and the two horizontal accelerations, posture
        ("sway", np.float64),  # leaky integral of the vertical acceleration
        ("moving", np.float64),  # mean square of the vertical acceleration
        ("walked", np.float64),  # samples that `forward` rests on
        ("forward", np.float64, (2,)),
        ("sizes", np.float64, (2,)),  # mean squares behind `forward`
    ],
    align=True,
)


@kernel
def orient(f: Record, sample: Floats, learn_forward: bool, row: Floats) -> None:
    """Takes one sample (acc xyz, gyr xyz or NaN) and fills in the row's body columns."""
    g = f["gravity"]
    ax, ay, az = sample[0], sample[1], sample[2]
    wx, wy, wz = sample[3], sample[4], sample[5]
    has_gyro = not math.isnan(wx + wy + wz)
    dt = 1.0 / BODY_RATE_HZ
    if has_gyro and f["settled"] > 0.0:
        gx = g[0] - (wy * g[2] - wz * g[1]) * dt
        gy = g[1] - (wz * g[0] - wx * g[2]) * dt
        gz = g[2] - (wx * g[1] - wy * g[0]) * dt
        before = math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2])
        after = math.sqrt(gx * gx + gy * gy + gz * gz)
        if after > 0.0:
            g[0], g[1], g[2] = gx * before / after, gy * before / after, gz * before / after
    f["settled"] += 1.0
    d = f["doubt"]
    late = dt / DOUBT_S
    d[0] += late * (ax - g[0] - d[0])
    d[1] += late * (ay - g[1] - d[1])
    d[2] += late * (az - g[2] - d[2])
    pull = dt / WITHOUT_GYRO_S
    if has_gyro:
        off = (d[0] * d[0] + d[1] * d[1] + d[2] * d[2]) / (DOUBT_MPS2 * DOUBT_MPS2)
        pull = dt / WITH_GYRO_S * min(1.0 + off, STRONGEST_PULL)
    pull = max(pull, 1.0 / f["settled"])
    g[0] += pull * (ax - g[0])
    g[1] += pull * (ay - g[1])
    g[2] += pull * (az - g[2])
    size = math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2])
    ux, uy, uz = 0.0, 0.0, 1.0
    if size > 1e-6:
        ux, uy, uz = g[0] / size, g[1] / size, g[2] / size
    level(f["across"], ux, uy, uz)
    ex, ey, ez = f["across"][0], f["across"][1], f["across"][2]
    nx, ny, nz = uy * ez - uz * ey, uz * ex - ux * ez, ux * ey - uy * ex
    v = ax * ux + ay * uy + az * uz - size
    h0 = ax * ex + ay * ey + az * ez
    h1 = ax * nx + ay * ny + az * nz
    if learn_forward:
        head(f, v, h0, h1)
    elif f["settled"] <= 1.0:
        f["heading"][0], f["heading"][1] = 0.0, 1.0
    c, s = f["heading"][0], f["heading"][1]
    fx, fy, fz = c * ex + s * nx, c * ey + s * ny, c * ez + s * nz
    lx, ly, lz = c * nx - s * ex, c * ny - s * ey, c * nz - s * ez
    row[V] = v
    row[ML] = ax * lx + ay * ly + az * lz
    row[AP] = ax * fx + ay * fy + az * fz
    row[GYR_V] = wx * ux + wy * uy + wz * uz
    row[GYR_ML] = wx * lx + wy * ly + wz * lz
    row[GYR_AP] = wx * fx + wy * fy + wz * fz
    row[NORM] = math.sqrt(ax * ax + ay * ay + az * az) - size
    row[CONFIDENCE] = 0.5 * min(1.0, f["settled"] / BODY_RATE_HZ) + 0.5 * sureness(f) * arrived(f)
    row[UP_X], row[UP_Y], row[UP_Z] = ux, uy, uz
    row[COSINE], row[SINE] = c, s


@kernel
def level(across: Floats, ux: float, uy: float, uz: float) -> None:
    """Keeps `across` horizontal with the least turn; picks the sensor's most horizontal axis where there is none."""
    ex, ey, ez = across[0], across[1], across[2]
    along = ex * ux + ey * uy + ez * uz
    ex, ey, ez = ex - along * ux, ey - along * uy, ez - along * uz
    length = math.sqrt(ex * ex + ey * ey + ez * ez)
    if length < 0.1:
        if abs(ux) <= abs(uy) and abs(ux) <= abs(uz):
            ex, ey, ez = 1.0 - ux * ux, -ux * uy, -ux * uz
        elif abs(uy) <= abs(uz):
            ex, ey, ez = -uy * ux, 1.0 - uy * uy, -uy * uz
        else:
            ex, ey, ez = -uz * ux, -uz * uy, 1.0 - uz * uz
        length = math.sqrt(ex * ex + ey * ey + ez * ez)
    across[0], across[1], across[2] = ex / length, ey / length, ez / length


@kernel
def head(f: Record, v: float, h0: float, h1: float) -> None:
    """Learns where forward is from one sample's vertical and horizontal accelerations."""
    slow = f["slow"]
    if f["settled"] <= 1.0:
        slow[0], slow[1], slow[2] = v, h0, h1
        f["heading"][0], f["heading"][1] = 0.0, 1.0
    drift = 1.0 / (BODY_RATE_HZ * DRIFT_S)
    slow[0] += drift * (v - slow[0])
    slow[1] += drift * (h0 - slow[1])
    slow[2] += drift * (h1 - slow[2])
    v, h0, h1 = v - slow[0], h0 - slow[1], h1 - slow[2]
    f["sway"] += v / BODY_RATE_HZ - f["sway"] / (BODY_RATE_HZ * SWAY_S)
    f["moving"] += (v * v - f["moving"]) / BODY_RATE_HZ
    if f["moving"] < MOVING_MPS2 * MOVING_MPS2:
        return
    f["walked"] += 1.0
    learn = max(1.0 / (BODY_RATE_HZ * FORWARD_S), 1.0 / f["walked"])
    forward, sizes, q = f["forward"], f["sizes"], f["sway"]
    forward[0] -= learn * (q * h0 + forward[0])
    forward[1] -= learn * (q * h1 + forward[1])
    sizes[0] += learn * (q * q - sizes[0])
    sizes[1] += learn * (h0 * h0 + h1 * h1 - sizes[1])
    length = math.hypot(forward[0], forward[1])
    if sureness(f) > 0.0 and length > 0.0:
        heading = f["heading"]
        aim0, aim1 = forward[0] / length, forward[1] / length
        if heading[0] * aim0 + heading[1] * aim1 < 0.0:  # behind: swing through the side, at full speed
            left = 1.0 if heading[0] * aim1 - heading[1] * aim0 >= 0.0 else -1.0
            aim0, aim1 = -left * heading[1], left * heading[0]
        swing = 1.0 / (BODY_RATE_HZ * TURN_S)
        c = heading[0] + swing * (aim0 - heading[0])
        s = heading[1] + swing * (aim1 - heading[1])
        length = math.hypot(c, s)
        heading[0], heading[1] = c / length, s / length


@kernel
def sureness(f: Record) -> float:
    """0 to 1: how much of the horizontal motion goes with the step, and for how long."""
    behind = f["sizes"][0] * f["sizes"][1]
    if f["walked"] < 2.0 * BODY_RATE_HZ or behind <= 0.0:
        return 0.0
    share = math.hypot(f["forward"][0], f["forward"][1]) / math.sqrt(behind)
    return min(max((share - LEAST_SHARE) / (FULL_SHARE - LEAST_SHARE), 0.0), 1.0)


@kernel
def arrived(f: Record) -> float:
    """1 where the axes have swung to what was learned, 0 while they are 45 degrees off and more."""
    forward, heading = f["forward"], f["heading"]
    along = heading[0] * forward[0] + heading[1] * forward[1]
    size = forward[0] * forward[0] + forward[1] * forward[1]
    return max(0.0, 2.0 * along * along / size - 1.0) if along > 0.0 else 0.0
