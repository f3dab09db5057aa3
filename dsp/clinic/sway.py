"""Numbers of postural sway from a closed window of acceleration.

Definitions: Mancini 2012 (table 2) and Prieto 1996 as the clinical reference has them (§3.1). Everything here needs the
whole window, so it is computed once, when the window is over. `plane` is always the horizontal acceleration in m/s²,
shape (n, 2), columns to the left (ML) and forward (AP); where forward is not known, any two horizontal axes.
"""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats

CUTOFF_HZ, ORDER = 3.5, 4  # of the low-pass (ISway), run forwards and backwards
PADDING_S = 3.0  # the low-pass has forgotten its beginning to 1e-9 by then
SEGMENT_S = 30.0  # of the spectrum; Hann, half overlapping: what the published mean frequencies of BDS were made with
BAND_HZ = (0.15, 5.0)  # Prieto 1996
SHARE = 0.95  # of the points inside the ellipse
CHI2 = -2.0 * math.log(1.0 - SHARE)  # quantile with two degrees of freedom, 5.991

APART = ("", "_ml", "_ap")  # of both axes together, to the left, forward


def _apart(name: str, unit: str) -> tuple[str, ...]:
    return tuple(f"{name}{axis}{unit}" for axis in APART)


# What `sway` returns, in this order.
SWAY_KEYS: tuple[str, ...] = (
    "distance_mps2",
    *_apart("rms", "_mps2"),
    *_apart("path", "_mps2"),
    *_apart("range", "_mps2"),
    *_apart("mean_velocity", "_mps"),
    "mean_frequency_hz",
    "area_m2ps5",
    *_apart("jerk", "_m2ps5"),
    "jerk_rate_m2ps6",
    *_apart("power", "_m2ps4"),
    *_apart("f50", "_hz"),
    *_apart("f95", "_hz"),
    *_apart("centroidal_frequency", "_hz"),
    *_apart("frequency_dispersion", ""),
    "ellipse95_m2ps4",
    "ellipse_major_mps2",
    "ellipse_minor_mps2",
    "ellipse_angle_rad",
)
NEEDS_FORWARD = frozenset(key for key in SWAY_KEYS if "_ml" in key or "_ap" in key or key == "ellipse_angle_rad")


def sway(plane: Floats, rate_hz: float = BODY_RATE_HZ) -> dict[str, float]:
    """Every number of SWAY_KEYS; needs 10 s and more. NaN where nothing moves at all.

    PATH and JERK are sums over differences of rows. Mean velocity is of the integrated acceleration less its mean:
    who stands stays where he is. The ellipse's angle is its long axis against the left, positive towards forward.
    """
    quiet = low_passed(plane, rate_hz)
    quiet = quiet - quiet.mean(axis=0)
    n = quiet.shape[0]
    duration_s = n / rate_hz
    distance = np.hypot(quiet[:, 0], quiet[:, 1])
    steps = np.diff(quiet, axis=0)
    velocity = integrated(quiet, rate_hz)
    jerk = 0.5 * rate_hz * np.sum(steps**2, axis=0)
    path = path_length(quiet)
    power, frequency_hz = spectrum(quiet, rate_hz)
    major, minor, angle = ellipse(quiet)
    spectral = [
        spectral_figures(power @ weights, frequency_hz) for weights in np.array([[1, 1], [1, 0], [0, 1]], float)
    ]
    with np.errstate(invalid="ignore"):
        mean_frequency = path / np.float64(2.0 * math.pi * distance.mean() * duration_s)
    values = [
        distance.mean(),
        math.sqrt(float(np.mean(distance**2))),
        *np.sqrt(np.mean(quiet**2, axis=0)),
        path,
        *np.abs(steps).sum(axis=0),
        np.ptp(distance),
        *np.ptp(quiet, axis=0),
        np.hypot(velocity[:, 0], velocity[:, 1]).mean(),
        *np.abs(velocity).mean(axis=0),
        mean_frequency,
        swept_area(quiet) / duration_s,
        jerk.sum(),
        *jerk,
        jerk.sum() / duration_s,
        *np.transpose(spectral).ravel(),
        math.pi * major * minor,
        major,
        minor,
        angle,
    ]
    return dict(zip(SWAY_KEYS, map(float, values), strict=True))


def level_plane(acc_mps2: Floats, forward: Floats | None) -> Floats:
    """Horizontal acceleration of a window in the sensor's own axes, shape (n, 3), its mean taken as the vertical.

    `forward`, in the same axes, need not be level; without it the columns are any two horizontal axes at right angles.
    """
    mean = acc_mps2.mean(axis=0)
    up = mean / math.sqrt(float(np.sum(mean**2)))
    ahead = np.eye(3)[np.argmin(np.abs(up))] if forward is None else forward
    ahead = ahead - np.sum(ahead * up) * up
    ahead = ahead / math.sqrt(float(np.sum(ahead**2)))
    left = np.cross(up, ahead)
    return np.column_stack([np.sum(acc_mps2 * axis, axis=1) for axis in (left, ahead)])


