"""Whether what repeats itself can be a walk: its pace, its size, and contacts that come when the rhythm says."""

import math

from dsp.gait.contacts import middle
from dsp.gait.rhythm import USUAL_STEP_S, vigour
from dsp.kernels import Record, kernel

USUAL_RANGE = 0.3  # natural logarithm: steps of 0.43 to 0.78 s
SAME_PACE = 0.1  # natural logarithm


@kernel
def odd_pace(r: Record, p: Record) -> float:
    """How much stronger the repetition must be because the stride's duration is unusual."""
    if r["stride_s"] <= 0.0:
        return 0.0
    return float(p["odd_pace"] * max(0.0, abs(math.log(r["stride_s"] / (2.0 * USUAL_STEP_S))) - USUAL_RANGE))


@kernel
def swing_m(r: Record) -> float:
    """How far the motion would swing to either side if all of it came once a stride."""
    return float(math.sqrt(2.0 * vigour(r)) * (r["stride_s"] / (2.0 * math.pi)) ** 2)


@kernel
def bounce_m(k: Record, n: int) -> float:
    """How far the last n contacts' rises would move the sensor up and down, were they a wave at their pace.

    A rise measures about half of the amplitude of a wave at the step's pace (dsp.gait.rises, USUAL scale).
    """
    end = k["count"]
    step_s = (k["time_s"][end - 1] - k["time_s"][end - n]) / (n - 1)
    return float(2.0 * middle(k["height"], end - n, end) * (step_s / (2.0 * math.pi)) ** 2)


@kernel
def agree(k: Record, n: int, stride_s: float, p: Record) -> bool:
    """Is each of the last n contacts about a step after the one before, as the rhythm has it?"""
    times, end = k["time_s"], k["count"]
    for i in range(end - n + 1, end):
        if abs((times[i] - times[i - 1]) * p["contacts_per_stride"] / stride_s - 1.0) > p["agree"]:
            return False
    return True


@kernel
def rhythmic(w: Record, p: Record, n: int) -> bool:
    """Is it walking by the rhythm, which the last n contacts must not contradict?"""
    k, r = w["contacts"], w["rhythm"]
    more = odd_pace(r, p)
    if w["steady_s"] < p["steady_for_s"] or r["strength"] < p["walks"] + more:
        return False
    if vigour(r) <= p["least_vigour_m2ps4"] or swing_m(r) >= p["reach_m"] or not agree(k, n, r["stride_s"], p):
        return False
    mean_s = (k["time_s"][k["count"] - 1] - k["time_s"][k["count"] - n]) / (n - 1)
    fits = abs(mean_s * p["contacts_per_stride"] / r["stride_s"] - 1.0) < 0.3
    return bool(fits or r["strength"] >= p["surely_walks"] + more)


@kernel
def keep_rhythm(w: Record, p: Record, now_s: float, tick_s: float) -> None:
    """The duration of a step while the rhythm is clear, and for how long it has been clear enough for walking.

    Nobody doubles or halves the step from one moment to the next: that is the rhythm taking two strides for one.
    """
    r = w["rhythm"]
    w["steady_s"] = w["steady_s"] + tick_s if r["strength"] >= p["walks"] + odd_pace(r, p) else 0.0
    step_s = r["stride_s"] / p["contacts_per_stride"]
    change = abs(math.log(step_s / w["step_s"])) if w["step_s"] > 0.0 and step_s > 0.0 else 0.0
    enough = p["hold"] if w["step_s"] > 0.0 and change < SAME_PACE else p["lock"]
    if r["strength"] >= enough and change < p["pace_jump"]:
        w["step_s"] = step_s
        w["locked_s"] = now_s
    if now_s - w["locked_s"] > max(p["remember_s"], p["remember_steps"] * w["step_s"]):
        w["step_s"] = 0.0
