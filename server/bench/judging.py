"""How far an event of a clinic test is from what a simulated person did, and whether it is wrong.

Wrong is what a therapist would be misled by: the limits below are those that issue 4 sets for the same quantities. An
event that says "attention" or "invalid" warns; one that says "valid" must be right.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dsp.clinic.busy import KINDS
from server.bench.movements import Event, Judged, compare_rises, compare_turns, matched

TUG_S = 0.5
PHASE_S = 0.5
WALKED_M = 2.0  # and half a stride
SPEED_SHARE = 0.10
CHAIR_S = 0.5
HOLD_S = 0.5
LOSS_S = 1.0  # a loss of balance counts as found this near
EXPECTED_ERRORS = 2.0  # a length without a course is wrong when it is further off than twice what it says itself
CONE_S = 3.0  # a cone passed this short before the end may be counted with the next length


def judge(truth: Mapping[str, Any], seed: int, events: Sequence[Event]) -> Judged:
    """The trial's truth (truth["trial"] among it) against all events of its recording."""
    trial = truth["trial"]
    test, protocol = trial["test"], trial["protocol"]
    judged = Judged(protocol, seed, trial["condition"], trial["told"], test is not None)
    kept = _not_taken_back(events)
    tests = [event for event in kept if event["kind"] in set(KINDS.values())]
    mine = [event for event in tests if event["kind"] == KINDS.get(protocol) and _same_protocol(event, protocol)]
    if test is not None:
        mine = [event for event in mine if _overlap(event, test) > 0.3]
    event = max(mine, key=lambda one: _overlap(one, test), default=None) if test else (mine[-1] if mine else None)
    judged.others = [_named(other) for other in tests if other is not event]
    compare_turns(judged, truth, kept)
    compare_rises(judged, truth, kept)
    if event is None:
        return judged
    judged.found, judged.verdict = True, event["verdict"]
    if test is None:
        if event["verdict"] != "invalid":
            judged.wrong.append("no whole test was done")
        return judged
    JUDGES[protocol](judged, event, test, truth)
    if event["verdict"] not in trial["verdicts"]:
        judged.wrong.append(f"verdict {event['verdict']} in spite of: {trial['fault'] or 'lost samples'}")
    if event["verdict"] != "valid":
        judged.notes = [str(reason) for reason in event["reasons"]]
    return judged


def _named(event: Event) -> str:
    what = event.get("protocol") or event.get("condition") or event["kind"]
    return f"{what} {event['time_s']:.0f}-{_end_s(event):.0f} s, {event['verdict']}"


def _not_taken_back(events: Sequence[Event]) -> list[Event]:
    back = {(e["of_kind"], e["of_time_s"]) for e in events if e["kind"] == "retraction"}
    return [e for e in events if e["kind"] != "retraction" and (e["kind"], e["time_s"]) not in back]


def _same_protocol(event: Event, protocol: str) -> bool:
    return bool(event.get("protocol", protocol) == protocol)


def _end_s(event: Event) -> float:
    return float(event.get("end_s") or event["time_s"])


def _overlap(event: Event, test: Mapping[str, Any]) -> float:
    """Share of the shorter of the two that both have (a stance may be told on beyond the first loss of balance)."""
    if _end_s(event) == event["time_s"]:  # set up, but nothing came of it
        return float(test["start_s"] - 1.0 <= event["time_s"] <= test["end_s"])
    both = min(event["end_s"], test["end_s"]) - max(event["time_s"], test["start_s"])
    shorter = min(event["end_s"] - event["time_s"], test["end_s"] - test["start_s"])
    return float(both / max(shorter, 0.1))


def _tug(judged: Judged, event: Event, test: Mapping[str, Any], truth: Mapping[str, Any]) -> None:
    """After a rise that failed the first motion is the first attempt's or the successful one's."""
    moved = min((test["motion_s"], test["rise_s"]), key=lambda s: abs(event["time_s"] - s))
    true = test["cue_duration_s"] if event["clock"] == "cue" else test["end_s"] - moved
    judged.differ("total s", event["duration_s"], true, TUG_S)
    named = {phase["name"]: phase for phase in event["phases"]}
    for phase in test["phases"]:
        said = named.get(phase["name"])
        for edge in ("start_s", "end_s"):
            expected = phase[edge]
            if phase["name"] == "sit_to_stand" and edge == "start_s":
                expected = moved
            if said is not None and said[edge] is not None:
                judged.lists.setdefault("phase boundary s", []).append(said[edge] - expected)
                judged.lists.setdefault(f"{phase['name']} {edge}", []).append(said[edge] - expected)
    judged.right["all six phases"] = len(named) == 6
    for turn in ("turn_1", "turn_2"):
        angle = event.get(f"{turn}_angle_rad")
        if angle is not None:
            judged.lists.setdefault("turn angle in the test deg", []).append(abs(angle) * 57.29578 - 180.0)


