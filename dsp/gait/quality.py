"""How far a bout's measures can be trusted, in a number and in words."""

import math
from collections.abc import Sequence

from dsp.gait import columns as c
from dsp.gait.lengths import SLOW_MPS
from dsp.gait.sums import LEAST_STRIDES

# Judged, not fitted: what each flaw leaves of 1, and from where on it is told.
LEAST_QUALITY = 0.3  # what no stride at all leaves
BRIDGED, LOST, IRREGULAR = 0.02, 0.05, 0.2  # shares
UPRIGHT, AXES = 0.45, 0.75  # frame confidence (dsp.frames): vertical known, forward known
REPEATS = 0.5  # stride regularity


def quality_of(measured: Sequence[float], trunk: bool) -> tuple[float, list[str]]:
    """From 0 to 1, and why it is not 1. measured: the columns of dsp.gait.columns."""
    left, reasons = 1.0, []
    strides, sure, speed_mps = measured[c.STRIDES], measured[c.SURE_SHARE], measured[c.SPEED_MPS]
    if not strides >= LEAST_STRIDES:
        n = 0 if math.isnan(strides) else round(strides)
        left *= max(LEAST_QUALITY, n / LEAST_STRIDES)
        reasons.append(f"Only {n} strides outside turns." if n != 1 else "Only one stride outside turns.")
    if sure < UPRIGHT:
        left *= 0.7
        reasons.append("The vertical was not yet certain.")
    elif trunk and sure < AXES:
        left *= 0.9
        reasons.append("Forward was not certain, so harmonic ratios forward and sideways may be missing.")
    for column, least, text in (
        (c.BRIDGED_SHARE, BRIDGED, "{:.0%} of the samples were lost and filled in."),
        (c.LOST_SHARE, LOST, "In {:.0%} of the strides samples are missing."),
        (c.IRREGULAR_SHARE, IRREGULAR, "{:.0%} of the strides are irregular: pauses, or steps that were missed."),
    ):
        if measured[column] > least:
            left *= 1.0 - measured[column]
            reasons.append(text.format(measured[column]))
    if measured[c.STRIDE_REGULARITY] < REPEATS:
        left *= 0.8
        reasons.append("The motion hardly repeats itself from stride to stride.")
    if speed_mps < SLOW_MPS:
        left *= 0.8
        reasons.append("So slow a walk: speed and length are less certain.")
    return round(left, 2), reasons
