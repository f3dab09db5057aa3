"""The steps and turns of the last minutes, as a walk test remembers them."""

import math
from dataclasses import dataclass

import numpy as np

from dsp.body import Floats
from dsp.events import Event
from dsp.kernels import Record
from dsp.wearing import Wearing

# Steps: seven minutes at 3 a second, faster than any walk (clinical reference §3.2). Turns: a six-minute walk at 2 m/s
# on 5 m has 144. Where there are more, the oldest quarter makes room.
KEPT_STEPS, KEPT_TURNS = 1280, 256
MATCH_S = 1e-3  # a retraction names its step to within this
LEAST_KNOWN = 6  # steps of known length for a median
LENGTH_HALF = 0.5  # a contact of either foot is half a stride further

PAST_STATE = np.dtype(
    [
        ("steps", np.int64),
        ("step_s", np.float64, (KEPT_STEPS,)),  # oldest first
        ("step_m", np.float64, (KEPT_STEPS,)),  # how far this contact is beyond the one before, by model; NaN unknown
        ("asymmetry", np.float64, (KEPT_STEPS,)),  # over the 30 s before it, NaN where not told with it
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
    """Contacts in the order of time; `step_m` is what each adds by the model, `per_contact` steps it stands for."""

    time_s: Floats
    step_m: Floats
    asymmetry: Floats
    per_contact: int

    def between(self, start_s: float, end_s: float) -> "Steps":
        """Those in the closed interval."""
        first, last = np.searchsorted(self.time_s, start_s), np.searchsorted(self.time_s, end_s, side="right")
        part = slice(int(first), int(last))
        return Steps(self.time_s[part], self.step_m[part], self.asymmetry[part], self.per_contact)

    @property
    def usual_m(self) -> float | None:
        """Median length of a step by the model, None where too few are known."""
        known = self.step_m[np.isfinite(self.step_m)]
        return float(np.median(known)) / self.per_contact if known.size >= LEAST_KNOWN else None


class WalkPast:
    """Keeps steps and turns from events, the retracted ones left out, in a record of PAST_STATE."""

    def __init__(self, record: Record, wearing: Wearing) -> None:
        self._record = record
        self._per_contact = 1 if wearing.side is None else 2

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
    def steps(self) -> Steps:
        """Those remembered."""
        s = self._record
        n = int(s["steps"])
        return Steps(s["step_s"][:n], s["step_m"][:n], s["asymmetry"][:n], self._per_contact)

    @property
    def turns(self) -> Turns:
        """Those remembered."""
        s = self._record
        n = int(s["turns"])
        return Turns(s["turn_start_s"][:n], s["turn_end_s"][:n], s["turn_rad"][:n])


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
