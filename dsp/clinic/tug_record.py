"""What a Timed Up and Go must remember: the heading of the last minutes, the steps, the rise that it began with."""

import math
from dataclasses import dataclass

import numpy as np

from dsp.body import BODY_RATE_HZ, GYR_AP, GYR_ML, GYR_V, UP_X, Floats
from dsp.clinic.tug_turns import HZ
from dsp.events import Event
from dsp.kernels import Record, kernel
from dsp.prompt import PROMPT_STATE

EVERY = round(BODY_RATE_HZ / HZ)  # rows per tick
PAST = 4096  # ticks kept, 163 s
KEPT_STEPS = 512
HEADING, PATH, TICK_UP = 0, 1, slice(2, 5)  # what a tick holds: rad, rad turned in all, vertical in the sensor's axes
TICK_COLUMNS = 5

RISE = np.dtype(
    [
        ("known", np.int64),
        ("start_s", np.float64),
        ("end_s", np.float64),
        ("seat_s", np.float64),  # not a number: not measured; as below
        ("peak_radps", np.float64),
    ],
    align=True,
)
STEPS = np.dtype([("time_s", np.float64, (KEPT_STEPS,)), ("count", np.int64)], align=True)
TUG_STATE = np.dtype(
    [
        ("started", np.int64),
        ("turned", np.float64, (2,)),  # heading and path up to the last row
        ("first_tick", np.int64),
        ("last_tick", np.int64),
        ("ticks", np.float64, (PAST, TICK_COLUMNS)),
        ("sees_turns", np.int64),  # a gyroscope has spoken
        ("steps", STEPS),
        ("rise", RISE),
        ("refused", np.int64),  # something else than a test came between a rise and a sitting down
        ("attempts", np.int64),  # rises since the cue that led to no walk
        ("prompt", PROMPT_STATE),
        ("waiting", np.int64),  # the prompt has had no result yet
        ("told_s", np.float64),  # at the wrist: end of the last test told
    ],
    align=True,
)


@dataclass(frozen=True, slots=True)
class Transition:
    """A rise or a sitting down, seconds of the stream; None what its sensor cannot tell."""

    start_s: float
    end_s: float
    seat_s: float | None  # the seat is left, or met
    peak_radps: float | None  # of the trunk's pitch rate


@kernel
def take_rows(s: Record, first_index: int, rows: Floats) -> None:
    """Adds consecutive rows to the rings. Through a hole the wearer is taken to have gone straight on."""
    ring, turned = s["ticks"], s["turned"]
    newest = first_index // EVERY - 1
    if s["started"] == 0:
        s["started"] = 1
        s["first_tick"] = s["last_tick"] = newest
    for tick in range(max(s["last_tick"] + 1, newest - PAST + 1), newest + 1):
        ring[tick % PAST] = ring[s["last_tick"] % PAST]
        ring[tick % PAST, HEADING], ring[tick % PAST, PATH] = turned[0], turned[1]
    s["last_tick"] = max(s["last_tick"], newest)
    for i in range(rows.shape[0]):
        row = rows[i]
        rate = math.sqrt(row[GYR_V] * row[GYR_V] + row[GYR_ML] * row[GYR_ML] + row[GYR_AP] * row[GYR_AP])
        if not math.isnan(rate):
            s["sees_turns"] = 1
            turned[0] += row[GYR_V] / BODY_RATE_HZ
            turned[1] += rate / BODY_RATE_HZ
        if (first_index + i) % EVERY == EVERY - 1:
            tick = (first_index + i) // EVERY
            ring[tick % PAST, HEADING], ring[tick % PAST, PATH] = turned[0], turned[1]
            for c in range(3):
                ring[tick % PAST, PATH + 1 + c] = row[UP_X + c]
            s["last_tick"] = tick


def tick_of(time_s: float) -> int:
    """The tick nearest to a time."""
    return round((time_s * BODY_RATE_HZ - (EVERY - 0.5)) / EVERY)


def time_of(tick: int) -> float:
    """When a tick's heading was reached: the end of its last row."""
    return (tick * EVERY + EVERY - 0.5) / BODY_RATE_HZ


def ticks_between(s: Record, start_s: float, end_s: float) -> tuple[int, Floats]:
    """(first tick, what the ticks hold) from start_s to end_s, as far as they are remembered."""
    oldest = max(int(s["first_tick"]) + 1, int(s["last_tick"]) - PAST + 1)
    first = max(tick_of(start_s), oldest)
    numbers = np.arange(first, min(tick_of(end_s), int(s["last_tick"])) + 1)
    return first, s["ticks"][numbers % PAST]


def transition_of(event: Event) -> Transition:
    """What a `sit_to_stand` or `stand_to_sit` tells."""
    assert event.end_s is not None
    seat = "seat_off_s" if event.kind == "sit_to_stand" else "seat_on_s"
    return Transition(event.time_s, event.end_s, _number(event, seat), _number(event, "peak_rate_radps"))


def _number(event: Event, name: str) -> float | None:
    value = event.fields.get(name)
    return float(value) if isinstance(value, int | float) else None


def keep_rise(record: Record, rise: Transition) -> None:
    """Writes a rise into a record of RISE."""
    record["known"] = 1
    record["start_s"], record["end_s"] = rise.start_s, rise.end_s
    record["seat_s"] = math.nan if rise.seat_s is None else rise.seat_s
    record["peak_radps"] = math.nan if rise.peak_radps is None else rise.peak_radps


def kept_rise(record: Record) -> Transition | None:
    """What `keep_rise` wrote, None before that."""
    if not record["known"]:
        return None
    seat_s, peak_radps = (float(record[name]) for name in ("seat_s", "peak_radps"))
    return Transition(
        float(record["start_s"]),
        float(record["end_s"]),
        None if math.isnan(seat_s) else seat_s,
        None if math.isnan(peak_radps) else peak_radps,
    )
