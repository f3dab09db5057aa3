"""Where and when a walker's feet come down: the plan of a walk before any signal."""

from dataclasses import dataclass, replace

import numpy as np

from sensing.simulator.activities import Pause, Stumble, Turn, Walk
from sensing.simulator.people import Person
from sensing.simulator.section import Side

TURN_STEP = 0.45  # length of a step in a half turn, of a straight one (design)
PIVOT_STEP_M = 0.16  # a step when turning on the spot
SHORTEST_STEP_S = 0.28
STOP_STEPS = (0.75, 0.4)  # the steps of a stop, of a straight one (design)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the plan; rise is the pelvis' rise relative to what the pendulum says (see gait.py)."""

    side: Side
    contact_s: float
    time_s: float  # since the previous contact
    length_m: float
    rise: float


@dataclass(frozen=True, slots=True)
class Turning:
    """A turn of the walk; each part is (start, end, angle in radians), the parts with pauses between."""

    angle_rad: float
    parts: tuple[tuple[float, float, float], ...]

    @property
    def start_s(self) -> float:
        return self.parts[0][0]

    @property
    def end_s(self) -> float:
        return self.parts[-1][1]


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A stumble: onset in the swing, the contact of the recovery step, when the rhythm is back."""

    onset_s: float
    recovery_s: float
    settled_s: float
    severity: float
    kind: str


@dataclass(frozen=True, slots=True)
class Run:
    """Steps without a stop, from the first foot off the ground; interrupted: no stop at the end either."""

    start_s: float
    steps: tuple[Step, ...]
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    runs: tuple[Run, ...]
    turns: tuple[Turning, ...]
    disturbances: tuple[Disturbance, ...]
    end_s: float  # standing again
    next_side: Side


def plan_walk(walk: Walk, person: Person, first_side: Side, rng: np.random.Generator) -> Plan:
    """Lay out the steps of a walk. Raises ValueError for a course that cannot be walked."""
    pacer = Pacer(walk, person, first_side, rng)
    for number, part in enumerate(walk.course):
        if isinstance(part, Turn):
            pacer.turn(part, last=number == len(walk.course) - 1)
        elif isinstance(part, Pause):
            pacer.pause(part)
        elif isinstance(part, Stumble):
            pacer.pending = part
        else:
            pacer.straight(float(part))
    return pacer.finish()


class Pacer:
    """The walker on the way: time, the rhythm's memory, steps of the current run and what is finished.

    tired_s is how long the walker has been under way when this plan begins (for the fatigue).
    """

    def __init__(
        self, walk: Walk, person: Person, first_side: Side, rng: np.random.Generator, tired_s: float = 0.0
    ) -> None:
        self.tired_s = tired_s
        self.person = person
        self.rng = rng
        self.fatigue = walk.fatigue
        self.speed_mps = person.preferred_speed_mps if walk.speed_mps is None else walk.speed_mps
        if not 0.05 <= self.speed_mps <= 3.0:
            raise ValueError(f"a walking speed of {self.speed_mps} m/s is out of reach (0.05 to 3)")
        self.cadence_spm = person.cadence_spm(self.speed_mps) if walk.cadence_spm is None else walk.cadence_spm
        if not 20.0 <= self.cadence_spm <= 200.0:
            raise ValueError(f"a cadence of {self.cadence_spm} steps per minute is out of reach (20 to 200)")
        self.asymmetry = person.asymmetry if walk.asymmetry is None else walk.asymmetry
        cv = person.stride_time_cv if walk.stride_time_cv is None else walk.stride_time_cv
        self.memory = person.stride_time_memory
        self.step_cv = cv * float(np.sqrt(2.0 / (1.0 + self.memory)))  # so that two steps have the stride's CV
        self.interrupted = walk.interrupted
        self.side: Side = first_side
        self.rhythm = float(rng.standard_normal())
        self.now_s = 0.0  # last contact, or when standing was reached
        self.run_start_s = 0.0
        self.steps: list[Step] = []
        self.runs: list[Run] = []
        self.turns: list[Turning] = []
        self.disturbances: list[Disturbance] = []
        self.pending: Stumble | None = None
        self.upset = 0  # steps still disturbed after a stumble

    def step(self, stretch: float = 1.0, length_m: float | None = None, pace: float = 1.0) -> None:
        """One step, `stretch` times the straight length; `pace` multiplies its time."""
        p, rng = self.person, self.rng
        self.rhythm = self.memory * self.rhythm + float(np.sqrt(1 - self.memory**2) * rng.standard_normal())
        tired = 1.0 + self.fatigue * (self.tired_s + self.now_s - 30.0) / 300.0 if self.fatigue else 1.0
        skew = 1.0 + (0.5 if self.side == "left" else -0.5) * self.asymmetry
        time_s = 60.0 / self.cadence_spm * pace * skew * (1.0 + self.step_cv * self.rhythm) / max(0.3, tired) ** 0.45
        if not self.steps:
            time_s *= 1.15  # the first step also shifts the weight
        length = self.speed_mps * 60.0 / self.cadence_spm * stretch * max(0.3, tired) ** 0.55
        if length_m is not None:
            length = length_m
        length *= float(np.exp(p.step_length_cv * rng.standard_normal()))
        rise = float(np.exp(p.step_factor_noise * rng.standard_normal()))
        if self.upset:
            self.upset -= 1
            time_s *= 1.0 + 0.12 * float(rng.standard_normal())
        if self.pending is not None and len(self.steps) >= 2:
            time_s, length = self._stumble(self.pending, time_s, length)
            self.pending = None
        time_s = max(SHORTEST_STEP_S, time_s)
        if not self.steps:
            self.run_start_s = self.now_s
        self.now_s += time_s
        self.steps.append(Step(self.side, self.now_s, time_s, length, rise))
        self.side = "right" if self.side == "left" else "left"

    def _stumble(self, stumble: Stumble, time_s: float, length_m: float) -> tuple[float, float]:
        """Caught at 30–60 % of the swing; early (short) or lowering (long) recovery, 1–3 uneven steps after."""
        onset_s = self.now_s + time_s * float(self.rng.uniform(0.3, 0.6))
        lowering = self.rng.random() < stumble.severity * 0.7
        recovery = float(self.rng.uniform(0.7, 1.0) if lowering else self.rng.uniform(0.3, 0.5))
        recovery_s = max(onset_s + 0.2, self.now_s + SHORTEST_STEP_S, self.now_s + recovery)
        self.upset = int(self.rng.integers(1, 4))
        settled_s = recovery_s + self.upset * 60.0 / self.cadence_spm
        self.disturbances.append(Disturbance(onset_s, recovery_s, settled_s, stumble.severity, stumble.kind))
        grow = 1.0 + float(self.rng.uniform(0.1, 0.4)) * stumble.severity
        return recovery_s - self.now_s, length_m * (grow if stumble.kind == "trip" else 2.0 - grow)

    def stride_out(self) -> None:
        """One step straight ahead; the first two of a run are shorter."""
        started = len(self.steps)
        self.step(stretch=(0.7, 0.9)[started] if started < 2 else 1.0)

    def straight(self, distance_m: float) -> None:
        """Steps that add up to the distance exactly."""
        if not distance_m > 0:
            raise ValueError(f"a straight of {distance_m} m cannot be walked")
        first = len(self.steps)
        covered = 0.0
        while covered < distance_m:
            self.stride_out()
            covered += self.steps[-1].length_m
        added = len(self.steps) - first
        beyond = covered - distance_m
        if added > 2 and beyond > 0.5 * self.steps[-1].length_m:
            last = self.steps.pop()  # closer without the last one
            self.side = last.side
            self.now_s -= last.time_s
            covered -= last.length_m
            self.disturbances = [d for d in self.disturbances if d.recovery_s <= self.now_s + 1e-9]
        scale = distance_m / covered
        self.steps[first:] = [replace(s, length_m=s.length_m * scale) for s in self.steps[first:]]

    def turn(self, turn: Turn, last: bool) -> None:
        """Short steps while the heading changes; on the spot when nothing was walked before, to a stop when last."""
        if not turn.duration_s > 0.2:
            raise ValueError(f"a turn cannot take {turn.duration_s} s")
        angle = float(np.deg2rad(turn.angle_deg))
        count = turn.hesitations + 1
        walking = bool(self.steps)
        start = self.now_s + (0.05 if walking else 0.35)
        parts = []
        for _ in range(count):
            parts.append((start, start + turn.duration_s / count, angle / count))
            start += turn.duration_s / count + turn.hesitation_s
        self.turns.append(Turning(angle, tuple(parts)))
        shorter = 1.0 - (1.0 - TURN_STEP) * min(1.0, abs(turn.angle_deg) / 150.0)
        end_s = parts[-1][1]
        left_over = 1.2 if last and not self.interrupted else 0.4
        while self.now_s < end_s - left_over * 60.0 / self.cadence_spm or len(self.steps) < 2:
            if walking:
                self.step(stretch=shorter)
            else:
                self.step(length_m=PIVOT_STEP_M)

    def pause(self, pause: Pause) -> None:
        if not pause.duration_s > 0:
            raise ValueError(f"a pause cannot take {pause.duration_s} s")
        if self.steps:
            self.stop()
        self.now_s += pause.duration_s

    def stop(self) -> None:
        """Two shortening steps, or one out of a turn, then both feet together."""
        turning = bool(self.turns) and self.turns[-1].end_s > self.steps[-1].contact_s
        if not turning:
            self.step(stretch=STOP_STEPS[0])
        self.step(stretch=STOP_STEPS[1])
        self.runs.append(Run(self.run_start_s, tuple(self.steps)))
        self.steps = []
        self.now_s = max(self.now_s, self.turns[-1].end_s if self.turns else 0.0)

    def finish(self) -> Plan:
        if self.steps:
            if self.interrupted:
                self.runs.append(Run(self.run_start_s, tuple(self.steps), interrupted=True))
            else:
                self.stop()
        if self.pending is not None:
            raise ValueError("a stumble needs a straight or a turn after it, and two steps before it")
        if not self.runs:
            raise ValueError("a walk needs something to walk: metres or a turn")
        self.now_s = max([self.now_s, *(t.end_s for t in self.turns)])
        end_s = self.now_s + (0.02 if self.interrupted else 0.8)
        return Plan(tuple(self.runs), tuple(self.turns), tuple(self.disturbances), end_s, self.side)
