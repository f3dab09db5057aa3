"""A simulated wearer who does what she is told: sits or stands ready, and does a test of the clinic at its cue."""

from bisect import bisect_right
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensing.block import Position
from sensing.drivers.base import Frame
from sensing.simulator import (
    Activity,
    Corridor,
    Cue,
    Mounting,
    Person,
    Script,
    Simulated,
    Sit,
    SitToStand,
    Stand,
    StandToSit,
    TandemStance,
    Tug,
    Turn,
    Walk,
    back_and_forth,
    simulate,
)
from sensing.simulator.trial_scripts import SWAY, T25FW_M, TEN_M
from sensing.virtual.motion import PlayedMotion

LIFE: Script = (
    Stand(8.0),
    Walk(course=(*back_and_forth(12.0, 4, Turn(180.0, 2.2)), Turn(180.0, 2.2))),
    Stand(10.0),
    StandToSit(),
    Sit(20.0),
    SitToStand(),
    Stand(4.0),
)
SEATED = frozenset({"tug", "chair_stand_30s", "chair_stand_5x"})
LEAD_S = 1.5  # the test's own motion begins so long before the cue, in the posture that she has then
SOON_S = 0.3  # from being told to moving
FADE_S = 0.4
REACTION_S = 0.4
READY_S = 180.0  # so long she waits for a cue
COURSE_M = {"tug": 3.0, "6mwt": 30.0, "2mwt": 30.0, "10mwt": TEN_M, "t25fw": T25FW_M}
LIMIT_S = {"6mwt": 360.0, "2mwt": 120.0}
HOLD_S = 30.0
SET_S = 33.0  # chair stands go on for longer than the clock


@dataclass(frozen=True, slots=True)
class _Doing:
    """What she does from start_s on; made in the background, since six minutes of walking take half a second."""

    start_s: float
    made: "Future[Simulated]"
    played: "Future[PlayedMotion]"
    loops: bool

    @property
    def length_s(self) -> float:
        return self.played.result().length_s

    def felt(self, at_s: NDArray[np.float64]) -> Frame:
        played = self.played.result()
        since_s = at_s - self.start_s
        return played.at(since_s % played.length_s if self.loops else since_s)

    def is_sitting(self, at_s: float) -> bool:
        """Also while she is on the way to the seat."""
        since_s = at_s - self.start_s
        if self.loops:
            since_s %= self.length_s
        truth = self.made.result().truth
        changes = [(move["start_s"], True) for move in truth["stand_to_sit"]]
        changes += [(move["end_s"], False) for move in truth["sit_to_stand"]]
        changes.sort()
        before = bisect_right(changes, (since_s, True))
        if before:
            return changes[before - 1][1]
        return bool(changes) and not changes[0][1]


