"""A sensor that is not on anybody any more: dropped, or taken off and put on a table."""

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from sensing.block import STANDARD_GRAVITY_MPS2, Vectors
from sensing.simulator.shapes import Array, band_noise, half_sine, smooth_rise
from sensing.simulator.simulate import Simulated

RANGE_MPS2, RANGE_RADPS = 8.0 * STANDARD_GRAVITY_MPS2, float(np.deg2rad(1000.0))


def dropped(simulated: Simulated, at_s: float, height_m: float = 0.8, seed: int = 0) -> Simulated:
    """From at_s on the sensor is not worn: it falls freely, spinning, bounces and lies still on the floor."""
    rng = np.random.default_rng([seed, 41])
    t = simulated.time_s - at_s
    fall_s = float(np.sqrt(2.0 * height_m / STANDARD_GRAVITY_MPS2))
    spin = rng.normal(0.0, 4.0, 3)
    acc = 0.3 * rng.standard_normal((t.size, 3)) * (t < fall_s)[:, None] + np.linalg.norm(spin) ** 2 * 0.01
    gyr = np.tile(spin, (t.size, 1))
    speed = float(np.sqrt(2.0 * STANDARD_GRAVITY_MPS2 * height_m))
    acc, gyr = _bounced(t - fall_s, acc, gyr, speed, rng)
    return _off_body(simulated, t >= 0.0, acc, gyr, t >= fall_s + 0.9, rng)


def taken_off(simulated: Simulated, at_s: float, handling_s: float = 4.0, seed: int = 0) -> Simulated:
    """From at_s on the belt is unbuckled, carried about in the hand and put on a table."""
    rng = np.random.default_rng([seed, 43])
    t = simulated.time_s - at_s
    rate_hz = 1.0 / float(np.median(np.diff(simulated.time_s)))
    busy = smooth_rise(t / 0.3) * smooth_rise((handling_s - t) / 0.3)
    gyr = np.column_stack([2.0 * busy * band_noise(rng, t.size, rate_hz, 0.2, 1.5) for _ in range(3)])
    down = _carried(simulated.acc_mps2[int(np.searchsorted(t, 0.0)) - 1], gyr * (t >= 0.0)[:, None], 1.0 / rate_hz)
    moves = np.column_stack([2.0 * busy * band_noise(rng, t.size, rate_hz, 0.3, 4.0) for _ in range(3)])
    clack = 10.0 * half_sine(t, handling_s, 0.04)[:, None] * rng.normal(0.0, 0.6, 3)
    return _off_body(simulated, t >= 0.0, down + moves + clack, gyr, t >= handling_s + 0.1, rng, down[-1])


def _carried(start: Array, gyr: Vectors, dt_s: float) -> Vectors:
    """Gravity in the axes of a case that turns at gyr, from a reading at rest on."""
    at = start / np.linalg.norm(start) * STANDARD_GRAVITY_MPS2
    out = np.empty_like(gyr)
    for row, rate in enumerate(gyr):
        at = Rotation.from_rotvec(-rate * dt_s).apply(at)
        out[row] = at
    return out


def _bounced(
    t: Array, acc: Vectors, gyr: Vectors, speed_mps: float, rng: np.random.Generator
) -> tuple[Vectors, Vectors]:
    """Three contacts with a hard floor from t = 0 on, each with less speed, in free flight between them."""
    flying = t >= 0.0
    acc[flying], gyr[flying] = 0.0, 0.0
    at = 0.0
    for share in (1.0, 0.35, 0.12):
        axis = rng.normal(size=3)
        strike = half_sine(t, at, 0.02) * np.pi / 2.0 * share * speed_mps / 0.02
        acc += strike[:, None] * axis / np.linalg.norm(axis)
        flight_s = 0.7 * share * speed_mps / STANDARD_GRAVITY_MPS2
        gyr[(t >= at) & (t < at + flight_s)] = rng.normal(0.0, 6.0, 3)
        at += 0.02 + flight_s
    return acc, gyr


def _off_body(
    simulated: Simulated,
    off: Array,
    acc: Vectors,
    gyr: Vectors,
    lies: Array,
    rng: np.random.Generator,
    lying: Array | None = None,
) -> Simulated:
    """The recording with other readings where the sensor is off; at rest it only has its noise."""
    rest = rng.normal(size=3) if lying is None else lying
    noise = 0.01 * rng.standard_normal(acc.shape)
    acc = np.where(lies[:, None], rest / np.linalg.norm(rest) * STANDARD_GRAVITY_MPS2 + noise, acc)
    gyr = np.where(lies[:, None], 0.002 * rng.standard_normal(gyr.shape), gyr)
    acc, gyr = np.clip(acc, -RANGE_MPS2, RANGE_MPS2), np.clip(gyr, -RANGE_RADPS, RANGE_RADPS)
    worn_gyr = simulated.gyr_radps
    return replace(
        simulated,
        acc_mps2=np.where(off[:, None], acc, simulated.acc_mps2),
        gyr_radps=None if worn_gyr is None else np.where(off[:, None], gyr, worn_gyr),
        truth={**simulated.truth, "off_body_s": [float(simulated.time_s[np.argmax(off)]), float(simulated.time_s[-1])]},
    )
