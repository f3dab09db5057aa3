"""Slow, obvious twins of dsp.clinic.sway, straight from the clinical reference's formulas; low-pass and periodogram
are SciPy's."""

import math

import numpy as np
from scipy import signal

from dsp.body import Floats


def naive_sway(plane: Floats, rate_hz: float = 100.0) -> dict[str, float]:
    """All of SWAY_KEYS, point by point."""
    sos = signal.butter(4, 3.5, fs=rate_hz, output="sos")
    padding = min(round(3 * rate_hz), len(plane) - 1)
    ml, ap = (signal.sosfiltfilt(sos, plane[:, c], padlen=padding).tolist() for c in (0, 1))
    ml, ap = [x - sum(ml) / len(ml) for x in ml], [x - sum(ap) / len(ap) for x in ap]
    n, dt = len(ml), 1.0 / rate_hz
    distances = [math.hypot(x, y) for x, y in zip(ml, ap, strict=True)]
    found = {"distance_mps2": sum(distances) / n}
    found |= apart("rms", "_mps2", [math.sqrt(sum(d * d for d in xs) / n) for xs in (distances, ml, ap)])
    path = sum(math.hypot(ml[i] - ml[i - 1], ap[i] - ap[i - 1]) for i in range(1, n))
    found |= apart("path", "_mps2", [path, *(sum(abs(x[i] - x[i - 1]) for i in range(1, n)) for x in (ml, ap))])
    found |= apart("range", "_mps2", [max(x) - min(x) for x in (distances, ml, ap)])
    v_ml, v_ap = velocity(ml, dt), velocity(ap, dt)
    both = sum(math.hypot(x, y) for x, y in zip(v_ml, v_ap, strict=True)) / n
    found |= apart("mean_velocity", "_mps", [both, *(sum(abs(x) for x in v) / n for v in (v_ml, v_ap))])
    found["mean_frequency_hz"] = path / (2 * math.pi * found["distance_mps2"] * n * dt)
    triangles = [abs(ml[i] * ap[i - 1] - ap[i] * ml[i - 1]) / 2 for i in range(1, n)]
    found["area_m2ps5"] = sum(triangles) / (n * dt)
    jerks = [0.5 * sum(((x[i] - x[i - 1]) / dt) ** 2 * dt for i in range(1, n)) for x in (ml, ap)]
    found |= apart("jerk", "_m2ps5", [sum(jerks), *jerks])
    found["jerk_rate_m2ps6"] = sum(jerks) / (n * dt)
    segment = min(round(30 * rate_hz), n)
    spectra = [welch(x, segment, rate_hz) for x in (ml, ap)]
    spectra = [[a + b for a, b in zip(*spectra, strict=True)], *spectra]
    figures = [moments(p, [k * rate_hz / segment for k in range(len(p))]) for p in spectra]
    names = (("power", "_m2ps4"), ("f50", "_hz"), ("f95", "_hz"), ("centroidal_frequency", "_hz"))
    for k, (name, unit) in enumerate((*names, ("frequency_dispersion", ""))):
        found |= apart(name, unit, [figure[k] for figure in figures])
    s2_ml, s2_ap = (sum(x * x for x in xs) / (n - 1) for xs in (ml, ap))
    s_both = sum(x * y for x, y in zip(ml, ap, strict=True)) / (n - 1)
    found["ellipse95_m2ps4"] = 5.991464547107979 * math.pi * math.sqrt(s2_ml * s2_ap - s_both**2)
    sizes, axes = np.linalg.eigh(np.array([[s2_ml, s_both], [s_both, s2_ap]]))
    found["ellipse_major_mps2"], found["ellipse_minor_mps2"] = (math.sqrt(5.991464547107979 * s) for s in sizes[::-1])
    angle = math.atan2(axes[1, 1], axes[0, 1])
    found["ellipse_angle_rad"] = angle - math.pi * round(angle / math.pi)
    return found


def apart(name: str, unit: str, values: list[float]) -> dict[str, float]:
    return {f"{name}{axis}{unit}": value for axis, value in zip(("", "_ml", "_ap"), values, strict=True)}


def velocity(acc: list[float], dt: float) -> list[float]:
    v = [0.0]
    for i in range(1, len(acc)):
        v.append(v[-1] + dt * (acc[i] + acc[i - 1]) / 2)
    return [x - sum(v) / len(v) for x in v]


def welch(x: list[float], segment: int, rate_hz: float) -> list[float]:
    """Mean periodogram of segments that overlap by half or a little more, the last one ending where x ends."""
    starts = [0]
    while starts[-1] + segment < len(x):
        starts.append(starts[-1] + segment // 2)
    last = len(x) - segment
    starts = [round(k * last / max(len(starts) - 1, 1)) for k in range(len(starts))]
    parts = [signal.periodogram(x[s : s + segment], rate_hz, "hann", detrend="constant")[1] for s in starts]
    return [sum(p[k] for p in parts) / len(parts) for k in range(len(parts[0]))]


def moments(power: list[float], frequency_hz: list[float]) -> list[float]:
    inside = [(f, p) for f, p in zip(frequency_hz, power, strict=True) if 0.15 <= f <= 5.0]
    m0, m1, m2 = (sum(p * f**k for f, p in inside) for k in range(3))
    quantiles = []
    for share in (0.5, 0.95):
        below = 0.0
        for f, p in inside:
            below += p
            if below >= share * m0:
                quantiles.append(f)
                break
    return [m0 * frequency_hz[1], *quantiles, math.sqrt(m2 / m0), math.sqrt(1 - m1 * m1 / (m0 * m2))]
