"""The further figures of a test's event, named and written with their units."""

import math
from collections.abc import Mapping
from typing import Any

Figure = dict[str, Any]

PHASES = {
    "sit_to_stand": "Standing up",
    "walk_out": "Walking out",
    "turn_1": "Turning round",
    "walk_back": "Walking back",
    "turn_2": "Turning to sit",
    "stand_to_sit": "Sitting down",
}
FATIGABILITY = {
    "none": "faster at the end",
    "stable": "steady",
    "mild": "slower at the end",
    "walking_fatigability": "much slower at the end: walking-related fatigability (Leone 2016)",
}
# (field of the event, label, unit, digits); rates and angles are shown in degrees.
FIELDS: tuple[tuple[str, str, str, int], ...] = (
    ("cue_duration_s", "From the word go", "s", 2),
    ("motion_duration_s", "From the first movement", "s", 2),
    ("turn_to_sit_s", "Turning and sitting down together", "s", 2),
    ("steps", "Steps", "", 0),
    ("steps_in_turn_1", "Steps in the turn", "", 0),
    ("steps_in_turn_2", "Steps in the turn to sit", "", 0),
    ("turn_1_angle_rad", "Angle of the turn", "°", 0),
    ("turn_2_angle_rad", "Angle of the turn to sit", "°", 0),
    ("peak_pitch_rate_up_radps", "Fastest trunk tilt standing up", "°/s", 0),
    ("peak_pitch_rate_down_radps", "Fastest trunk tilt sitting down", "°/s", 0),
    ("peak_yaw_rate_1_radps", "Fastest turning", "°/s", 0),
    ("peak_yaw_rate_2_radps", "Fastest turning to sit", "°/s", 0),
    ("laps", "Whole lengths", "", 0),
    ("last_part_m", "Last part of a length", "m", 1),
    ("turns", "Turns", "", 0),
    ("distance_expected_error_m", "Expected error of the distance", "m", 1),
    ("dwi_6_1", "Minute 6 against minute 1", "%", 0),
    ("dwi_6_2", "Minute 6 against minute 2", "%", 0),
    ("speed_mps", "Speed", "m/s", 2),
    ("incomplete", "Rises not counted", "", 0),
    ("slowing", "Slowing over the set", "%", 0),
    ("excursions", "Large sways", "", 0),
)
SWAY: tuple[tuple[str, str, str, int], ...] = (
    ("rms_mps2", "Sway, size", "m/s²", 3),
    ("rms_ml_mps2", "Sway, sideways", "m/s²", 3),
    ("rms_ap_mps2", "Sway, forward and back", "m/s²", 3),
    ("path_mps2", "Sway, path", "m/s²", 1),
    ("mean_velocity_mps", "Sway, mean velocity", "m/s", 4),
    ("jerk_m2ps5", "Sway, jerk", "m²/s⁵", 2),
    ("mean_frequency_hz", "Sway, mean frequency", "Hz", 2),
    ("f50_hz", "Half of the power below", "Hz", 2),
    ("f95_hz", "95 % of the power below", "Hz", 2),
    ("centroidal_frequency_hz", "Centroidal frequency", "Hz", 2),
    ("frequency_dispersion", "Frequency dispersion", "", 2),
    ("ellipse95_m2ps4", "95 % ellipse", "m²/s⁴", 4),
    ("range_ml_mps2", "Range, sideways", "m/s²", 2),
    ("range_ap_mps2", "Range, forward and back", "m/s²", 2),
)


def figures_of(run: Mapping[str, Any], event: Mapping[str, Any]) -> list[Figure]:
    """What was measured besides the result, in the order of FIELDS; what was not measured is left out."""
    result_field = {"10mwt": "speed_mps"}.get(run["protocol"])
    found = [_figure(event, *row) for row in FIELDS if row[0] != result_field]
    sway = event.get("sway")
    if isinstance(sway, Mapping):
        found += [_figure(sway, *row) for row in SWAY]
    gait = event.get("gait")
    if isinstance(gait, Mapping):
        found.append(_figure(gait, "cadence_spm", "Cadence between the turns", "steps/min", 0))
        found.append(_figure(gait, "stride_time_s", "Stride time between the turns", "s", 2))
    found += _counted(event)
    return [figure for figure in found if figure is not None]


def parts_of(event: Mapping[str, Any]) -> list[Figure]:
    """Phases of a Timed Up and Go, rests of a walk, as stretches of the recording."""
    if event.get("phases"):
        return [_part(p["name"], PHASES.get(p["name"], p["name"]), p) for p in event["phases"]]
    return [_part(f"rest_{n}", f"Rest {n}", rest) for n, rest in enumerate(event.get("rests") or [], start=1)]


def _counted(event: Mapping[str, Any]) -> list[Figure | None]:
    """Lists of the event as how many there are, and the word for fatigability."""
    found: list[Figure | None] = []
    for field, label in (("rests", "Rests"), ("loss_of_balance_s", "Losses of balance"), ("steps_out_s", "Steps out")):
        if isinstance(event.get(field), list):
            found.append(_figure({field: len(event[field])}, field, label, "", 0))
    velocities = event.get("rise_velocities_mps")
    known = [v for v in velocities if v is not None] if isinstance(velocities, list) else []
    if known:
        found.append(_figure({"rise": sum(known) / len(known)}, "rise", "Mean speed of rising", "m/s", 2))
    word = FATIGABILITY.get(str(event.get("fatigability")))
    if word:
        found.append({"key": "fatigability", "label": "Over the six minutes", "value": None, "unit": "", "text": word})
    return found


def _figure(source: Mapping[str, Any], field: str, label: str, unit: str, digits: int) -> Figure | None:
    value = source.get(field)
    if value is None:
        return None
    shown = math.degrees(value) if unit in ("°", "°/s") else value
    if field in ("turn_1_angle_rad", "turn_2_angle_rad"):
        shown = abs(shown)
    if field == "slowing":
        shown = 100.0 * value
    text = f"{shown:.{digits}f}" + (unit if unit == "°" else f" {unit}" if unit else "")
    return {"key": field, "label": label, "value": shown, "unit": unit, "text": text}


def _part(name: str, label: str, stretch: Mapping[str, Any]) -> Figure:
    start_s, end_s = stretch.get("start_s"), stretch.get("end_s")
    duration_s = None if start_s is None or end_s is None else round(end_s - start_s, 3)
    return {"name": name, "label": label, "start_s": start_s, "end_s": end_s, "duration_s": duration_s}
