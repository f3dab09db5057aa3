"""Measures of simulated signals by their textbook formulas, for the realism gates."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from sensing.simulator import PERFECT, Person, Simulated, Stand, Walk, simulate

Array = NDArray[np.float64]


def body(simulated: Simulated) -> tuple[Array, Array]:
    """Acceleration (V, ML, AP; no gravity in V) and angular rate (yaw, pitch, roll) of a sensor worn straight."""
    acc, gyr = simulated.acc_mps2, simulated.gyr_radps
    assert gyr is not None
    return np.column_stack((acc[:, 0] - 9.80665, acc[:, 1], -acc[:, 2])), np.column_stack(
        (gyr[:, 0], gyr[:, 1], -gyr[:, 2])
    )


def contacts(simulated: Simulated) -> Array:
    return np.sort(np.r_[simulated.truth["contacts_left_s"], simulated.truth["contacts_right_s"]])


@dataclass(frozen=True, eq=False)
class Gait:
    """What simulator.md §2 tabulates, of one straight walk."""

    rms: Array  # V, ML, AP in m/s², yaw, pitch, roll in degrees per second
    mean_stride: Array  # (6, 200): phase 0 and 1/2 are the left and right contacts
    amplitudes: Array  # (6, harmonics of the mean stride)
    residual: Array  # SD of the strides around their mean

    def harmonic_ratio(self, axis: int) -> float:
        even, odd = self.amplitudes[axis, 2:9:2].sum(), self.amplitudes[axis, 1:8:2].sum()
        return float(odd / even if axis == 1 else even / odd)


def gait(person: Person, speed_mps: float, seed: int, distance_m: float = 45.0) -> Gait:
    s = simulate([Stand(1.0), Walk((distance_m,), speed_mps=speed_mps), Stand(1.0)], person, sensor=PERFECT, seed=seed)
    acc, gyr = body(s)
    channels = np.column_stack((acc, np.rad2deg(gyr)))
    left, right = (np.array(s.truth[f"contacts_{side}_s"]) for side in ("left", "right"))
    part = (s.time_s > left[3]) & (s.time_s < left[-3])
    strides = []
    for start, end in itertools.pairwise(left[3:-2]):
        middle = right[(right > start) & (right < end)][0]
        at = np.interp(np.arange(200) / 100, [0, 1, 2], [start, middle, end])
        strides.append([np.interp(at, s.time_s, channels[:, axis]) for axis in range(6)])
    cut = np.array(strides)
    mean = cut.mean(axis=0)
    residual = np.sqrt(((cut - mean) ** 2).mean(axis=(0, 2)))
    return Gait(channels[part].std(axis=0), mean, np.abs(np.fft.rfft(mean, axis=1)) / 100, residual)


def regularity(values: Array, lag: float) -> float:
    """Unbiased autocorrelation (Moe-Nilssen & Helbostad 2004) at its peak within 15 % of a lag in samples."""
    x = values - values.mean()
    energy = float(np.mean(x * x))
    return max(float(np.mean(x[:-m] * x[m:])) / energy for m in range(int(0.85 * lag), int(1.15 * lag) + 1))


@dataclass(frozen=True)
class Sway:
    rms: float
    f50_hz: float
    f95_hz: float
    centroidal_hz: float
    dispersion: float


def sway(values: Array, rate_hz: float) -> Sway:
    """Of one axis low-passed at 3.5 Hz; frequencies of the spectrum from 0.15 to 5 Hz (clinical.md §3.1)."""
    x = signal.sosfiltfilt(signal.butter(4, 3.5, fs=rate_hz, output="sos"), values - values.mean())
    f, power = signal.periodogram(x, rate_hz)
    part = (f >= 0.15) & (f <= 5.0)
    f, power = f[part], power[part]
    share = np.cumsum(power) / power.sum()
    m0, m1, m2 = (float((f**k * power).sum()) for k in range(3))
    half, most = (float(f[np.searchsorted(share, limit)]) for limit in (0.5, 0.95))
    return Sway(float(np.std(x)), half, most, float(np.sqrt(m2 / m0)), float(np.sqrt(1 - m1**2 / (m0 * m2))))
