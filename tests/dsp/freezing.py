"""A shank that walks, trembles on the spot, halts and stands, for tests of the freezes."""

from functools import cache

import numpy as np

from sensing.block import STANDARD_GRAVITY_MPS2
from tests.dsp.legs import STILL_S, walking_leg
from tests.dsp.walks import UPRIGHT, Floats, Stream

WALK, TREMBLE, STAND = "walk", "tremble", "stand"
TREMBLING_HZ, TREMBLING_MPS2, TREMBLING_RADPS = 5.0, 8.0, 1.5

Part = tuple[str, float]  # and its seconds


def freezing(
    *parts: Part,
    rate_hz: float = 100.0,
    stride_s: float = 1.1,
    mounting: Floats = UPRIGHT,
    noise_mps2: float = 0.1,
    seed: int = 1,
) -> Stream:
    """One part after the other; walking in whole strides, the first of which comes out of standing."""
    rng = np.random.default_rng(seed)
    pieces: list[tuple[Floats, Floats]] = []
    for what, seconds in parts:
        if what == WALK:
            pieces.append(_walked(round(seconds / stride_s), stride_s, rate_hz))
            continue
        time_s = np.arange(round(seconds * rate_hz)) / rate_hz
        acc = np.tile((0.0, 0.0, STANDARD_GRAVITY_MPS2), (time_s.size, 1))
        gyr = np.zeros_like(acc)
        if what == TREMBLE:
            wave = np.sin(2 * np.pi * TREMBLING_HZ * time_s)
            acc[:, 0] += TREMBLING_MPS2 * wave
            gyr[:, 1] += TREMBLING_RADPS * wave
        pieces.append((acc, gyr))
    acc, gyr = (np.concatenate(signal) for signal in zip(*pieces, strict=True))
    acc = acc @ mounting.T + rng.normal(0, noise_mps2, acc.shape)
    gyr = gyr @ mounting.T + rng.normal(0, 0.1 * noise_mps2, gyr.shape)
    return Stream(np.arange(len(acc)) / rate_hz, acc, gyr, np.empty(0), rate_hz)


@cache
def _walked(strides: int, stride_s: float, rate_hz: float) -> tuple[Floats, Floats]:
    leg = walking_leg(shank=True, lever_m=0.1, strides=strides, stride_s=stride_s, rate_hz=rate_hz).stream
    assert leg.gyr_radps is not None
    inside = (leg.time_s >= STILL_S) & (leg.time_s < STILL_S + strides * stride_s + 0.3)
    return leg.acc_mps2[inside], leg.gyr_radps[inside]
