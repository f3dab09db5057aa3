"""The steps, turns and motion of the last minutes, as a walk test remembers them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.body import TIME, Floats, V
from dsp.events import Event
from dsp.kernels import Record, kernel
from dsp.wearing import Wearing

# Steps: seven minutes at 3 a second, faster than any walk (clinical reference §3.2). Turns: a six-minute walk at 2 m/s
# on 5 m has 144. Where there are more, the oldest quarter makes room.
KEPT_STEPS, KEPT_TURNS = 1280, 256
KEPT_S = 480  # seconds of motion
SQUARE_M2PS4 = 1e-6  # whole numbers of it add up to the same in any order
REST_S = 3.0  # no contact for longer is standing (a bout's pause, Mobilise-D), unless the trunk moves on
MOVES = 0.5  # of the motion in walking: contacts are missed there, as after a hole. Standing has a tenth of it
MATCH_S = 1e-3  # a retraction names its step to within this
LEAST_KNOWN = 6  # steps of known length for a median
LENGTH_HALF = 0.5  # a contact of either foot is half a stride further

PAST_STATE = np.dtype(
    [
        ("steps", np.int64),
        ("step_s", np.float64, (KEPT_STEPS,)),  # oldest first
        ("step_m", np.float64, (KEPT_STEPS,)),  # how far this contact is beyond the one before, by model; NaN unknown
        ("asymmetry", np.float64, (KEPT_STEPS,)),  # over the 30 s before it, NaN where not told with it
        ("second", np.int64, (KEPT_S,)),  # whose motion stands in the slots of `squares`, second n in slot n % KEPT_S
        ("squares", np.float64, (KEPT_S,)),  # sum of the squared vertical acceleration in units of SQUARE_M2PS4
        ("rows", np.float64, (KEPT_S,)),
        ("turns", np.int64),
        ("turn_start_s", np.float64, (KEPT_TURNS,)),
        ("turn_end_s", np.float64, (KEPT_TURNS,)),
        ("turn_rad", np.float64, (KEPT_TURNS,)),  # NaN where a hole hid it
    ],
    align=True,
)
OF_STEPS, OF_TURNS = ("step_s", "step_m", "asymmetry"), ("turn_start_s", "turn_end_s", "turn_rad")


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """Turns in the order of time: seconds of the stream, radians (to the left positive, NaN unknown)."""

    start_s: Floats
    end_s: Floats
    angle_rad: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Contacts in the order of time; `step_m` is what each adds by the model, `per_contact` steps it stands for.

    `moved`: before this contact the trunk moved as it does in walking, however long no contact was felt.
    """

    time_s: Floats
    step_m: Floats
    asymmetry: Floats
    moved: NDArray[np.bool_]
    per_contact: int

    def between(self, start_s: float, end_s: float) -> "Steps":
        """Those in the closed interval."""
        first, last = np.searchsorted(self.time_s, start_s), np.searchsorted(self.time_s, end_s, side="right")
        part = slice(int(first), int(last))
        return Steps(self.time_s[part], self.step_m[part], self.asymmetry[part], self.moved[part], self.per_contact)

    @property
    def usual_m(self) -> float | None:
        """Median length of a step by the model, None where too few are known."""
        known = self.step_m[np.isfinite(self.step_m)]
        return float(np.median(known)) / self.per_contact if known.size >= LEAST_KNOWN else None


@kernel
def add_motion(s: Record, rows: Floats) -> None:
    """Adds each row's square to its second, in whole units, so that how the rows were cut changes no sum."""
    for i in range(rows.shape[0]):
        second = np.int64(math.floor(rows[i, TIME]))
        at = second % KEPT_S
        if s["second"][at] != second:
            s["second"][at], s["squares"][at], s["rows"][at] = second, 0.0, 0.0
        s["squares"][at] += np.rint(rows[i, V] ** 2 / SQUARE_M2PS4)
        s["rows"][at] += 1.0


