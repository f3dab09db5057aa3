"""Walking by the clock between two cones: where along the corridor somebody is, and when."""

from dataclasses import replace
from typing import Any

import numpy as np

from sensing.simulator.activities import Corridor, Pause, Rest, Turn, Walk
from sensing.simulator.people import Person
from sensing.simulator.section import Side
from sensing.simulator.stepping import STOP_STEPS, Pacer, Plan

NEAR = 1.35  # steps: what is left of a length when the last step is made to fit
ASIDE_DEG = 90.0


class Course:
    """Lays out the walk stretch by stretch (a stretch ends at a chair or at the end); times are seconds after the cue.

    A length ends exactly at its cone; the turn around it goes neither ahead nor back. `way` is (time, metres walked
    along the corridor) at every contact.
    """

    def __init__(self, activity: Corridor, person: Person, side: Side, rng: np.random.Generator) -> None:
        self.activity, self.person, self.side, self.rng = activity, person, side, rng
        speed = person.preferred_speed_mps if activity.speed_mps is None else activity.speed_mps
        self.walk = Walk(course=(), speed_mps=speed, fatigue=activity.fatigue)
        self.way: list[tuple[float, float]] = [(activity.reaction_s, 0.0)]
        self.cones_s: list[float] = []
        self.at_cone = False
        self.rests_s: list[tuple[float, float]] = []
        self.waiting = sorted(activity.rests, key=lambda rest: rest.at_s)
        self.sitting: Rest | None = None
        self.rest_from_s: float | None = None

    def stretch(self, start_s: float) -> tuple[Plan, Rest | None]:
        """From start_s to the next chair, which is returned too, or to the end of walking."""
        pacer = Pacer(self.walk, self.person, self.side, self.rng, tired_s=start_s)
        if self.sitting is not None and self.sitting.aside:
            pacer.turn(Turn(-ASIDE_DEG, 1.4), last=False)
        if self.rest_from_s is not None:
            self.rests_s.append((self.rest_from_s, start_s))
            self.rest_from_s = None
        end_s = self.activity.limit_s + self.activity.walks_on_s
        self.sitting = None
        while start_s + pacer.now_s < end_s:
            left_m = self._left_m()
            if self.waiting and start_s + pacer.now_s >= self.waiting[0].at_s and self._can_stop(pacer, left_m):
                rest = self.waiting.pop(0)
                if rest.seated:
                    self.sitting = rest
                    break
                self._stand(pacer, start_s, rest)
            elif self.at_cone:
                pacer.turn(self._turn(), last=False)
                self._note(start_s + pacer.now_s, 0.0)
                self.at_cone = False
            else:
                self._step(pacer, start_s, left_m)
        if self.sitting is not None and self.sitting.aside:
            pacer.turn(Turn(ASIDE_DEG, 1.4), last=True)
        plan = pacer.finish()
        self._note_stop(plan, start_s, straight=self.sitting is None or not self.sitting.aside)
        self.side = plan.next_side
        if self.sitting is not None:
            self.rest_from_s = start_s + plan.runs[-1].steps[-1].contact_s
        return plan, self.sitting

    def _left_m(self) -> float:
        return self.activity.length_m * (len(self.cones_s) + 1) - self.way[-1][1]

    def _can_stop(self, pacer: Pacer, left_m: float) -> bool:
        """Neither in a turn nor just out of one, and not so near a cone that stopping would lead beyond it."""
        since_m = self.activity.length_m - left_m
        far = since_m > 2.5 * self._step_m() and left_m > (sum(STOP_STEPS) + NEAR) * self._step_m()
        return not self.at_cone and len(pacer.steps) > 2 and far

    def _step_m(self) -> float:
        speed = self.walk.speed_mps or 0.0
        return speed * 60.0 / self.person.cadence_spm(speed)

    def _turn(self) -> Turn:
        every = self.activity.hesitant_every
        turn = self.activity.hesitating if every and len(self.cones_s) % every == 0 else self.activity.turn
        return replace(turn, angle_deg=turn.angle_deg if len(self.cones_s) % 2 else -turn.angle_deg)

    def _step(self, pacer: Pacer, start_s: float, left_m: float) -> None:
        pacer.stride_out()
        last = pacer.steps[-1]
        arrives = left_m < NEAR * self._step_m() or last.length_m > left_m
        if arrives:
            pacer.steps[-1] = last = replace(last, length_m=left_m)
        self._note(start_s + last.contact_s, last.length_m)
        if arrives:
            self.cones_s.append(start_s + last.contact_s)
            self.at_cone = True

    def _stand(self, pacer: Pacer, start_s: float, rest: Rest) -> None:
        steps = list(pacer.steps)
        pacer.pause(Pause(rest.duration_s))
        run = pacer.runs[-1]
        for step in run.steps[len(steps) :]:
            self._note(start_s + step.contact_s, step.length_m)
        stood_s = start_s + run.steps[-1].contact_s
        self.rests_s.append((stood_s, start_s + pacer.now_s))

    def _note_stop(self, plan: Plan, start_s: float, straight: bool) -> None:
        """What the last steps of a stretch led ahead."""
        for step in plan.runs[-1].steps:
            if start_s + step.contact_s > self.way[-1][0] + 1e-9:
                self._note(start_s + step.contact_s, step.length_m if straight else 0.0)

    def _note(self, at_s: float, ahead_m: float) -> None:
        self.way.append((at_s, self.way[-1][1] + ahead_m))

    def truth(self, cue_s: float) -> dict[str, Any]:
        """The fields of the test, moments counted from cue_s before the cue."""
        a = self.activity
        times, metres = np.array(self.way).T
        minutes = np.arange(round(a.limit_s / 60.0) + 1) * 60.0
        walked = np.interp(np.minimum(minutes, a.limit_s), times, metres)
        distance_m, laps = float(walked[-1]), sum(moment <= a.limit_s for moment in self.cones_s)
        per_minute = np.diff(walked)
        ends = [(start, min(end, a.limit_s)) for start, end in self.rests_s if start < a.limit_s]
        return {
            "protocol": a.protocol,
            "start_s": cue_s + a.reaction_s,
            "end_s": cue_s + a.limit_s,
            "cue_s": cue_s,
            "duration_s": a.limit_s,
            "course_length_m": a.length_m,
            "distance_m": distance_m,
            "laps": laps,
            "last_part_m": distance_m - laps * a.length_m,
            "cone_s": [cue_s + moment for moment in self.cones_s if moment <= a.limit_s],
            "rests": [{"start_s": cue_s + start, "end_s": cue_s + end} for start, end in ends],
            "distance_per_minute_m": [float(m) for m in per_minute],
            "dwi_6_1": _change(per_minute, 0),
            "dwi_6_2": _change(per_minute, 1),
        }


def _change(per_minute: np.ndarray[tuple[int, ...], np.dtype[np.float64]], first: int) -> float | None:
    """Change from a minute to the sixth in percent (Leone 2016), None before there is one."""
    if per_minute.size < 6 or per_minute[first] <= 0.0:
        return None
    return float(100.0 * (per_minute[5] - per_minute[first]) / per_minute[first])
