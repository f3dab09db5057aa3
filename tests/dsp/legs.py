"""A leg that walks a known way: what a sensor on its foot or shank must read, from the rigid motion itself."""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from sensing.block import STANDARD_GRAVITY_MPS2
from tests.dsp.walks import UPRIGHT, Floats, Stream

DENSE_HZ = 2000.0
STILL_S = 2.0
SMOOTH_S = 0.012
SWING_SHARE = 0.38  # of the stride


@dataclass(frozen=True)
class Leg:
    """stream: of its sensor. leaves_s: when it turned forward fastest before each swing. stride_m: contact to contact;
    the first swing, from standing, is half of it."""

    stream: Stream
    leaves_s: Floats
    stride_m: float

    @property
    def contacts_s(self) -> Floats:
        return self.stream.contacts_s


def walking_leg(
    *,
    stride_m: float = 1.3,
    stride_s: float = 1.1,
    strides: int = 10,
    shank: bool = False,
    lever_m: float = 0.0,
    turn_rad: float = 0.0,
    rate_hz: float = 100.0,
    mounting: Floats = UPRIGHT,
    noise_mps2: float = 0.0,
    seed: int = 1,
) -> Leg:
    """Standing, walking, standing. lever_m: of the sensor over what stands; turn_rad: of the heading in each swing."""
    contacts_s = STILL_S + stride_s * (1 + np.arange(strides))
    swing_s = SWING_SHARE * stride_s
    dense = np.arange(round((contacts_s[-1] + STILL_S) * DENSE_HZ)) / DENSE_HZ
    knots = _shank_knots if shank else _foot_knots
    pitch = _through([k for c in contacts_s for k in knots(c, swing_s)], dense)
    place, yaw = np.zeros((dense.size, 3)), np.zeros(dense.size)
    for n, contact_s in enumerate(contacts_s):
        length_m = stride_m if n else 0.5 * stride_m
        u = np.clip((dense - (contact_s - swing_s)) / (swing_s + 0.03), 0, 1)
        gone = u**3 * (10 - 15 * u + 6 * u * u)  # minimum jerk
        heading = turn_rad * (n + 0.5)
        place += length_m * gone[:, None] * np.array([np.cos(heading), np.sin(heading), 0.0])
        place[:, 2] += 0.06 * (64 * u**3 * (1 - u) ** 3)
        yaw += turn_rad * gone
    c, s = np.cos(pitch), np.sin(pitch)
    lever = lever_m * np.column_stack([np.cos(yaw) * s, np.sin(yaw) * s, c])
    acc = _rate(_rate(place + lever)) + np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
    ahead = np.cos(yaw) * acc[:, 0] + np.sin(yaw) * acc[:, 1]
    left = np.cos(yaw) * acc[:, 1] - np.sin(yaw) * acc[:, 0]
    felt = np.column_stack([c * ahead - s * acc[:, 2], left, s * ahead + c * acc[:, 2]])
    turning = np.column_stack([-s * _rate(yaw), _rate(pitch), c * _rate(yaw)])
    leaves_s = [_fastest(dense, turning[:, 1], t - swing_s - 0.15, t - swing_s + 0.1) for t in contacts_s]
    time_s = np.arange(int(dense[-1] * rate_hz)) / rate_hz
    rng = np.random.default_rng(seed)
    read = [
        np.column_stack([np.interp(time_s, dense, signal[:, axis]) for axis in range(3)]) @ mounting.T
        + rng.normal(0, size, (time_s.size, 3))
        for signal, size in ((felt, noise_mps2), (turning, 0.1 * noise_mps2))
    ]
    return Leg(Stream(time_s, read[0], read[1], contacts_s, rate_hz), np.array(leaves_s), stride_m)


def _foot_knots(contact_s: float, swing_s: float) -> list[tuple[float, float]]:
    """Heel up positive, degrees: flat, up on the toes, toes up at the contact, flat."""
    leaves_s = contact_s - swing_s
    return [
        (leaves_s - 0.18, 0.0),
        (leaves_s + 0.04, 65.0),
        (leaves_s + 0.8 * swing_s, -20.0),
        (contact_s, -15.0),
        (contact_s + 0.06, 0.0),
    ]


def _shank_knots(contact_s: float, swing_s: float) -> list[tuple[float, float]]:
    """Knee forward positive, degrees: it goes on turning slowly about the ankle while the foot is flat."""
    leaves_s = contact_s - swing_s
    return [
        (leaves_s - 0.15, 15.0),
        (leaves_s + 0.04, 50.0),
        (leaves_s + 0.9 * swing_s, -18.0),
        (contact_s + 0.08, -6.0),
        (contact_s + 0.22, 0.0),
    ]


def _through(knots: list[tuple[float, float]], dense: Floats) -> Floats:
    times, degrees = zip((-1.0, 0.0), *knots, (dense[-1] + 1.0, 0.0), strict=True)
    return np.asarray(
        gaussian_filter1d(PchipInterpolator(times, np.radians(degrees))(dense), SMOOTH_S * DENSE_HZ, mode="nearest")
    )


def _rate(signal: Floats) -> Floats:
    return np.asarray(np.gradient(signal, 1 / DENSE_HZ, axis=0))


def _fastest(dense: Floats, rate: Floats, start_s: float, stop_s: float) -> float:
    inside = (dense >= start_s) & (dense <= stop_s)
    return float(dense[inside][np.argmax(rate[inside])])
