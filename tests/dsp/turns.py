"""Analytic turns with known angles, for tests of the turn detector."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sensing.block import STANDARD_GRAVITY_MPS2
from tests.dsp.walks import UPRIGHT, Floats, Stream


@dataclass(frozen=True)
class Bend:
    """One raised-cosine turn (simulator reference §4) and the time of turning nowhere after it."""

    angle_deg: float = 180.0
    duration_s: float = 2.0
    pause_s: float = 4.0


def bends_s(bends: Sequence[Bend], still_s: float = 4.0) -> list[tuple[float, float]]:
    """Start and end of each bend in the stream that `turning` makes."""
    found, start_s = [], still_s
    for bend in bends:
        found.append((start_s, start_s + bend.duration_s))
        start_s += bend.duration_s + bend.pause_s
    return found


def turning(
    *bends: Bend,
    still_s: float = 4.0,
    swing_radps: float = 0.3,
    offset_radps: float = 0.0,
    step_s: float = 0.55,
    rate_hz: float = 100.0,
    mounting: Floats = UPRIGHT,
    seed: int = 1,
) -> Stream:
    """Stands still, then walks the bends with a trunk that swings about the vertical with every stride.

    mounting: rows are the sensor's axes in the body's (forward, left, up); offset_radps is the gyroscope's own.
    """
    rng = np.random.default_rng(seed)
    spans = bends_s(bends, still_s)
    index = np.arange(int((spans[-1][1] + bends[-1].pause_s) * rate_hz))
    time_s = index / rate_hz
    size = np.clip(time_s - still_s + 1.0, 0.0, 1.0)
    phase = 2 * np.pi * time_s / step_s
    rate = swing_radps * size * np.cos(0.5 * phase)
    for bend, (start_s, end_s) in zip(bends, spans, strict=True):
        inside = (time_s >= start_s) & (time_s < end_s)
        progress = (time_s - start_s) / bend.duration_s
        rate += inside * np.radians(bend.angle_deg) / bend.duration_s * (1 - np.cos(2 * np.pi * progress))
    moving = size * (swing_radps > 0.0)
    acc = rng.normal((0.0, 0.0, STANDARD_GRAVITY_MPS2), 0.02, (time_s.size, 3))
    acc[:, 2] += 2.0 * moving * np.sin(phase)
    acc[:, 0] += 1.0 * moving * np.sin(phase + 1.7)
    gyr = rng.normal(0.0, 0.002, (time_s.size, 3))
    gyr[:, 2] += rate
    gyr[:, 0] += 0.3 * swing_radps * moving * np.sin(0.5 * phase)
    return Stream(time_s, acc @ mounting.T, gyr @ mounting.T + offset_radps, np.empty(0), rate_hz)