def low_passed(plane: Floats, rate_hz: float) -> Floats:
    """Through a Butterworth low-pass forwards and backwards, so without delay; the ends are mirrored at their points.

    Done in the frequency domain, where both passes are one gain: no filter to import or to compile.
    """
    ends = min(round(PADDING_S * rate_hz), plane.shape[0] - 1)
    before = 2.0 * plane[0] - plane[ends:0:-1]
    after = 2.0 * plane[-1] - plane[-2 : -ends - 2 : -1]
    padded = np.concatenate((before, plane, after))
    frequency_hz = np.fft.rfftfreq(padded.shape[0], 1.0 / rate_hz)
    with np.errstate(over="ignore"):  # the gain at half the rate is nothing
        bent = np.tan(math.pi * frequency_hz / rate_hz) / math.tan(math.pi * CUTOFF_HZ / rate_hz)
        gain = 1.0 / (1.0 + bent ** (2 * ORDER))
    smooth = np.fft.irfft(np.fft.rfft(padded, axis=0) * gain[:, None], padded.shape[0], axis=0)
    return np.asarray(smooth[ends : ends + plane.shape[0]])


def integrated(plane: Floats, rate_hz: float) -> Floats:
    """Velocity in m/s, by the trapezoidal rule, less its mean."""
    velocity = np.zeros_like(plane)
    velocity[1:] = np.cumsum(0.5 * (plane[1:] + plane[:-1]), axis=0) / rate_hz
    return np.asarray(velocity - velocity.mean(axis=0))


def path_length(plane: Floats) -> float:
    """Length of the way from point to point."""
    steps = np.diff(plane, axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def swept_area(plane: Floats) -> float:
    """Sum of the triangles between the mean (the origin) and every two successive points."""
    return 0.5 * float(np.abs(plane[1:, 0] * plane[:-1, 1] - plane[:-1, 0] * plane[1:, 1]).sum())


def ellipse(plane: Floats) -> tuple[float, float, float]:
    """Semi-axes of the 95 % ellipse and the angle of the longer one from the first axis, -pi/2 to pi/2."""
    (xx, xy), (_, yy) = np.cov(plane, rowvar=False)
    middle, spread = 0.5 * (xx + yy), math.hypot(0.5 * (xx - yy), xy)
    angle = 0.5 * math.atan2(2.0 * xy, xx - yy)
    return math.sqrt(CHI2 * (middle + spread)), math.sqrt(CHI2 * max(middle - spread, 0.0)), angle


def spectrum(plane: Floats, rate_hz: float) -> tuple[Floats, Floats]:
    """One-sided power spectral density of each column, shape (m, 2), and its frequencies in Hz.

    Welch's mean over Hann segments of SEGMENT_S, as evenly spaced as half overlap needs; one where the window is
    shorter.
    """
    n = min(round(SEGMENT_S * rate_hz), plane.shape[0])
    count = 1 + math.ceil(2 * (plane.shape[0] - n) / n)
    taper = 0.5 - 0.5 * np.cos(2.0 * math.pi * np.arange(n) / n)
    power = np.zeros((n // 2 + 1, plane.shape[1]))
    for k in range(count):
        start = round(k * (plane.shape[0] - n) / max(count - 1, 1))
        part = plane[start : start + n]
        power += np.abs(np.fft.rfft((part - part.mean(axis=0)) * taper[:, None], axis=0)) ** 2
    power *= 2.0 / (count * rate_hz * np.sum(taper**2))
    power[0] *= 0.5  # has no negative counterpart
    if n % 2 == 0:
        power[-1] *= 0.5
    return power, np.asarray(np.fft.rfftfreq(n, 1.0 / rate_hz), np.float64)


def spectral_figures(power: Floats, frequency_hz: Floats) -> tuple[float, float, float, float, float]:
    """Of one spectrum between BAND_HZ: total power, F50, F95, centroidal frequency, dispersion (0 a pure sinusoid)."""
    inside = (frequency_hz >= BAND_HZ[0]) & (frequency_hz <= BAND_HZ[1])
    f, p = frequency_hz[inside], power[inside]
    width_hz = float(frequency_hz[1])
    m0, m1, m2 = (float(np.sum(p * f**k)) for k in range(3))
    if not m0 > 0.0:
        return 0.0, math.nan, math.nan, math.nan, math.nan
    f50, f95 = (float(f[np.searchsorted(np.cumsum(p), share * m0)]) for share in (0.5, 0.95))
    return m0 * width_hz, f50, f95, math.sqrt(m2 / m0), math.sqrt(max(1.0 - m1 * m1 / (m0 * m2), 0.0))
