"""The contacts that can still change: provisional ones first sent, not yet certain that somebody walks."""

import numpy as np

from dsp.body import Floats
from dsp.gait.columns import MEASURED_COLUMNS
from dsp.gait.measures import MEASURES_STATE, conclude
from dsp.kernels import Record, kernel

KEPT = 32  # more than fit into the contract's 5 s of doubt
STEP, RETRACTION, BOUT = 1.0, 2.0, 3.0
NO_WALK, NOT_YET, STRONGER = 1.0, 2.0, 3.0  # why a step was taken back
LEFT, RIGHT = 1.0, -1.0
# Columns of an emitted row, NaN where not known. STRIDE: seconds, of the stride that a step completes or of a bout's
# median; SIDE: LEFT or RIGHT; FINAL_CONTACT: own foot's last one, seconds; LENGTH: of the stride, metres. What is
# measured over a bout, or with a step over the walk's last seconds, follows from MEASURED on (dsp.gait.columns).
KIND, AT, EMITTED, WALKING, WHY, END, COUNT, STRIDE, SIDE, SIDE_CONFIDENCE, FINAL_CONTACT, LENGTH, MEASURED = range(13)
EMITTED_COLUMNS = MEASURED + MEASURED_COLUMNS
STRIDE_BINS, STRIDE_BIN_S = 400, 0.01  # strides up to 4 s

BOUT_STATE = np.dtype(
    [
        ("open", np.int64),
        ("start_s", np.float64),
        ("last_s", np.float64),
        ("before_last_s", np.float64),
        ("count", np.int64),
        ("strides", np.int64, (STRIDE_BINS,)),  # histogram of durations
        ("measures", MEASURES_STATE),
    ],
    align=True,
)
CONTACT_STATE = np.dtype(
    [
        ("time_s", np.float64, (KEPT,)),  # oldest first
        ("height", np.float64, (KEPT,)),
        ("tilt", np.float64, (KEPT,)),  # largest since the contact before
        ("final_s", np.float64, (KEPT,)),  # own foot's last final contact before it, NaN where not known
        ("length_m", np.float64, (KEPT,)),  # of the stride it completes as a foot's sensor measured it, else NaN
        ("count", np.int64),
        ("provisional", np.int64),  # how many of the newest
        ("bout", BOUT_STATE),
    ],
    align=True,
)


@kernel
def emit(out: Floats, made: int, kind: float, at_s: float, seen_s: float) -> Floats:
    """A fresh row of the output."""
    row: Floats = out[made]
    row[:] = np.nan
    row[KIND] = kind
    row[AT] = at_s
    row[EMITTED] = seen_s
    return row


@kernel
def append(k: Record, time_s: float, height: float, tilt: float) -> None:
    """Adds the newest contact, as provisional; the oldest makes room."""
    if k["count"] == KEPT:
        drop(k, 0)
    n = k["count"]
    k["time_s"][n] = time_s
    k["height"][n] = height
    k["tilt"][n] = tilt
    k["final_s"][n] = np.nan
    k["length_m"][n] = np.nan
    k["count"] = n + 1
    k["provisional"] = min(k["provisional"] + 1, KEPT)


@kernel
def drop(k: Record, at: int) -> None:
    """Forgets one contact."""
    if at >= k["count"] - k["provisional"]:
        k["provisional"] -= 1
    for j in range(at + 1, k["count"]):
        k["time_s"][j - 1] = k["time_s"][j]
        k["height"][j - 1] = k["height"][j]
        k["tilt"][j - 1] = k["tilt"][j]
        k["final_s"][j - 1] = k["final_s"][j]
        k["length_m"][j - 1] = k["length_m"][j]
    k["count"] -= 1


@kernel
def first_provisional(k: Record) -> int:
    """Where the oldest provisional contact stands."""
    return int(k["count"] - k["provisional"])


@kernel
def take_back(k: Record, at: int, seen_s: float, why: float, out: Floats, made: int) -> int:
    """Retracts a contact, unless a break in the stream has made it too old for that (contract: 5 s): then it stands."""
    if seen_s - k["time_s"][at] <= 5.0:
        emit(out, made, RETRACTION, k["time_s"][at], seen_s)[WHY] = why
        made += 1
    drop(k, at)
    return made