def _walk(judged: Judged, event: Event, test: Mapping[str, Any], truth: Mapping[str, Any]) -> None:
    step_m = sum(truth["step_lengths_m"]) / len(truth["step_lengths_m"])
    if truth["trial"]["course_told"] and event["distance_method"] == "laps":
        judged.differ("distance m", event["distance_m"], test["distance_m"], WALKED_M + step_m)
        near_cone = any(abs(test["end_s"] - cone) < CONE_S for cone in test["cone_s"])
        if event["laps"] is not None:
            judged.right["laps exact"] = event["laps"] == test["laps"] or near_cone
    elif event["distance_m"] is not None:
        expected = event["distance_expected_error_m"] or 0.0
        judged.differ("estimated distance m", event["distance_m"], test["distance_m"], EXPECTED_ERRORS * expected)
        judged.errors["estimated distance %"] = 100.0 * (event["distance_m"] / test["distance_m"] - 1.0)
    judged.differ("duration s", event["duration_s"], test["duration_s"], 1.0)
    judged.right["rests counted"] = len(event["rests"]) == len(test["rests"])
    if len(event["rests"]) == len(test["rests"]):
        for said, true in zip(event["rests"], test["rests"], strict=True):
            for edge in ("start_s", "end_s"):
                judged.lists.setdefault("rest boundary s", []).append(said[edge] - true[edge])
    minutes = event["distance_per_minute_m"]
    if minutes and truth["trial"]["course_told"]:
        pairs = zip(minutes, test["distance_per_minute_m"], strict=False)
        judged.lists["distance of a minute m"] = [said - true for said, true in pairs if said is not None]
    for name in ("dwi_6_1", "dwi_6_2"):
        if event[name] is not None and test[name] is not None:
            judged.differ(f"{name} %", event[name], test[name])


def _straight(judged: Judged, event: Event, test: Mapping[str, Any], truth: Mapping[str, Any]) -> None:
    said, true = event["speed_mps"], test["speed_mps"]
    share = SPEED_SHARE
    if event.get("duration_expected_error_s") is not None:  # a line found by step lengths says how far it may be off
        share = max(share, EXPECTED_ERRORS * event["duration_expected_error_s"] / test["duration_s"])
    judged.differ("duration s", event["duration_s"], test["duration_s"])
    judged.differ("speed m/s", said, true, share * true)
    if said is not None:
        judged.errors["speed %"] = 100.0 * (said / true - 1.0)


def _chair_stands(judged: Judged, event: Event, test: Mapping[str, Any], truth: Mapping[str, Any]) -> None:
    said, true = event["repetitions"], test["count"]
    if said is None:
        judged.right["repetitions said"] = False
        return
    judged.right["repetitions exact"] = said == true
    judged.errors["repetitions"] = said - true
    if abs(said - true) > (1 if test["count_doubtful"] else 0):
        judged.wrong.append(f"{said} repetitions, truth {true}")
    if event["protocol"] == "chair_stand_5x":
        judged.differ("duration s", event["duration_s"], test["duration_s"], CHAIR_S)
    judged.right["incomplete rises exact"] = len(event["incomplete_times_s"]) == len(test["incomplete_s"])
    if said == true:
        for moment, rise in zip(event["repetition_times_s"], test["rises"], strict=True):
            judged.lists.setdefault("repetition after its end s", []).append(moment - rise["end_s"])


def _stance(judged: Judged, event: Event, test: Mapping[str, Any], truth: Mapping[str, Any]) -> None:
    if judged.told != "nothing":
        judged.differ("hold s", event["held_s"], test["held_s"], HOLD_S)
        judged.right["ended by"] = event["ended_by"] == test["ended_by"]
    end_s = test["start_s"] + test["hold_s"]
    found = [moment for moment in event["loss_of_balance_s"] if test["start_s"] <= moment <= end_s]
    true = [moment for moment in test["loss_of_balance_s"] if moment <= max(event["end_s"], test["end_s"] + 0.1)]
    pairs = matched(true, found, LOSS_S)
    judged.lists["loss of balance s"] = [said - moment for moment, said in pairs]
    judged.right["losses found"] = len(pairs) == len(true)
    judged.right["no false loss"] = len(pairs) == len(found)
    if len(pairs) < len(true):
        judged.wrong.append(f"{len(true) - len(pairs)} of {len(true)} losses of balance missed")
    if len(pairs) < len(found):
        judged.wrong.append(f"{len(found) - len(pairs)} losses of balance that were none")
    if event.get("excursions") is not None:
        judged.errors["excursions"] = event["excursions"] - len(test["excursions_s"])


JUDGES: dict[str, Callable[[Judged, Event, Mapping[str, Any], Mapping[str, Any]], None]] = {
    "tug": _tug,
    "6mwt": _walk,
    "2mwt": _walk,
    "10mwt": _straight,
    "t25fw": _straight,
    "chair_stand_30s": _chair_stands,
    "chair_stand_5x": _chair_stands,
    "stance": _stance,
}
