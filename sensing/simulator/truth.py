"""What really happened, in the field names of truth.json, on the recording's own time."""

from typing import Any

import numpy as np

from sensing.simulator.perform import Motion
from sensing.simulator.section import Footfall, Shift, shifted

BOUT_GAP_S = 3.0  # a longer pause between contacts ends a bout (Mobilise-D, clinical.md §3.2)


def truth_of(motion: Motion, clock_stretch: float) -> dict[str, Any]:
    """The truth of one recording; clock_stretch is seconds of the recording per second of the body."""
    to = Shift(0.0, clock_stretch, digits=4)
    section = motion.section
    duration_s = section.samples / motion.rate_hz
    marks: dict[str, list[dict[str, Any]]] = {}
    for mark in section.marks:
        marks.setdefault(mark.kind, []).append(shifted(_plain(mark.fields), to))
    feet = [f for f in section.footfalls if f.contact_s < duration_s]
    truth: dict[str, Any] = {
        "simulated": True,
        "subject": motion.person.name,
        "seed": motion.seed,
        "group": motion.person.condition,
        "contacts_left_s": [to(f.contact_s) for f in feet if f.side == "left"],
        "contacts_right_s": [to(f.contact_s) for f in feet if f.side == "right"],
        "covered_s": [[to(a), to(b)] for a, b in _rest_of(duration_s, list(section.uncovered_s))],
        "step_lengths_m": [round(f.length_m, 4) for f in feet],
        "step_factor": round(motion.person.step_factor, 4),
        "walking_bouts": [shifted(b, to) for b in bouts(feet, _breaks(motion))],
        "turns": marks.pop("turns", []),
        "turns_covered_s": [[to(a), to(b)] for a, b in _rest_of(duration_s, list(section.uncovered_s))],
        "sit_to_stand": marks.pop("sit_to_stand", []),
        "stand_to_sit": marks.pop("stand_to_sit", []),
        "stumbles": marks.pop("stumbles", []),
        "falls": marks.pop("falls", []),
        "is_fall": False,
        "is_stumble": False,
        "non_walking": not feet,
    }
    truth["is_fall"], truth["is_stumble"] = bool(truth["falls"]), bool(truth["stumbles"])
    if feet:
        truth["step_count"] = len(feet)
        truth["distance_m"] = round(sum(f.length_m for f in feet), 3)
    if truth["falls"]:
        first = truth["falls"][0]
        truth |= {"fall_start_s": first["onset_s"], "fall_end_s": first["rest_s"], "impact_s": first["impact_s"]}
    if "stances" in marks:
        truth["stances"] = marks.pop("stances")
    if "cues" in marks:
        truth["cues_s"] = [cue["at_s"] for cue in marks.pop("cues")]
    for test in ("tug", "walk_test"):
        if test in marks:
            truth[test] = marks.pop(test)[0]
    if marks:
        truth["negatives"] = marks  # what must not be taken for anything else
    return truth


def _plain(fields: Any) -> Any:
    """NumPy numbers as Python's, rounded to a millionth."""
    if isinstance(fields, dict):
        return {key: _plain(value) for key, value in fields.items()}
    if isinstance(fields, list | tuple):
        return [_plain(value) for value in fields]
    if isinstance(fields, np.generic):
        fields = fields.item()
    return round(fields, 6) if isinstance(fields, float) else fields


def _breaks(motion: Motion) -> list[float]:
    """Moments that end a bout whatever the pause: sitting down, rising, falling."""
    keys = {"sit_to_stand": "start_s", "stand_to_sit": "end_s", "falls": "impact_s"}
    return sorted(m.fields[keys[m.kind]] for m in motion.section.marks if m.kind in keys)


def bouts(feet: list[Footfall], breaks_s: list[float]) -> list[dict[str, Any]]:
    """First to last contact; the length of the first step was walked before the bout's first contact."""
    groups: list[list[Footfall]] = []
    for foot in feet:
        before = groups[-1][-1].contact_s if groups else -np.inf
        if foot.contact_s - before > BOUT_GAP_S or any(before < moment <= foot.contact_s for moment in breaks_s):
            groups.append([])
        groups[-1].append(foot)
    found = []
    for group in groups:
        start_s, end_s = group[0].contact_s, group[-1].contact_s
        steps = len(group)
        bout: dict[str, Any] = {"start_s": start_s, "end_s": end_s, "steps": steps}
        if steps > 1:
            distance_m = sum(f.length_m for f in group[1:])
            bout |= {
                "speed_mps": round(distance_m / (end_s - start_s), 4),
                "stride_length_m": round(2.0 * distance_m / (steps - 1), 4),
                "cadence_spm": round(60.0 * (steps - 1) / (end_s - start_s), 3),
                "distance_m": round(distance_m, 3),
            }
        found.append(bout)
    return found


def _rest_of(duration_s: float, without: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """[0, duration) without the intervals."""
    edges = [0.0]
    for start, end in sorted(without):
        edges += [max(start, edges[-1]), max(end, edges[-1])]
    edges.append(max(duration_s, edges[-1]))
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b > a]