@kernel
def middle(values: Floats, first: int, last: int) -> float:
    """Upper median of the last 15 at most of values[first:last], which must not be empty."""
    work = np.empty(15)
    n = min(last - first, 15)
    for i in range(n):
        x = values[last - n + i]
        j = i
        while j > 0 and work[j - 1] > x:
            work[j] = work[j - 1]
            j -= 1
        work[j] = x
    return float(work[n // 2])


@kernel
def follow_evenly(k: Record, n: int, spread: float, tilt: float, shortest_s: float, longest_s: float) -> bool:
    """Do the last n contacts follow each other about evenly, at a walker's pace, the sensor keeping its tilt?"""
    end = k["count"]
    times, tilts = k["time_s"], k["tilt"]
    gaps = np.empty(KEPT)
    for i in range(n - 1):
        gaps[i] = times[end - n + 1 + i] - times[end - n + i]
        if tilts[end - n + 1 + i] > tilt:
            return False
    mean = (times[end - 1] - times[end - n]) / (n - 1)
    if not shortest_s < mean < longest_s:
        return False
    usual = middle(gaps, 0, n - 1)
    worst = 0.0
    for i in range(n - 1):
        worst = max(worst, abs(gaps[i] / usual - 1.0))
    return worst < spread


@kernel
def enter(b: Record, time_s: float, contacts_per_stride: float) -> None:
    """Counts a confirmed contact into the bout, which it opens if none is."""
    if b["open"] == 0:
        b["open"] = 1
        b["start_s"] = time_s
        b["count"] = 0
    since = b["last_s"] if contacts_per_stride < 1.5 else b["before_last_s"]
    if b["count"] >= contacts_per_stride:
        bin_ = int((time_s - since) / STRIDE_BIN_S)
        if 0 <= bin_ < STRIDE_BINS:
            b["strides"][bin_] += 1
    b["before_last_s"] = b["last_s"]
    b["last_s"] = time_s
    b["count"] += 1


@kernel
def leave(k: Record, contacts_per_stride: float) -> None:
    """Takes the newest contact, already confirmed, out of the bout and the list again."""
    b, n = k["bout"], k["count"]
    since = b["before_last_s"]
    if contacts_per_stride > 1.5 and n >= 3:
        since = k["time_s"][n - 3]
    if b["count"] > contacts_per_stride:
        bin_ = int((b["last_s"] - since) / STRIDE_BIN_S)
        if 0 <= bin_ < STRIDE_BINS and b["strides"][bin_] > 0:
            b["strides"][bin_] -= 1
    b["count"] -= 1
    b["last_s"] = b["before_last_s"]
    if n >= 3:
        b["before_last_s"] = k["time_s"][n - 3]
    k["count"] = n - 1


@kernel
def usual_stride_s(b: Record) -> float:
    """Median duration of the bout's strides, NaN where there is none."""
    total = 0
    for i in range(STRIDE_BINS):
        total += b["strides"][i]
    passed = 0
    for i in range(STRIDE_BINS):
        here = b["strides"][i]
        if here > 0 and 2 * (passed + here) >= total:
            return float((i + (0.5 * total - passed) / here) * STRIDE_BIN_S)
        passed += here
    return np.nan


@kernel
def close_bout(k: Record, p: Record, seen_s: float, out: Floats, made: int) -> int:
    """Emits the bout that is open, if any."""
    b = k["bout"]
    if b["open"] == 1 and b["count"] > 1:
        row = emit(out, made, BOUT, b["start_s"], seen_s)
        row[END] = b["last_s"]
        row[COUNT] = b["count"]
        row[STRIDE] = usual_stride_s(b)
        conclude(b["measures"], p, row[STRIDE], row[MEASURED:])
        made += 1
    b["open"] = 0
    b["count"] = 0
    b["strides"][:] = 0
    b["measures"]["taken"] = 0
    return made
