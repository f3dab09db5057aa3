"""Elementary movements: smooth curves, bumps and coloured noise from which a body's motion is put together."""

import functools

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Array = NDArray[np.float64]


def smooth_rise(s: Array) -> Array:
    """Minimum-jerk path from 0 to 1 (Flash & Hogan 1985); s in durations, clipped to 0…1. Peak slope 1.875."""
    s = np.clip(s, 0.0, 1.0)
    return np.asarray(s**3 * (10.0 - 15.0 * s + 6.0 * s**2))


def smooth_rise_curvature(s: Array) -> Array:
    """Second derivative of smooth_rise by s: the acceleration of a minimum-jerk movement. Peak 5.77."""
    s = np.clip(s, 0.0, 1.0)
    return np.asarray(60.0 * s * (1.0 - 3.0 * s + 2.0 * s**2))


def turned(s: Array) -> Array:
    """Angle of a turn with raised-cosine rate, 0 to 1; peak rate 2 (simulator.md §4)."""
    s = np.clip(s, 0.0, 1.0)
    return np.asarray(s - np.sin(2.0 * np.pi * s) / (2.0 * np.pi))


def half_sine(t: Array, start_s: float, length_s: float) -> Array:
    """A bump of height 1 in [start, start + length); its integral is 2·length/π."""
    s = (t - start_s) / length_s
    return np.where((s >= 0.0) & (s < 1.0), np.sin(np.pi * np.clip(s, 0.0, 1.0)), 0.0)


def bump(t: Array, start_s: float, up_s: float, stay_s: float, down_s: float) -> Array:
    """Minimum-jerk rise to 1, a stay, minimum-jerk fall back to 0."""
    return smooth_rise((t - start_s) / up_s) - smooth_rise((t - start_s - up_s - stay_s) / down_s)


@functools.cache
def _lowpass(cut_hz: float, rate_hz: float, order: int) -> Array:
    return np.asarray(signal.butter(order, cut_hz, "lowpass", fs=rate_hz, output="sos"))


@functools.cache
def _bandpass(low_hz: float, high_hz: float, rate_hz: float, order: int) -> Array:
    return np.asarray(signal.butter(order, (low_hz, high_hz), "bandpass", fs=rate_hz, output="sos"))


def band_noise(rng: np.random.Generator, n: int, rate_hz: float, low_hz: float, high_hz: float) -> Array:
    """Gaussian noise of unit expected SD in a band (2nd-order Butterworth band-pass, zero-phase)."""
    sos = _bandpass(low_hz, high_hz, rate_hz, 2)
    return _unit_noise(rng, n, rate_hz, sos, settle_s=3.0 / low_hz)


def sway_noise(rng: np.random.Generator, n: int, rate_hz: float) -> Array:
    """Coloured noise of postural sway with unit expected SD (simulator.md §6, computed on public stance data).

    0.8 of a white noise through a 1st-order low-pass at 0.45 Hz and 0.6 of one through a 2nd-order band-pass of
    0.8–3 Hz, both zero-phase and of unit SD. (The source has 0.85 and 0.53 of noises scaled with their settling ends,
    which are dropped afterwards: in the middle that comes to this, and only so are its check values met.)
    """
    slow = _unit_noise(rng, n, rate_hz, _lowpass(0.45, rate_hz, 1), settle_s=10.0)
    quick = _unit_noise(rng, n, rate_hz, _bandpass(0.8, 3.0, rate_hz, 2), settle_s=10.0)
    return 0.8 * slow + 0.6 * quick


def _unit_noise(rng: np.random.Generator, n: int, rate_hz: float, sos: Array, settle_s: float) -> Array:
    settle = round(settle_s * rate_hz)
    white = rng.standard_normal(n + 2 * settle)
    shaped = np.asarray(signal.sosfiltfilt(sos, white, padtype=None))[settle : settle + n]
    return shaped / _gain(sos.tobytes(), sos.shape[0])


@functools.cache
def _gain(sos_bytes: bytes, sections: int) -> float:
    """SD of unit white noise after zero-phase filtering: the root mean of |H|⁴ over all frequencies."""
    sos = np.frombuffer(sos_bytes).reshape(sections, 6)
    _, response = signal.sosfreqz(sos, worN=1 << 17)
    return float(np.sqrt(np.mean(np.abs(response) ** 4)))
