"""From candidate contacts to steps and bouts: what is sent, confirmed and taken back, and when."""

import math

import numpy as np

from dsp.body import Floats
from dsp.detector import State
from dsp.gait.contacts import (
    CONTACT_STATE,
    FINAL_CONTACT,
    LENGTH,
    MEASURED,
    NO_WALK,
    NOT_YET,
    RETRACTION,
    STEP,
    STRIDE,
    STRONGER,
    WALKING,
    WHY,
    append,
    close_bout,
    drop,
    emit,
    enter,
    first_provisional,
    follow_evenly,
    leave,
    middle,
    take_back,
)
from dsp.gait.foot_past import FOOT_STATE
from dsp.gait.foot_stride import FINAL_S, LENGTH_M, measure_swing
from dsp.gait.lifting import LIFT_STATE, LONG_TICKS, lifted
from dsp.gait.measures import measure, newest_length, roll
from dsp.gait.past import FASTEST_STRIDE_S, SLOWEST_STRIDE_S
from dsp.gait.plausible import bounce_m, rhythmic
from dsp.gait.rhythm import RHYTHM_STATE
from dsp.gait.sides import SIDES_STATE, tell_side
from dsp.gait.sums import LONGEST_SHARE, SHORTEST_SHARE
from dsp.kernels import Record, kernel

WALK_STATE = np.dtype(
    [
        ("contacts", CONTACT_STATE),
        ("rhythm", RHYTHM_STATE),
        ("lift", LIFT_STATE),
        ("foot", FOOT_STATE),  # of a sensor on one leg
        ("sides", SIDES_STATE),
        ("walking", np.int64),
        ("usual_height", np.float64),
        ("step_s", np.float64),  # between contacts as the rhythm has it, 0 where there is none
        ("locked_s", np.float64),  # when the rhythm was last clear
        ("tilt", np.float64),  # now
        ("largest_tilt", np.float64),  # since the last contact
        ("rough", np.int64),  # 1: too much jerk for the motion
        ("steady_s", np.float64),  # how long the rhythm has been strong enough for walking
    ],
    align=True,
)


@kernel
def candidate(w: Record, p: Record, t: float, height: float, seen_s: float, out: Floats, made: int) -> int:
    """Takes a rise as a contact at t if it is high enough and comes in time; returns the number of rows emitted."""
    k = w["contacts"]
    if seen_s - t > p["latest_s"] or height < height_needed(w, p, t):
        return made
    if w["walking"] == 0 and (w["tilt"] > p["tilt_silent"] or w["lift"]["high_ticks"] > LONG_TICKS):
        return made
    n = k["count"]
    if n > 0:
        since, last = t - k["time_s"][n - 1], k["height"][n - 1]
        too_soon = max(0.25, p["too_soon"] * w["step_s"]) if w["step_s"] > 0.0 else p["shortest_gap_s"]
        alike = p["alike"] * last < height < last / p["alike"]
        if since < too_soon or (since < p["crowded"] * w["step_s"] and not alike):
            if since < 0.1 or height < p["replaces"] * last or seen_s - k["time_s"][n - 1] > 5.0:
                return made
            if k["provisional"] > 0:
                made = take_back(k, n - 1, seen_s, STRONGER, out, made)
            else:
                emit(out, made, RETRACTION, k["time_s"][n - 1], seen_s)[WHY] = STRONGER
                made += 1
                leave(k, p["contacts_per_stride"])
    row = emit(out, made, STEP, t, seen_s)
    row[WALKING] = w["walking"]
    describe(w, p, t, row)
    if p["sways"] > 0.5:
        n = k["count"]
        tell_side(w["sides"], w["rhythm"], t, k["time_s"][n - 1] if n > 0 else math.nan, w["step_s"], row)
    made += 1
    append(k, t, height, w["largest_tilt"])
    if p["contacts_per_stride"] < 1.5:
        take_swing(w, p, row)
    w["largest_tilt"] = 0.0
    if w["walking"] == 1:
        k["provisional"] = 0
        enter(k["bout"], t, p["contacts_per_stride"])
        n = k["count"]
        w["usual_height"] = middle(k["height"], max(0, n - int(p["usual_over"])), n)
    elif walks(w, p, seen_s):
        made = confirm(w, p, seen_s, out, made)
    return made


