"""What a stance's event says: hold time, steps out, sway, and whether to believe it."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.clinic.settling import leaned_rad, settling_rows
from dsp.clinic.stance_record import HOLDING, REFUSED, RUN_S
from dsp.clinic.sway import NEEDS_FORWARD, SWAY_KEYS, level_plane, sway
from dsp.clinic.verdict import Reason, slip_reasons, verdict, verdict_fields, wear_reasons
from dsp.clinic.wear import Wear, WearFigures
from dsp.events import Event, JsonValue
from dsp.kernels import Record
from dsp.prompt import Prompt

HOLD_S = 30.0  # where nobody said how long (ISway; clinical reference §2.3)
LEAST_S = 20.0  # of undisturbed stance for sway (clinical reference §2.3)
LEAST_ROWS = round((LEAST_S - 0.1) * BODY_RATE_HZ)  # a hold of exactly 20 s loses its first and last rows
# Forward counts from half of what can be known of it on: the frame is then 5 degrees off in the median, 14 at the 90th
# percentile (dsp/frames.py), which puts 6 % of one axis' variance into the other.
LEAST_SURE = 0.75
# From losing the balance to the foot's coming down: 0.3 to 0.6 s (design). A deliberate first step is felt earlier, by
# its push (voisard: 0.46 s before its contact in the median), so walking off is dated 0.3 to 0.4 s early.
LIFT_S = 0.40
LEANED_RAD = math.radians(2.0)  # 0.34 m/s²: several times the sway of people with MS (rms 0.04 to 0.15, Mancini 2012)
SLIP_S = 2.0  # of the mean vertical at both ends of what was watched
EARLY_S = 2.0  # a step so soon after the start may still belong to getting into place

BEST = np.dtype(
    [
        ("length", np.int64),  # rows; 0: none
        ("start_s", np.float64),
        ("end_s", np.float64),
        ("figures", np.float64, (len(SWAY_KEYS),)),
        ("measured_rows", np.int64),
        ("known", np.int64),  # forward is
        ("leaned_rad", np.float64),  # from its beginning to its end
        ("lost_share", np.float64),
        ("longest_hole_s", np.float64),
        ("clipped_share", np.float64),
    ],
    align=True,
)


def measured(signals: Record, best: Record, end_s: float, wear: Wear) -> None:
    """Writes the window up to end_s into `best` where it is longer than that, and long enough for sway.

    Without the seconds in which the posture was still being taken up, as far as enough is left.
    """
    start_s = float(signals["open_s"])
    rows = min(round((end_s - start_s) * BODY_RATE_HZ), int(signals["length"]))
    if rows < LEAST_ROWS or rows <= best["length"]:
        return
    stop = min(rows, int(signals["kept"]))
    settling = min(settling_rows(signals["acc"][:stop]), max(stop - LEAST_ROWS, 0))
    start_s += settling / BODY_RATE_HZ
    rows, kept = rows - settling, stop - settling
    if rows <= best["length"]:
        return
    figures, known = window_figures(signals, stop, settling)
    best["leaned_rad"] = leaned_rad(signals["acc"][settling:stop])
    worn = wear.over(start_s, start_s + rows / BODY_RATE_HZ)
    best["length"], best["measured_rows"], best["known"] = rows, kept, known
    best["start_s"], best["end_s"] = start_s, start_s + rows / BODY_RATE_HZ
    best["figures"] = figures
    best["lost_share"], best["longest_hole_s"], best["clipped_share"] = (
        worn.lost_share,
        worn.longest_hole_s,
        worn.clipped_share,
    )


def window_figures(signals: Record, stop: int, start: int = 0) -> tuple[Floats, bool]:
    """Sway of some of the window's rows, in the order of SWAY_KEYS, and whether ML and AP in it mean anything."""
    known = bool(signals["least_sure"] >= LEAST_SURE)
    facing = signals["facing"] if known and np.any(signals["facing"]) else None
    figures = sway(level_plane(signals["acc"][start:stop], facing))
    return np.array(list(figures.values())), facing is not None


def sway_json(figures: Floats, known: bool) -> dict[str, JsonValue]:
    """By name; null where forward would have to be known and is not, and where nothing moved."""
    return {
        key: value if math.isfinite(value) and (known or key not in NEEDS_FORWARD) else None
        for key, value in zip(SWAY_KEYS, figures.tolist(), strict=True)
    }


def steps_out_s(signals: Record, until_s: float) -> list[float]:
    """When a foot was put down, before until_s."""
    return [t for t in signals["landings_s"][: signals["landings"]].tolist() if t < until_s]


def losses_s(signals: Record, until_s: float) -> list[float]:
    """When the balance was lost: steps in a row are one loss, LIFT_S before the first foot came down."""
    landings = steps_out_s(signals, until_s)
    firsts = [s for i, s in enumerate(landings) if i == 0 or s - landings[i - 1] > RUN_S]
    return [max(s - LIFT_S, float(signals["start_s"])) for s in firsts]


