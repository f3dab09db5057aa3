"""The running numbers of one wearing, folded from its events."""

from bisect import bisect_left
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean, median

from dsp.events import Event, JsonValue
from dsp.wearing import Wearing

STALE_S = 3.0  # nobody walks any more: the longest pause inside a bout (Mobilise-D, clinical reference §3.2)
STRIDES = 6  # that the cadence rests on: a few seconds at any pace
MATCH_S = 0.05  # a retraction names its step to within this
OLD_S = 10.0  # what was measured over a walk's last seconds is not shown for longer
SIDED, LEAST_SIDED = 20, 6  # newest steps of known side
LONGEST_STEP_S = 2.0  # clinical reference §3.2: MS 0.39 to 1.91 s


@dataclass(frozen=True, slots=True)
class Bout:
    """The bout in progress."""

    start_s: float
    steps: int
    cadence_spm: float | None


@dataclass(frozen=True, slots=True)
class Rolling:
    """`values`: the newest `rolling` of a step (see dsp.detectors.gait.Gait), that of the contact at `time_s`."""

    time_s: float
    emitted_s: float
    values: Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Sides:
    """Mean step times of the last `steps` steps whose side is known. A left step ends with the left foot's contact."""

    left_step_time_s: float
    right_step_time_s: float
    steps: int
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a screen shows. `cadence_time_s` is when the cadence was last renewed; None is 'not known', never zero.

    `distance_m` is what was walked in the bouts, and the one in progress, whose stride length is known.
    """

    steps: int
    cadence_spm: float | None
    cadence_time_s: float | None
    bout: Bout | None
    walking_s: float
    bouts: int
    distance_m: float | None
    rolling: Rolling | None
    sides: Sides | None


@dataclass(frozen=True, slots=True)
class _Step:
    time_s: float
    side: JsonValue
    confidence: JsonValue
    length_m: float  # of the stride it completed, 0 where not known


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
        self._run_m = 0.0
        self._walking = False
        self._walked_s = 0.0
        self._walked_m = 0.0
        self._bouts = 0
        self._unclosed_s: float | None = None  # walked in a run that is over, its bout not yet reported
        self._unclosed_m = 0.0
        self._newest: deque[_Step] = deque(maxlen=64)
        self._rolling: Rolling | None = None

    def update(self, events: list[Event]) -> None:
        """Takes the next events of the wearing."""
        for event in events:
            if event.kind == "step":
                self._step(event)
            elif event.kind == "retraction" and event.fields.get("of_kind") == "step":
                self._retract(float(event.fields["of_time_s"]))  # type: ignore[arg-type]
            elif event.kind == "walking_bout" and event.end_s is not None:
                self._bout(event.end_s - event.time_s, event.fields.get("distance_m"))

    def numbers(self, now_s: float) -> Numbers:
        """The figures at `now_s`, the stream time seen so far."""
        bout = None
        cadence_spm = self._cadence_spm(now_s)
        walked_s, walked_m, bouts = self._walked_s, self._walked_m, self._bouts
        if self._unclosed_s is not None:
            walked_s += self._unclosed_s
            walked_m += self._unclosed_m
            bouts += 1
        if self._walking and self._run:
            if now_s - self._run[-1] <= STALE_S:
                bout = Bout(self._run_start_s, self._steps(self._run_contacts), cadence_spm)
            walked_s += self._run[-1] - self._run_start_s
            walked_m += self._run_m
            bouts += 1
        rolling = self._rolling
        return Numbers(
            steps=self._steps(self._contacts),
            cadence_spm=cadence_spm,
            cadence_time_s=self._run[-1] if cadence_spm is not None else None,
            bout=bout,
            walking_s=walked_s,
            bouts=bouts,
            distance_m=walked_m if walked_m > 0.0 else None,
            rolling=rolling if rolling is not None and now_s - rolling.time_s <= OLD_S else None,
            sides=self._sides(now_s),
        )

    def _steps(self, contacts: int) -> int:
        return 2 * contacts if self._one_leg else contacts

    def _step(self, event: Event) -> None:
        fields, time_s = event.fields, event.time_s
        if not self._run or time_s - self._run[-1] > STALE_S:
            if self._walking:
                self._unclosed_s, self._unclosed_m = self._run[-1] - self._run_start_s, self._run_m
            self._run.clear()
            self._run_start_s, self._run_contacts, self._run_m, self._walking = time_s, 0, 0.0, False
        length_m = fields.get("stride_length_m")
        step = _Step(
            time_s,
            fields.get("side"),
            fields.get("side_confidence"),
            length_m if isinstance(length_m, float) else 0.0,
        )
        self._contacts += 1
        self._run_contacts += 1
        self._run_m += self._advance_m(step)
        self._run.append(time_s)
        self._newest.append(step)
        self._walking = self._walking or fields.get("walking") is True
        rolling = fields.get("rolling")
        if isinstance(rolling, dict):
            self._rolling = Rolling(time_s, event.emitted_s, rolling)

    def _advance_m(self, step: _Step) -> float:
        return step.length_m if self._one_leg else 0.5 * step.length_m

    def _retract(self, time_s: float) -> None:
        self._contacts -= 1
        step = next((step for step in self._newest if abs(step.time_s - time_s) <= MATCH_S), None)
        if step is not None:
            self._newest.remove(step)
        at = bisect_left(self._run, time_s - MATCH_S)
        if at < len(self._run) and abs(self._run[at] - time_s) <= MATCH_S:
            first = self._run_contacts <= len(self._run) and at == 0
            del self._run[at]
            self._run_contacts -= 1
            if step is not None:
                self._run_m -= self._advance_m(step)
            if first and self._run:
                self._run_start_s = self._run[0]

    def _bout(self, duration_s: float, distance_m: JsonValue) -> None:
        self._walked_s += duration_s
        self._bouts += 1
        if isinstance(distance_m, float):
            self._walked_m += distance_m
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

    def _sides(self, now_s: float) -> Sides | None:
        newest = list(self._newest)
        known = [n for n, step in enumerate(newest) if step.side is not None][-SIDED:]
        if len(known) < LEAST_SIDED or now_s - newest[known[-1]].time_s > OLD_S:
            return None
        took_s: dict[JsonValue, list[float]] = {"left": [], "right": []}
        for n in known:
            before, step = newest[n - 1] if n > 0 else None, newest[n]
            if before is not None and before.side is not None and before.side != step.side:
                step_s = step.time_s - before.time_s
                if step_s <= LONGEST_STEP_S:
                    took_s[step.side].append(step_s)
        if not took_s["left"] or not took_s["right"]:
            return None
        sure = [c for n in known if isinstance(c := newest[n].confidence, float)]
        return Sides(fmean(took_s["left"]), fmean(took_s["right"]), len(known), fmean(sure) if sure else None)
