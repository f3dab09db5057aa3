"""Attitude from rates: the world's axes in the sensor's, carried along by the gyroscope."""

import math

from dsp.body import Floats
from dsp.gait.foot_past import FOOT_ROWS, HALF
from dsp.kernels import Record, kernel


@kernel
def upright(f: Record, at: int, up: Floats) -> None:
    """The mean acceleration around a row in which the leg stands, as a unit vector into `up`."""
    for c in range(3):
        up[c] = 0.0
        for i in range(at - HALF, at + HALF + 1):
            up[c] += f["rows"][i % FOOT_ROWS, c] / (2 * HALF + 1)
    size = math.sqrt(up[0] * up[0] + up[1] * up[1] + up[2] * up[2])
    if size > 0.0:
        for c in range(3):
            up[c] /= size


@kernel
def level_axes(up: Floats, world: Floats) -> None:
    """Two horizontal axes and the vertical, in the sensor's axes, as rows of `world`: right-handed, heading any."""
    least = 0
    for c in range(1, 3):
        if abs(up[c]) < abs(up[least]):
            least = c
    across = math.sqrt(1.0 - up[least] * up[least])
    for c in range(3):
        world[0, c] = ((1.0 if c == least else 0.0) - up[least] * up[c]) / across
        world[2, c] = up[c]
    for c in range(3):
        a, b = (c + 1) % 3, (c + 2) % 3
        world[1, c] = up[a] * world[0, b] - up[b] * world[0, a]


@kernel
def carry(world: Floats, x: float, y: float, z: float) -> None:
    """The sensor turns by this rotation vector (rad, its own axes): the world's axes turn back (Rodrigues)."""
    angle = math.sqrt(x * x + y * y + z * z)
    if angle < 1e-12:
        return
    x, y, z = x / angle, y / angle, z / angle
    c, s = math.cos(angle), math.sin(angle)
    for axis in range(3):
        a, b, d = world[axis, 0], world[axis, 1], world[axis, 2]
        along = (x * a + y * b + z * d) * (1.0 - c)
        world[axis, 0] = c * a - s * (y * d - z * b) + along * x
        world[axis, 1] = c * b - s * (z * a - x * d) + along * y
        world[axis, 2] = c * d - s * (x * b - y * a) + along * z


@kernel
def seen_from(world: Floats, x: float, y: float, z: float, out: Floats) -> None:
    """A vector of the sensor's axes in the world's, into out."""
    for axis in range(3):
        out[axis] = world[axis, 0] * x + world[axis, 1] * y + world[axis, 2] * z
