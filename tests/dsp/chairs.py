"""Chair stands as the detectors would tell them, on a stream of a trunk that leans in each."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic.chair_stand import ChairStand
from dsp.clinic.clinic import Clinic
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt
from dsp.wearing import Wearing
from tests.dsp.walks import Floats, Stream, body_of

TOLD_S = 2.5  # after their end
RISE_S, TOP_S, SIT_S, SEAT_S = 1.2, 0.3, 1.2, 0.3


@dataclass
class Chair:
    """A script of rises and sittings down, what was heard of it, and the trunk's stream."""

    total_s: float = 60.0
    moves: list[tuple[bool, float, float, float]] = field(default_factory=list)  # rises, start, end, height
    unheard: set[int] = field(default_factory=set)

    def move(self, rises: bool, start_s: float, lasts_s: float, rise_m: float = 0.35) -> float:
        self.moves.append((rises, start_s, start_s + lasts_s, rise_m))
        return start_s + lasts_s

    def events(self) -> list[Event]:
        told = [self._event(n) for n in range(len(self.moves)) if n not in self.unheard]
        return sorted(told, key=lambda event: event.emitted_s)

    def _event(self, n: int) -> Event:
        rises, start_s, end_s, rise_m = self.moves[n]
        seat_s = start_s + (0.4 if rises else 0.6) * (end_s - start_s)
        fields: dict[str, JsonValue] = {
            "rise_m": rise_m if rises else -rise_m,
            "peak_velocity_mps": 0.7,
            "seat_off_s": seat_s if rises else None,
            "seat_on_s": None if rises else seat_s,
        }
        return Event("sit_to_stand" if rises else "stand_to_sit", start_s, round(end_s + TOLD_S, 2), end_s, fields)

    def stream(self) -> Stream:
        """The trunk leans by 35 degrees and goes up or down in each movement, heard or not."""
        time_s = np.arange(0.0, self.total_s, 0.01)
        lean = np.zeros_like(time_s)
        upwards = np.full_like(time_s, 9.81)
        for rises, start_s, end_s, height_m in self.moves:
            lasts_s = end_s - start_s
            moved = (start_s + 0.4 * lasts_s, end_s) if rises else (start_s, start_s + 0.6 * lasts_s)
            upwards += (height_m if rises else -height_m) * minimum_jerk(time_s, *moved)
            inside = (time_s > start_s) & (time_s < end_s)
            lean[inside] = math.radians(35.0) * np.sin(np.pi * (time_s[inside] - start_s) / (end_s - start_s)) ** 2
        acc = upwards[:, None] * np.stack([np.sin(lean), np.cos(lean), np.zeros_like(lean)], axis=1)
        gyr = np.stack([np.zeros_like(lean), np.zeros_like(lean), np.gradient(lean, 0.01)], axis=1)
        return Stream(time_s, acc, gyr, np.empty(0), 100.0)


def minimum_jerk(time_s: Floats, start_s: float, end_s: float) -> Floats:
    """Acceleration per metre of a way from rest to rest (Flash and Hogan 1985), 1/s²; shape as time_s."""
    share = (time_s - start_s) / (end_s - start_s)
    shape: Floats = np.where((share > 0.0) & (share < 1.0), 60.0 * share - 180.0 * share**2 + 120.0 * share**3, 0.0)
    return shape / (end_s - start_s) ** 2


def stands(times: int, start_s: float, cycle: Sequence[float] = (RISE_S, TOP_S, SIT_S, SEAT_S)) -> Chair:
    """That many whole stands in one rhythm."""
    chair = Chair()
    at_s = start_s
    for _ in range(times):
        at_s = chair.move(True, at_s, cycle[0]) + cycle[1]
        at_s = chair.move(False, at_s, cycle[2]) + cycle[3]
    chair.total_s = at_s + 20.0
    return chair


def told(
    chair: Chair, *prompts: Prompt, cuts: Sequence[int] = (), more: Sequence[Event] = (), until_s: float = math.inf
) -> list[Event]:
    """What the test makes of it, through the clinic."""
    wearing = Wearing("lower_back", prompts=prompts)
    clinic = Clinic(wearing, [ChairStand])
    events = sorted([*chair.events(), *more], key=lambda event: event.emitted_s)
    stream = chair.stream()
    made: list[Event] = []
    for block in _blocks(stream.keep(stream.time_s <= until_s), wearing, cuts):
        seen_s = float(block.seen_s[-1])
        due = [event for event in events if event.emitted_s <= seen_s]
        events = events[len(due) :]
        made += clinic.update(block, due)
    return made + clinic.finish([], min(until_s, float(stream.time_s[-1])))


def _blocks(stream: Stream, wearing: Wearing, cuts: Sequence[int]) -> Iterator[BodyBlock]:
    for block in body_of(stream, wearing):
        edges = [0, *sorted({c for c in cuts if 0 < c < len(block)}), len(block)]
        for start, stop in pairwise(edges):
            yield BodyBlock(block.first_index + start, block.rows[start:stop])
