"""How the people of `trials` draw what they do, and what it is then."""

from dataclasses import dataclass
from typing import Literal, cast

import numpy as np

from sensing.simulator.activities import Script, SitToStand
from sensing.simulator.people import Person

Told = Literal["cue", "no cue", "nothing"]


@dataclass(frozen=True, slots=True)
class Performance:
    """A script with what an operator was told and said about it.

    done: whether it is a whole test. told: what the operator set up. end_told: whether the operator pressed stop.
    leaves_s: how long after the cue a stance ends by `ended_by` other than time or a loss of balance. step_out_s: from
    a loss of balance to the foot's coming down.
    """

    script: Script
    kind: str
    told: Told
    done: bool = True
    course_length_m: float | None = None
    course_told: bool = True
    stance: str | None = None
    hold_s: float | None = None
    step_out_s: float = 0.0
    variant: str | None = None
    leaves_s: float | None = None
    ended_by: str | None = None
    end_told: bool = False


def chosen(rng: np.random.Generator, choices: dict[str, float]) -> str:
    shares = np.array(list(choices.values()))
    return str(rng.choice(list(choices), p=shares / shares.sum()))


def drawn_told(rng: np.random.Generator, cue: float, no_cue: float, nothing: float) -> Told:
    return cast(Told, chosen(rng, {"cue": cue, "no cue": no_cue, "nothing": nothing}))


def some(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def slowness(person: Person) -> float:
    """How much longer than a quick person's movements this one's take."""
    return float(np.clip((1.1 / person.preferred_speed_mps) ** 0.6, 0.8, 2.2))


def drawn_turn_s(person: Person, rng: np.random.Generator) -> float:
    """Of a half turn: healthy 1.6–2.5, MS 2–4, slow up to 6 s (simulator.md §4)."""
    return float(np.clip(some(rng, 1.5, 2.4) * slowness(person), 1.4, 6.0))


def drawn_rise(person: Person, rng: np.random.Generator) -> SitToStand:
    duration_s = float(np.clip(some(rng, 1.3, 2.2) * slowness(person), 1.2, 4.5))
    return SitToStand(duration_s, some(rng, 0.30, 0.45), some(rng, 25.0, 45.0))


def drawn_sit_s(person: Person, rng: np.random.Generator) -> float:
    return float(np.clip(some(rng, 1.5, 2.4) * slowness(person), 1.4, 4.5))


def apart(rng: np.random.Generator, count: int, low_s: float, high_s: float, gap_s: float = 2.5) -> list[float]:
    """Moments at least gap_s from each other, as many of `count` as there is room for."""
    room = high_s - low_s - (count - 1) * gap_s
    if room <= 0:
        return apart(rng, count - 1, low_s, high_s, gap_s)
    drawn = np.sort(rng.uniform(0.0, room, count))
    return [float(low_s + at + number * gap_s) for number, at in enumerate(drawn)]
