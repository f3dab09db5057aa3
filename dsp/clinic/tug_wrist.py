"""A Timed Up and Go at the wrist: the arm hangs and swings between two rests, and the heading makes two half turns.

A wrist feels neither the rise nor the seat. But a hand that rests on the lap or on the chair's arm hangs as soon as its
owner walks, and goes back to the seat as he sits down. That alone is any gesture; with a walk out and a walk back of
about one length and two half turns in between it is a test.
"""

import math

import numpy as np

from dsp.body import Floats
from dsp.clinic.tug_measure import Tested, measure
from dsp.clinic.tug_record import PATH, TICK_UP, Transition, ticks_between, time_of
from dsp.clinic.tug_turns import FILMED, HZ
from dsp.events import Event, JsonValue
from dsp.kernels import Record

LOOK_TICKS = 12  # how often it is looked for
LONGEST_S = 60.0
SHORTEST_S = 5.0
# The forearm's posture in walking, its swing averaged out, stays within 20 degrees (geotec_tug, 115 tests at 12 wrists;
# a second's mean 35 at most); resting on the lap it is 45 to 110 degrees away, before the test 40 to 105.
WALKING_S = (6.0, 2.5)  # before now, when the arm has just been lifted: certainly still walking
AWAY_RAD = math.radians(35.0)
LIFTED_RAD = math.radians(45.0)
SHORT_S = 0.36  # smooths tremor, not the lifting
STAYS_S = 0.4
STRIDE_S = 1.0
# Rest before it: slower than this for so long, not further back than that.
QUIET_RADPS, QUIET_S, QUIET_BACK_S = 0.4, 0.16, 3.0
MOVING_RADPS = 0.2
# What the video calls beginning and end, after (+) or before (-) what the arm shows; the same for everybody.
ARM_STRAYS_RAD = math.radians(35.0)  # off three straight ways; 6 to 32 degrees were seen
STIR_S = 0.10
STOOD_S = 0.60
SEATED_S = 0.49
UNFELT = ("flexion_rad", "peak_rate_radps", "peak_return_rate_radps", "rise_m", "peak_velocity_mps", "seat_off_s")


def look_for_test(s: Record, now_s: float, at_end: bool) -> Tested | None:
    """The test that the newest ticks complete; at the end of the stream the arm need not have stayed."""
    _, newest = ticks_between(s, now_s - WALKING_S[0], now_s)
    if len(newest) < SHORTEST_S * HZ:
        return None
    walking = _unit(newest[: -round(WALKING_S[1] * HZ), TICK_UP].mean(axis=0))
    stays = 1 if at_end else round(STAYS_S * HZ)
    if np.any(_apart(_moving_mean(newest[:, TICK_UP], round(SHORT_S * HZ))[-stays:], walking) < AWAY_RAD):
        return None
    first, ticks = ticks_between(s, now_s - LONGEST_S, now_s)
    begin, stop = len(ticks) - len(newest), len(ticks) - round(WALKING_S[1] * HZ)
    up = ticks[:, TICK_UP]
    short = _apart(_moving_mean(up, round(SHORT_S * HZ)), walking)
    lifted = _last(short < LIFTED_RAD)
    stride = _apart(_moving_mean(up, round(STRIDE_S * HZ)), walking)
    hanging = _last(stride[:begin] > AWAY_RAD)  # the last tick before the arm hung
    if lifted < 0 or hanging < 0:
        return None
    pace = _moving_mean(np.gradient(ticks[:, PATH])[:, None] * HZ, 5)[:, 0]
    left = hanging + _first(short[hanging:stop] < AWAY_RAD)
    stir = _stir(pace, hanging)
    if stir < 0:
        return None
    start_s, end_s = time_of(first + stir) + STIR_S, time_of(first + lifted) + SEATED_S
    if end_s > now_s and not at_end:
        return None
    rise = Transition(start_s, max(time_of(first + left) + STOOD_S, start_s), None, None)
    lifted_s = time_of(first + lifted)
    sat = Transition(lifted_s, min(end_s, now_s), None, None)
    tested = measure(s, rise, sat, FILMED, (time_of(first + left), lifted_s))
    if tested.turns is None:
        return None
    sit = Transition(min(tested.turns[1].end_s, tested.sit.end_s), tested.sit.end_s, None, None)
    return Tested(rise, sit, tested.turns, tested.strays_rad, tested.step_times_s)


def arm_events(tested: Tested, seen_s: float, at_end: bool) -> list[Event]:
    """The rise, the turns and the sitting down that go with a test; without one, an arm tells of none of them."""
    events = []
    for kind, part in (("sit_to_stand", tested.rise), ("stand_to_sit", tested.sit)):
        fields: dict[str, JsonValue] = {"duration_s": round(part.end_s - part.start_s, 4), **dict.fromkeys(UNFELT)}
        events.append(Event(kind, round(part.start_s, 4), seen_s, round(part.end_s, 4), fields, at_end))
    for turn in tested.turns or ():
        told: dict[str, JsonValue] = {
            "angle_rad": round(turn.angle_rad, 5),
            "peak_rate_radps": round(turn.peak_radps, 5),
            "duration_s": round(turn.end_s - turn.start_s, 4),
            "hesitations": None,
            "steps_in_turn": turn.steps,
        }
        events.append(Event("turn", round(turn.start_s, 4), seen_s, round(turn.end_s, 4), told, at_end))
    return events


def _stir(pace: Floats, hanging: int) -> int:
    """Back from where the arm hangs to where it began to move, -1 where it had not rested."""
    quiet = round(QUIET_S * HZ)
    at, oldest = hanging, max(hanging - round(QUIET_BACK_S * HZ), quiet)
    while at >= oldest and np.any(pace[at - quiet : at] > QUIET_RADPS):
        at -= 1
    if at < oldest:
        return -1
    while at < hanging and pace[at] < MOVING_RADPS:
        at += 1
    return at


def _moving_mean(values: Floats, ticks: int) -> Floats:
    """Centred over an odd number of ticks; at the ends over what there is."""
    half = ticks // 2
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    at = np.arange(len(values))
    low, high = np.maximum(at - half, 0), np.minimum(at + half + 1, len(values))
    mean: Floats = (sums[high] - sums[low]) / (high - low)[:, None]
    return mean


def _unit(vector: Floats) -> Floats:
    unit: Floats = vector / max(float(np.linalg.norm(vector)), 1e-12)
    return unit


def _apart(ups: Floats, posture: Floats) -> Floats:
    """Angles between directions and a posture, rad."""
    lengths = np.maximum(np.linalg.norm(ups, axis=1), 1e-12)
    angles: Floats = np.arccos(np.clip((ups * posture).sum(axis=1) / lengths, -1.0, 1.0))
    return angles


def _last(where: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Index of the last True, -1 without one."""
    at = np.flatnonzero(where)
    return int(at[-1]) if at.size else -1


def _first(where: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> int:
    """Index of the first True, 0 without one."""
    at = np.flatnonzero(where)
    return int(at[0]) if at.size else 0
