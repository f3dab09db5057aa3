"""The running numbers of one wearing, folded from its events."""

from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from statistics import median

from dsp.events import Event
from dsp.wearing import Wearing

STALE_S = 3.0  # nobody walks any more: the longest pause inside a bout (Mobilise-D, clinical reference §3.2)
STRIDES = 6  # that the cadence rests on: a few seconds at any pace
MATCH_S = 0.05  # a retraction names its step to within this


@dataclass(frozen=True, slots=True)
class Bout:
    """The bout in progress."""

    start_s: float
    steps: int
    cadence_spm: float | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a screen shows. `cadence_time_s` is when the cadence was last renewed; None is 'not known', never zero."""

    steps: int
    cadence_spm: float | None
    cadence_time_s: float | None
    bout: Bout | None
    walking_s: float
    bouts: int


class Tally:
    """Folds events in the order they come; memory is bounded.

    A sensor on one leg feels every other step: each of its contacts counts as two steps.
    """

    def __init__(self, wearing: Wearing | None = None) -> None:
        self._one_leg = wearing is not None and wearing.side is not None
        self._contacts = 0
        self._run: deque[float] = deque(maxlen=64)  # the newest contacts without a longer pause between them
        self._run_start_s = 0.0
        self._run_contacts = 0
        self._walking = False
        self._walked_s = 0.0
        self._bouts = 0
        self._unclosed_s: float | None = None  # walked in a run that is over, its bout not yet reported

    def update(self, events: list[Event]) -> None:
        """Takes the next events of the wearing."""
        for event in events:
            if event.kind == "step":
                self._step(event.time_s, event.fields.get("walking") is True)
            elif event.kind == "retraction" and event.fields.get("of_kind") == "step":
                self._retract(float(event.fields["of_time_s"]))  # type: ignore[arg-type]
            elif event.kind == "walking_bout" and event.end_s is not None:
                self._bout(event.end_s - event.time_s)

    def numbers(self, now_s: float) -> Numbers:
        """The figures at `now_s`, the stream time seen so far."""
        bout = None
        cadence_spm = self._cadence_spm(now_s)
        walked_s, bouts = self._walked_s, self._bouts
        if self._unclosed_s is not None:
            walked_s += self._unclosed_s
            bouts += 1
        if self._walking and self._run:
            if now_s - self._run[-1] <= STALE_S:
                bout = Bout(self._run_start_s, self._steps(self._run_contacts), cadence_spm)
            walked_s += self._run[-1] - self._run_start_s
            bouts += 1
        cadence_time_s = self._run[-1] if cadence_spm is not None else None
        return Numbers(self._steps(self._contacts), cadence_spm, cadence_time_s, bout, walked_s, bouts)

    def _steps(self, contacts: int) -> int:
        return 2 * contacts if self._one_leg else contacts

    def _step(self, time_s: float, walking: bool) -> None:
        if not self._run or time_s - self._run[-1] > STALE_S:
            if self._walking:
                self._unclosed_s = self._run[-1] - self._run_start_s
            self._run.clear()
            self._run_start_s, self._run_contacts, self._walking = time_s, 0, False
        self._contacts += 1
        self._run_contacts += 1
        self._run.append(time_s)
        self._walking = self._walking or walking

    def _retract(self, time_s: float) -> None:
        self._contacts -= 1
        at = bisect_left(self._run, time_s - MATCH_S)
        if at < len(self._run) and abs(self._run[at] - time_s) <= MATCH_S:
            first = self._run_contacts <= len(self._run) and at == 0
            del self._run[at]
            self._run_contacts -= 1
            if first and self._run:
                self._run_start_s = self._run[0]

    def _bout(self, duration_s: float) -> None:
        self._walked_s += duration_s
        self._bouts += 1
        if self._unclosed_s is not None:
            self._unclosed_s = None
        else:
            self._walking = False
            self._run.clear()

    def _cadence_spm(self, now_s: float) -> float | None:
        apart = 1 if self._one_leg else 2  # contacts to a stride, so that a limp has one cadence
        if not self._walking or len(self._run) <= apart or now_s - self._run[-1] > STALE_S:
            return None
        last = list(self._run)[-STRIDES - apart :]
        stride_s = median(b - a for a, b in zip(last, last[apart:], strict=False))
        return 120.0 / stride_s if stride_s > 0 else None
