"""What a chair stand must remember: the last rises and sittings down, the steps, what was set up."""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter

import numpy as np

from dsp.clinic.chair_heights import HEIGHT_STATE
from dsp.clinic.movement import Movement
from dsp.events import Event
from dsp.kernels import Record
from dsp.prompt import PROMPT_STATE

KEPT_MOVEMENTS = 160  # the fastest people rise once a second: 60 in half a minute
KEPT_STEPS = 256
LIFTS_OF_A_SET = 3
BESIDE_S = 4.0  # before the first lift of a set and after its last one

MOVEMENT = np.dtype(
    [
        ("rises", np.int64),
        ("start_s", np.float64),
        ("end_s", np.float64),
        ("seat_s", np.float64),  # left or met; not a number: not measured, as below
        ("rise_m", np.float64),
        ("velocity_mps", np.float64),
    ],
    align=True,
)
STEPS = np.dtype([("time_s", np.float64, (KEPT_STEPS,)), ("count", np.int64)], align=True)
CHAIR_STATE = np.dtype(
    [
        ("movements", MOVEMENT, (KEPT_MOVEMENTS,)),
        ("count", np.int64),
        ("heights", HEIGHT_STATE),
        ("steps", STEPS),
        ("prompt", PROMPT_STATE),
        ("sent", np.int64),  # 1: the prompt's event has been sent
        ("begun", np.int64),  # 1: rows have come
        ("first_s", np.float64),  # time of the first row
        ("now_s", np.float64),  # time of the newest row
        ("due_s", np.float64),  # when to conclude
        ("free_s", np.float64),  # a set found without a prompt begins after it
    ],
    align=True,
)


def keep_movement(s: Record, event: Event) -> None:
    """Takes a `sit_to_stand` or `stand_to_sit`; no other kind."""
    if event.kind not in ("sit_to_stand", "stand_to_sit") or event.end_s is None:
        return
    rises = event.kind == "sit_to_stand"
    record = s["movements"][int(s["count"]) % KEPT_MOVEMENTS]
    record["rises"] = rises
    record["start_s"], record["end_s"] = event.time_s, event.end_s
    for name, field in (
        ("seat_s", "seat_off_s" if rises else "seat_on_s"),
        ("rise_m", "rise_m"),
        ("velocity_mps", "peak_velocity_mps"),
    ):
        value = event.fields.get(field)
        record[name] = value if isinstance(value, int | float) else math.nan
    s["count"] += 1


def kept_movements(s: Record) -> list[Movement]:
    """All that are remembered, by beginning."""
    records = s["movements"][: min(int(s["count"]), KEPT_MOVEMENTS)]
    return sorted((_movement(record) for record in records), key=attrgetter("start_s"))


def joined(heard: Sequence[Movement], lifted: Sequence[Movement]) -> list[Movement]:
    """What was heard and what the height shows (`lifted`), by beginning; each ends where its opposite begins.

    Times are better known of what was heard. In a set the height knows better up from down, and what was no stand:
    what was heard without a lift has a `lift_m` of 0.
    """
    in_set = sum(m.rises for m in lifted) >= LIFTS_OF_A_SET
    found: list[Movement] = []
    for m in heard:
        lift = next((o for o in lifted if o.rises == m.rises and _overlap(m, o)), None)
        if lift is not None:
            found.append(replace(m, lift_m=lift.lift_m, half_s=lift.half_s))
        elif not in_set or not lifted[0].start_s - BESIDE_S < m.middle_s < lifted[-1].end_s + BESIDE_S:
            found.append(m)
        elif not any(o.start_s < m.middle_s < o.end_s for o in lifted):
            found.append(replace(m, lift_m=0.0))
    found += [m for m in lifted if not any(o.rises == m.rises and _overlap(m, o) for o in found)]
    found.sort(key=attrgetter("start_s"))
    return [_until(m, later) for m, later in pairwise(found)] + found[-1:]


def _overlap(a: Movement, b: Movement) -> bool:
    return a.start_s < b.end_s and b.start_s < a.end_s


def _until(m: Movement, later: Movement) -> Movement:
    return m if later.rises == m.rises else replace(m, end_s=min(m.end_s, later.start_s))


def _movement(record: Record) -> Movement:
    seat_s, rise_m, velocity_mps = (_number(record[name]) for name in ("seat_s", "rise_m", "velocity_mps"))
    start_s, end_s = float(record["start_s"]), float(record["end_s"])
    return Movement(bool(record["rises"]), start_s, end_s, seat_s, rise_m, velocity_mps)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