class WalkPast:
    """Keeps steps and turns from events, the retracted ones left out, in a record of PAST_STATE."""

    def __init__(self, record: Record, wearing: Wearing) -> None:
        self._record = record
        self._per_contact = 1 if wearing.side is None else 2

    def rows(self, rows: Floats) -> None:
        """Takes the motion of the next rows of a body block, at least one."""
        add_motion(self._record, rows)

    def hear(self, event: Event) -> None:
        """Takes what concerns walking."""
        s = self._record
        if event.kind == "step":
            length_m, rolling = event.fields.get("stride_length_m"), event.fields.get("rolling")
            share = LENGTH_HALF * self._per_contact
            metres = share * length_m if isinstance(length_m, float) else math.nan
            uneven = rolling.get("step_time_asymmetry") if isinstance(rolling, dict) else None
            _insert(s, "steps", OF_STEPS, (event.time_s, metres, uneven if isinstance(uneven, float) else math.nan))
        elif event.kind == "retraction" and event.fields.get("of_kind") == "step":
            _remove(s, float(event.fields["of_time_s"]))  # type: ignore[arg-type]
        elif event.kind == "turn" and event.end_s is not None:
            angle = event.fields.get("angle_rad")
            known = angle if isinstance(angle, float) else math.nan
            _insert(s, "turns", OF_TURNS, (event.time_s, event.end_s, known))

    @property
    def times_s(self) -> Floats:
        """Of the steps remembered, without what else is known of them, which takes a while to find out."""
        s = self._record
        times_s: Floats = s["step_s"][: int(s["steps"])]
        return times_s

    @property
    def steps(self) -> Steps:
        """Those remembered."""
        s = self._record
        n = int(s["steps"])
        times_s = s["step_s"][:n]
        return Steps(times_s, s["step_m"][:n], s["asymmetry"][:n], _moved(s, times_s), self._per_contact)

    @property
    def turns(self) -> Turns:
        """Those remembered."""
        s = self._record
        n = int(s["turns"])
        return Turns(s["turn_start_s"][:n], s["turn_end_s"][:n], s["turn_rad"][:n])


def _moved(s: Record, times_s: Floats) -> NDArray[np.bool_]:
    """For each contact: did the trunk move before it, where the contact before is long past?"""
    moved = np.ones(times_s.size, dtype=bool)
    long = 1 + np.flatnonzero(np.diff(times_s) > REST_S)
    if long.size:
        walking = _motion(s, np.floor(times_s).astype(np.int64))
        usual = float(np.median(walking)) if walking.size else 0.0
        for k in long.tolist():
            between = _motion(s, np.arange(math.floor(times_s[k - 1]) + 1, math.floor(times_s[k]) - 1))
            moved[k] = between.size > 0 and float(np.median(between)) >= MOVES * usual > 0.0
    return moved


def _motion(s: Record, seconds: NDArray[np.int64]) -> Floats:
    """Root mean square of the vertical acceleration in those of the seconds that are remembered, m/s²."""
    slots = seconds % KEPT_S
    slots = slots[(s["second"][slots] == seconds) & (s["rows"][slots] > 0.0)]
    motion: Floats = np.sqrt(SQUARE_M2PS4 * s["squares"][slots] / s["rows"][slots])
    return motion


def _insert(s: Record, counter: str, names: tuple[str, ...], values: tuple[float, ...]) -> None:
    """Keeps the first column in order; nearly always the newest comes last."""
    n, kept = int(s[counter]), s[names[0]].size
    if n == kept:
        gone = kept // 4
        for name in names:
            s[name][: n - gone] = s[name][gone:n].copy()
        n -= gone
    at = int(np.searchsorted(s[names[0]][:n], values[0], side="right"))
    for name, value in zip(names, values, strict=True):
        s[name][at + 1 : n + 1] = s[name][at:n].copy()
        s[name][at] = value
    s[counter] = n + 1


def _remove(s: Record, time_s: float) -> None:
    n = int(s["steps"])
    at = int(np.searchsorted(s["step_s"][:n], time_s - MATCH_S))
    if at < n and abs(s["step_s"][at] - time_s) <= MATCH_S:
        for name in OF_STEPS:
            s[name][at : n - 1] = s[name][at + 1 : n].copy()
        s["steps"] = n - 1
