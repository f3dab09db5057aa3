"""What a test of a trial came to, out of the truth of its recording: what the detectors' event should say.

Times are seconds of the recording's time_s. `start_s` is the cue, `motion_s` the first movement after it; what is
counted from the cue is counted from `motion_s` where nobody told the cue.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from sensing.simulator.activities import Cue, Stand
from sensing.simulator.drawing import Performance
from sensing.simulator.trial_scripts import RUN_M, Task

CHAIR_LIMIT_S = 30.0
HALF_WAY = 0.64  # share of a rise at which half of the height is reached (postures.sit_to_stand)


def cue_of(truth: Mapping[str, Any]) -> float:
    """When somebody said "go"."""
    for test in ("tug", "walk_test"):
        if test in truth:
            return float(truth[test]["cue_s"])
    return float(truth["cues_s"][0])


def test_truth(protocol: Task, performance: Performance, truth: Mapping[str, Any]) -> dict[str, Any] | None:
    """The fields of the event, None where no whole test was done."""
    if not performance.done:
        return None
    cue_s = cue_of(truth)
    match protocol:
        case "tug":
            return _tug(truth["tug"])
        case "6mwt" | "2mwt":
            walk = truth["walk_test"]
            return {**walk, "start_s": cue_s, "motion_s": walk["start_s"]}
        case "10mwt" | "t25fw":
            return _straight(performance, truth, cue_s)
        case "chair_stand_30s" | "chair_stand_5x":
            return _chair_stands(protocol, performance, truth, cue_s)
        case "stance":
            return _stance(performance, truth["stances"][0], cue_s)
        case "turns" | "everyday":
            return None


def _tug(tug: Mapping[str, Any]) -> dict[str, Any]:
    cue_s, moved_s, end_s = tug["cue_s"], tug["start_s"], tug["end_s"]
    rise_s = tug.get("rise_start_s", moved_s)
    return {
        "start_s": cue_s,
        "motion_s": moved_s,
        "rise_s": rise_s,  # of the rise that succeeded
        "end_s": end_s,
        "cue_duration_s": end_s - cue_s,
        "motion_duration_s": end_s - moved_s,
        "phases": tug["phases"],
    }


def _straight(performance: Performance, truth: Mapping[str, Any], cue_s: float) -> dict[str, Any]:
    """Where the feet were when: a line is passed between the contacts before and behind it."""
    reaction_s = _reaction_s(performance)
    contacts = np.array(sorted(truth["contacts_left_s"] + truth["contacts_right_s"]))
    metres = np.cumsum(truth["step_lengths_m"])
    length_m = performance.course_length_m or 0.0
    first_m = RUN_M if performance.variant == "run_in" else 0.0
    moved_s = cue_s + reaction_s
    from_s, to_s = np.interp((first_m, first_m + length_m), np.r_[0.0, metres], np.r_[moved_s, contacts])
    clock_s = from_s if first_m else cue_s if performance.told == "cue" else moved_s
    return {
        "start_s": cue_s,
        "motion_s": moved_s,
        "from_s": float(from_s),  # the first line is passed, where there is a run-in
        "end_s": float(to_s),
        "duration_s": float(to_s - clock_s),
        "distance_m": length_m,
        "speed_mps": length_m / float(to_s - clock_s),
    }


def _reaction_s(performance: Performance) -> float:
    script = list(performance.script)
    after = script[next(n for n, activity in enumerate(script) if isinstance(activity, Cue)) + 1]
    return after.duration_s if isinstance(after, Stand) else 0.0


def _chair_stands(protocol: Task, performance: Performance, truth: Mapping[str, Any], cue_s: float) -> dict[str, Any]:
    rises = [rise for rise in truth["sit_to_stand"] if rise["start_s"] >= cue_s]
    failed = [rise for rise in truth.get("negatives", {}).get("rise_attempts", []) if rise["start_s"] >= cue_s]
    moved_s = min(rise["start_s"] for rise in [*rises, *failed])
    clock_s = moved_s if performance.told != "cue" else cue_s
    doubtful = False
    if protocol == "chair_stand_30s":
        limit_s = clock_s + CHAIR_LIMIT_S
        half_way = [rise["start_s"] + HALF_WAY * (rise["end_s"] - rise["start_s"]) for rise in rises]
        doubtful = any(abs(moment - limit_s) < 0.3 for moment in half_way)
        rises = [rise for rise, moment in zip(rises, half_way, strict=True) if moment <= limit_s]
        failed = [rise for rise in failed if rise["end_s"] <= limit_s]
        end_s = limit_s
    else:
        rises = rises[:5]
        sat = [sit["seat_on_s"] for sit in truth["stand_to_sit"] if sit["start_s"] >= rises[-1]["end_s"]]
        end_s = rises[-1]["end_s"] if performance.variant == "sppb" else sat[0]
        failed = [rise for rise in failed if rise["end_s"] <= end_s]
    return {
        "start_s": cue_s,
        "motion_s": moved_s,
        "end_s": end_s,
        "count": len(rises),
        "count_doubtful": doubtful,  # a rise was half-way up as the clock stopped
        "duration_s": end_s - clock_s,
        "rises": [{"start_s": rise["start_s"], "end_s": rise["end_s"]} for rise in rises],
        "seat_off_s": [rise["seat_off_s"] for rise in rises],
        "incomplete_s": [rise["start_s"] for rise in failed],
    }


def _stance(performance: Performance, stance: Mapping[str, Any], cue_s: float) -> dict[str, Any]:
    hold_s = performance.hold_s or 30.0
    losses = [moment for moment in stance["loss_of_balance_s"] if moment > cue_s]
    ends = [hold_s, *(moment - cue_s for moment in losses[:1])]
    if performance.leaves_s is not None:
        ends.append(performance.leaves_s)
    held_s = min(ends)
    return {
        "start_s": cue_s,
        "motion_s": cue_s,
        "end_s": cue_s + held_s,
        "condition": performance.stance,
        "hold_s": hold_s,
        "held_s": held_s,
        "ended_by": performance.ended_by,
        "loss_of_balance_s": losses,
        "steps_out_s": [moment + performance.step_out_s for moment in losses],
        "excursions_s": stance.get("excursions_s", []),
    }