class ObedientWearer:
    """A Motion: give it to `virtual_sensor`. Goes about her life in a loop until told to do something.

    Times are seconds of the sensor's clock; "now" is the first sample of the frame that was last asked for.
    """

    has_gyroscope = True
    has_magnetometer = False

    def __init__(
        self,
        person: Person | None = None,
        position: Position = "lower_back",
        mounting: Mounting | None = None,
        seed: int = 0,
    ) -> None:
        self.person = person or Person()
        self.position = position
        self._mounting = mounting or Mounting()
        self._seed = seed
        self._maker = ThreadPoolExecutor(1, thread_name_prefix="obedient wearer")
        self._now_s = 0.0
        self._life = self._making(LIFE)
        self._doings = [_Doing(0.0, *self._life, loops=True)]

    def prepare(self, protocol: str) -> None:
        """Take up the posture that the test begins in and wait there, for three minutes at most."""
        at_s = self._now_s + SOON_S
        sitting = self._is_sitting(at_s)
        wanted = protocol in SEATED
        change: list[Activity] = []
        if sitting != wanted:
            change = [StandToSit()] if wanted else [SitToStand()]
        waiting: list[Activity] = [Sit(READY_S), SitToStand(), Stand(1.0)] if wanted else [Stand(READY_S)]
        self._do([*change, *waiting], at_s)

    def perform(
        self,
        protocol: str,
        *,
        after_s: float,
        course_length_m: float | None,
        stance: str | None,
        hold_s: float | None,
    ) -> None:
        """Do the test whose "go" is after_s from now, then go on with life. Raises KeyError for an unknown protocol."""
        cue_s = self._now_s + after_s
        lead_s = min(LEAD_S, max(0.1, after_s - SOON_S))
        script = _test(protocol, lead_s, course_length_m, stance, hold_s)
        if self._is_sitting(cue_s - lead_s) != (protocol in SEATED):
            self.prepare(protocol)
        self._do(script, cue_s - lead_s)

    def stop(self) -> None:
        """Leave off whatever it is, and go on with life."""
        at_s = self._now_s + SOON_S
        rise: list[Activity] = [SitToStand()] if self._is_sitting(at_s) else []
        self._do([*rise, Stand(2.0)], at_s)

    def samples(self, first: int, n: int, rate_hz: float) -> Frame | None:
        """Never ends."""
        at_s = (first + np.arange(n)) / rate_hz
        self._now_s = max(self._now_s, float(at_s[0]))
        self._live_on(float(at_s[-1]))
        acc_mps2, gyr_radps = np.zeros((n, 3)), np.zeros((n, 3))
        for number, doing in enumerate(self._doings):
            if doing.start_s > at_s[-1]:
                break
            share = np.clip((at_s - doing.start_s) / FADE_S, 0.0, 1.0)[:, None] if number else np.ones((n, 1))
            felt = doing.felt(at_s)
            acc_mps2 += share * (felt.acc_mps2 - acc_mps2)
            if felt.gyr_radps is not None:
                gyr_radps += share * (felt.gyr_radps - gyr_radps)
        return Frame(acc_mps2, gyr_radps)

    def _making(self, script: Script) -> tuple["Future[Simulated]", "Future[PlayedMotion]"]:
        self._seed += 1
        made = self._maker.submit(
            simulate, script, self.person, self.position, mounting=self._mounting, seed=self._seed
        )
        return made, self._maker.submit(lambda: PlayedMotion(made.result()))

    def _do(self, script: Script, at_s: float) -> None:
        """This instead of whatever would have begun after at_s."""
        self._doings = [doing for doing in self._doings if doing.start_s < at_s]
        self._doings.append(_Doing(at_s, *self._making(script), loops=False))

    def _live_on(self, until_s: float) -> None:
        """Life goes on where something ends, and what is over is forgotten."""
        last = self._doings[-1]
        if last.start_s <= until_s and not last.loops and last.start_s + last.length_s - FADE_S <= until_s:
            self._doings.append(_Doing(last.start_s + last.length_s - FADE_S, *self._life, loops=True))
        while len(self._doings) > 1 and self._doings[1].start_s + FADE_S < self._now_s - 1.0:
            self._doings.pop(0)

    def _is_sitting(self, at_s: float) -> bool:
        doing = next(doing for doing in reversed(self._doings) if doing.start_s <= at_s)
        return doing.is_sitting(at_s)


def _test(
    protocol: str, lead_s: float, course_length_m: float | None, stance: str | None, hold_s: float | None
) -> list[Activity]:
    """Ready for lead_s, the cue, the test; standing at the end."""
    if protocol == "stance":
        condition = stance or "side_by_side"
        ml_mps2, ap_mps2 = (0.6 * low + 0.4 * high for low, high in SWAY[condition])
        held_s = lead_s + (hold_s or HOLD_S) + 2.0
        return [TandemStance(held_s, condition, ml_mps2, ap_mps2, 0.1), Walk((0.6,), speed_mps=0.5), Stand(2.0)]
    up_again: list[Activity] = [Sit(8.0), SitToStand(), Stand(2.0)]
    if protocol in ("chair_stand_30s", "chair_stand_5x"):
        cycle = (SitToStand(1.5), Stand(0.4), StandToSit(1.5), Sit(0.4))
        length_s = sum(part.duration_s for part in cycle)
        times = 5 if protocol == "chair_stand_5x" else round(SET_S / length_s)
        return [Sit(lead_s), Cue(), Sit(REACTION_S), *(cycle * times), *up_again]
    length_m = course_length_m or COURSE_M[protocol]
    if protocol == "tug":
        return [Tug(length_m, lead_s, REACTION_S, rest_s=8.0), *up_again[1:]]
    if protocol in LIMIT_S:
        limit_s = LIMIT_S[protocol]
        walk = Corridor("6mwt" if protocol == "6mwt" else "2mwt", length_m, limit_s, lead_s, REACTION_S)
        return [walk, Stand(2.0)]
    return [Stand(lead_s), Cue(), Stand(REACTION_S), Walk((length_m,)), Stand(2.0)]  # two steps more to stop