@kernel
def describe(w: Record, p: Record, t: float, row: Floats) -> None:
    """Says of a step at t, not yet appended, which stride it completes, and now and then how the walk goes."""
    k = w["contacts"]
    b = k["bout"]
    at = k["count"] - int(p["contacts_per_stride"])
    if at >= 0:
        stride_s = t - k["time_s"][at]
        usual_s = w["step_s"] * p["contacts_per_stride"]
        whole = usual_s == 0.0 or SHORTEST_SHARE * usual_s <= stride_s <= LONGEST_SHARE * usual_s
        if whole and FASTEST_STRIDE_S <= stride_s <= SLOWEST_STRIDE_S:
            row[STRIDE] = stride_s
            row[LENGTH] = newest_length(b["measures"], p, k["time_s"][at], t)
    if w["walking"] == 1 and b["open"] == 1:
        roll(b["measures"], p, t, row[MEASURED:])


@kernel
def take_swing(w: Record, p: Record, row: Floats) -> None:
    """Measures the swing that the newest contact, on the one leg that has a sensor, has ended; row: its step."""
    k = w["contacts"]
    at = k["count"] - 1
    t = k["time_s"][at]
    before_s = k["time_s"][at - 1] if at > 0 and t - k["time_s"][at - 1] <= SLOWEST_STRIDE_S else math.nan
    told = np.empty(2)
    measure_swing(w["foot"], k["bout"]["measures"]["past"], p, before_s, t, told)
    k["final_s"][at] = told[FINAL_S]
    k["length_m"][at] = p["length_factor"] * told[LENGTH_M]
    row[FINAL_CONTACT] = k["final_s"][at]
    if not math.isnan(row[STRIDE]):
        row[LENGTH] = k["length_m"][at]


@kernel
def height_needed(w: Record, p: Record, t: float) -> float:
    """How high a rise at t must be to count."""
    k = w["contacts"]
    n = k["count"]
    heights = k["height"]
    if w["walking"] == 0:
        needed = p["first_floor"] * (p["clear_share"] if w["step_s"] > 0.0 else 1.0)
        if k["provisional"] > 1:
            needed = max(needed, 0.25 * middle(heights, n - min(k["provisional"], 6), n))
        return float(needed)
    if w["step_s"] > 0.0 and n > 0:
        steps = (t - k["time_s"][n - 1]) / w["step_s"]
        if p["due_from"] < steps < p["due_until"]:
            return float(max(p["floor"], p["share_due"] * w["usual_height"]))
    needed = max(p["floor"], p["share"] * w["usual_height"])
    if n >= 4 and w["rhythm"]["strength"] >= p["lock"]:
        weakest = min(min(heights[n - 1], heights[n - 2]), min(heights[n - 3], heights[n - 4]))
        needed = max(needed, p["share_weakest"] * weakest)
    return float(needed)


@kernel
def walks(w: Record, p: Record, now_s: float) -> bool:
    """Is it walking, by the provisional contacts and the rhythm?"""
    k = w["contacts"]
    n, end = k["provisional"], k["count"]
    few = int(p["contacts"])
    if n < few or w["rough"] == 1 or lifted(w, p, now_s) or bounce_m(k, few) < p["least_bounce_m"]:
        return False
    tilt = 0.0
    for i in range(end - few + 1, end):
        tilt = max(tilt, k["tilt"][i])
    if tilt < p["tilt_even"] and rhythmic(w, p, few):
        return True
    return steps_alone(k, p)


@kernel
def steps_alone(k: Record, p: Record) -> bool:
    """Do the contacts make a walk without a rhythm: many even ones, few strong even ones, or some that are neither?"""
    n, end = k["provisional"], k["count"]
    shortest_s, longest_s = p["shortest_step_s"], p["longest_step_s"]
    few, some, many = int(p["contacts"]), int(p["uneven_contacts"]), int(p["even_contacts"])
    if n >= many and follow_evenly(k, many, p["even"], p["tilt_even"], shortest_s, longest_s):
        return True
    strong = middle(k["height"], end - few, end) > p["strong_height"]
    if strong and follow_evenly(k, few, p["even"], p["tilt_uneven"], shortest_s, longest_s):
        return True
    if n < some:
        return False
    usual = middle(k["height"], end - some, end)
    tilt = p["tilt_even"] if usual > p["leaning_height"] else p["tilt_uneven"]
    return usual > p["uneven_height"] and follow_evenly(k, some, p["uneven"], tilt, shortest_s, longest_s)