def held_event(s: Record, prompt: Prompt, wear: Wear, seen_s: float, at_end: bool, sat_s: float) -> Event:
    """The event of a prompted stance. s: the state of Stance; sat_s: when sitting down began, infinite: it did not."""
    signals, best = s["signals"], s["best"]
    cue_s, hold_s = prompt.cue_s, prompt.hold_s or HOLD_S
    common: dict[str, JsonValue] = {
        "condition": prompt.stance,
        "hold_s": hold_s,
        "prompted": True,
        "cue_s": cue_s,
    }
    if signals["phase"] != HOLDING:
        text = "The hold did not begin: the wearer did not come to stand still."
        if signals["phase"] == REFUSED:
            text = "A stance is measured at the lower back, the waist or the chest."
        now_s = float(signals["time_s"])
        time_s = now_s if cue_s is None else min(cue_s, now_s)
        fields = common | nothing() | {"clock": "motion"} | verdict_fields([Reason("invalid", text)])
        return Event("stance", time_s, seen_s, now_s if now_s > time_s else None, fields, at_end)
    start_s, until_s = float(signals["start_s"]), float(signals["until_s"])
    over_s = min(until_s, seen_s) if sat_s == math.inf else sat_s
    losses, steps = losses_s(signals, over_s), steps_out_s(signals, over_s)
    ended_by = "loss_of_balance" if losses else "sat_down" if sat_s < math.inf else None
    if ended_by is None and over_s > until_s - 0.05:
        ended_by = "time" if until_s >= start_s + hold_s - 1e-6 else "operator"
        over_s = until_s
    held_s = (losses[0] if losses else over_s) - start_s
    clock = "cue" if cue_s is not None and start_s == cue_s else "motion"
    reasons = stance_reasons(s, start_s, held_s, hold_s, losses, cue_s, ended_by)
    reasons += wear_reasons(wear.over(start_s, start_s + held_s))
    if over_s - start_s > 3.0 * SLIP_S:
        reasons += slip_reasons(wear.slipped_rad((start_s, start_s + SLIP_S), (over_s - SLIP_S, over_s)))
    valid = verdict(reasons) != "invalid"
    fields = common | nothing() | {"clock": clock, "ended_by": ended_by} | verdict_fields(reasons)
    fields |= {"loss_of_balance_s": list(losses), "steps_out_s": list(steps), "excursions": int(signals["excursions"])}
    if valid:
        fields |= {"held_s": held_s} | sway_fields(best)
    end_s = max(steps[-1], float(best["end_s"]) if best["length"] else -math.inf) if losses else over_s
    return Event("stance", start_s, seen_s, end_s, fields, at_end)


def nothing() -> dict[str, JsonValue]:
    """The fields of a stance of which nothing was measured."""
    return {
        "held_s": None,
        "ended_by": None,
        "loss_of_balance_s": [],
        "steps_out_s": [],
        "excursions": None,
        "sway": None,
        "sway_window_s": None,
    }


def sway_fields(best: Record) -> dict[str, JsonValue]:
    if not best["length"]:
        return {}
    start_s = float(best["start_s"])
    window_s: list[JsonValue] = [start_s, start_s + int(best["measured_rows"]) / BODY_RATE_HZ]
    return {"sway": sway_json(best["figures"], bool(best["known"])), "sway_window_s": window_s}


def stance_reasons(
    s: Record,
    start_s: float,
    held_s: float,
    hold_s: float,
    losses: list[float],
    cue_s: float | None,
    ended_by: str | None,
) -> list[Reason]:
    """What the hold itself says against its result."""
    signals, best = s["signals"], s["best"]
    texts = []
    if s["rose"]:
        texts.append("Rose from sitting after the start: the time counts from standing still.")
    elif cue_s is not None and start_s != cue_s:
        texts.append(f"Still moving at the cue: the time counts from {start_s - cue_s:.1f} s later.")
    if losses and losses[0] - start_s < EARLY_S:
        texts.append("A step within 2 s of the start: repeat if the feet were still being placed.")
    if ended_by == "sat_down":
        texts.append("Sat down before the time was up.")
    if ended_by is None:
        texts.append("The recording ended before the time was up.")
    if s["stood"] == -1 and not s["rose"]:
        texts.append("Seems to have been done sitting.")
    if not math.isnan(signals["doubtful_s"]) and held_s > signals["doubtful_s"] - start_s:
        texts.append(f"Samples are missing at a large movement after {signals['doubtful_s'] - start_s:.0f} s.")
    if best["length"] == 0 and hold_s >= LEAST_S:
        texts.append("Fewer than 20 s undisturbed: hold time only.")
    if best["length"] and losses and best["start_s"] > losses[0]:
        texts.append("The sway is from after a step out: it counts if the feet were put back in place.")
    if best["length"] and best["leaned_rad"] > LEANED_RAD:
        degrees = math.degrees(best["leaned_rad"])
        texts.append(f"The trunk leaned {degrees:.0f} degrees further in the end, which the sway has in it.")
    if best["length"] and not best["known"]:
        texts.append(FORWARD_UNKNOWN)
    return [Reason("attention", text) for text in texts]


FORWARD_UNKNOWN = "Forward is not known, so there is no sway sideways and forward apart: walk a few steps first."


def quiet_event(best: Record, emitted_s: float, at_end: bool) -> Event | None:
    """The event of quiet standing that nobody asked for; None where it would not be valid."""
    worn = WearFigures(float(best["lost_share"]), float(best["longest_hole_s"]), float(best["clipped_share"]))
    reasons = wear_reasons(worn)
    if not best["known"]:
        reasons.append(Reason("attention", FORWARD_UNKNOWN))
    if verdict(reasons) == "invalid":
        return None
    fields = nothing() | {"condition": None, "hold_s": None, "prompted": False, "clock": "motion", "cue_s": None}
    fields |= {"held_s": float(best["end_s"]) - float(best["start_s"])} | sway_fields(best) | verdict_fields(reasons)
    return Event("stance", float(best["start_s"]), emitted_s, float(best["end_s"]), fields, at_end)
