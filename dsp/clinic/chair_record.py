"""What a chair stand must remember: the last rises and sittings down, the steps, what was set up."""

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import attrgetter

import numpy as np

from dsp.events import Event
from dsp.kernels import Record
from dsp.prompt import PROMPT_STATE

KEPT_MOVEMENTS = 160  # the fastest people rise once a second: 60 in half a minute
KEPT_STEPS = 256

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


@dataclass(frozen=True, slots=True)
class Movement:
    """A rise or a sitting down, seconds of the stream, m, m/s; None what was not measured."""

    rises: bool
    start_s: float
    end_s: float
    seat_s: float | None
    rise_m: float | None
    velocity_mps: float | None

    @property
    def middle_s(self) -> float:
        """Half-way, by time."""
        return 0.5 * (self.start_s + self.end_s)


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


def kept_movements(s: Record, start_s: float, end_s: float) -> list[Movement]:
    """Those whose middle lies from start_s to end_s, by beginning; each ends where its opposite begins."""
    records = s["movements"][: min(int(s["count"]), KEPT_MOVEMENTS)]
    kept = sorted((_movement(record) for record in records), key=attrgetter("start_s"))
    parted = [_until(m, later) for m, later in pairwise(kept)] + kept[-1:]
    return [m for m in parted if start_s <= m.middle_s <= end_s]


def _until(m: Movement, later: Movement) -> Movement:
    return m if later.rises == m.rises else replace(m, end_s=min(m.end_s, later.start_s))


def _movement(record: Record) -> Movement:
    seat_s, rise_m, velocity_mps = (_number(record[name]) for name in ("seat_s", "rise_m", "velocity_mps"))
    start_s, end_s = float(record["start_s"]), float(record["end_s"])
    return Movement(bool(record["rises"]), start_s, end_s, seat_s, rise_m, velocity_mps)


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