@kernel
def confirm(w: Record, p: Record, seen_s: float, out: Floats, made: int) -> int:
    """Somebody walks: the provisional contacts stand, apart from doubles and from shifting before the first step."""
    k = w["contacts"]
    i = first_provisional(k) + 1
    while i < k["count"]:
        if k["time_s"][i] - k["time_s"][i - 1] < p["too_soon"] * w["step_s"]:
            weaker = i if k["height"][i] < k["height"][i - 1] else i - 1
            made = take_back(k, weaker, seen_s, STRONGER, out, made)
            if weaker < k["count"]:
                k["length_m"][weaker] = math.nan  # it was measured from the contact that is gone
        else:
            i += 1
    n = k["count"]
    usual = middle(k["height"], n - min(k["provisional"], 6), n)
    while k["provisional"] > 1 and k["height"][first_provisional(k)] < p["share_first"] * usual:
        made = take_back(k, first_provisional(k), seen_s, NOT_YET, out, made)
    if k["bout"]["open"] == 1 and k["time_s"][first_provisional(k)] - k["bout"]["last_s"] > p["pause_s"]:
        made = close_bout(k, p, seen_s, out, made)
    for i in range(first_provisional(k), k["count"]):
        enter(k["bout"], k["time_s"][i], p["contacts_per_stride"])
    k["provisional"] = 0
    w["walking"] = 1
    w["usual_height"] = usual
    return made


@kernel
def grow_old(w: Record, p: Record, now_s: float, seen_s: float, out: Floats, made: int) -> int:
    """Ends walks and bouts in which nothing more comes, confirms late and takes back what nothing followed."""
    k = w["contacts"]
    bout = k["bout"]
    if w["walking"] == 1:
        step_s = w["step_s"] if w["step_s"] > 0.0 else 0.6
        keep_s = min(max(p["keep_s"], p["keep_steps"] * step_s + p["keep_more_s"]), p["pause_s"])
        if now_s - k["time_s"][k["count"] - 1] > keep_s or w["lift"]["high_ticks"] > LONG_TICKS:
            w["walking"] = 0
        return made
    if k["provisional"] > 0 and walks(w, p, now_s):
        return confirm(w, p, seen_s, out, made)
    while k["provisional"] > 0:
        oldest, newest = k["time_s"][first_provisional(k)], k["time_s"][k["count"] - 1]
        if now_s - oldest <= p["silence_s"] and now_s - newest <= p["pause_s"]:
            break
        made = take_back(k, first_provisional(k), seen_s, NO_WALK, out, made)
    if bout["open"] == 1:
        next_s = k["time_s"][first_provisional(k)] if k["provisional"] > 0 else now_s - p["latest_s"]
        if next_s - bout["last_s"] > p["pause_s"]:
            made = close_bout(k, p, seen_s, out, made)
    return made


@kernel
def measure_settled(w: Record, p: Record) -> None:
    """Measures the bout's contacts that cannot change any more: all but the newest, which a stronger may replace."""
    k = w["contacts"]
    b = k["bout"]
    if b["open"] == 0:
        return
    m = b["measures"]
    settled = b["count"] - w["walking"]
    end = first_provisional(k)
    while m["taken"] < settled:
        at = end - b["count"] + m["taken"]
        measure(m, p, k["time_s"][at], k["final_s"][at], k["length_m"][at])


@kernel
def give_up(state: State, parameters: State, seen_s: float, out: Floats) -> int:
    """The stream has ended: what is not confirmed is taken back, the bout is closed."""
    w = state[0]["walk"]
    k = w["contacts"]
    made = 0
    w["walking"] = 0
    p = parameters[0]
    measure_settled(w, p)
    while k["provisional"] > 0:
        made = take_back(k, first_provisional(k), seen_s, NO_WALK, out, made)
    while k["count"] > 0:
        drop(k, k["count"] - 1)
    return close_bout(k, p, seen_s, out, made)
