"""Candidates for falls in recordings and simulated people, with their signs and what is known of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsp.conditioning import Conditioner
from dsp.detector import fresh
from dsp.falls.parameters import (
    AT,
    FALL_STATE,
    KIND,
    MEASURED,
    MOST_PER_ROW,
    N_SIGNS,
    PLACE,
    TAKEN_BACK,
    WRITTEN_COLUMNS,
)
from dsp.falls.stream import finish_falls, follow_falls
from sensing.block import Position
from sensing.recording import Recording
from server.analyze import BLOCK_SAMPLES
from server.bench.truths import recordings_with_truth
from server.plan import wearing_of

Floats = NDArray[np.float64]
WITH_FALLS = frozenset({"sisfall", "umafall", "weda_fall"})  # sets of staged falls and provoked activities


@dataclass(slots=True)
class Case:
    """One recording: its candidates' times and signs, and the truth as far as it concerns falls."""

    group: str  # data set, or "simulated"
    name: str
    position: Position
    person: str
    activity: str
    falls: bool
    impact_s: float | None
    hours: float
    times_s: Floats
    signs: Floats
    scores: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def place(self) -> int:
        return PLACE[self.position]

    @property
    def highest(self) -> float:
        """The best score of any candidate."""
        return float(self.scores.max()) if self.scores.size else -np.inf


def candidates_of(recording: Recording) -> tuple[Floats, Floats]:
    """(times, signs) of all candidates of a recording, its end included."""
    wearing = wearing_of(recording.facts)
    place, conditioner, state = PLACE[wearing.position], Conditioner(wearing), fresh(FALL_STATE)
    out = np.zeros((MOST_PER_ROW + 64, WRITTEN_COLUMNS))
    found: list[Floats] = []
    for block in recording.blocks(BLOCK_SAMPLES):
        for body in conditioner.update(block):
            taken = 0
            while taken < len(body):
                taken, made = follow_falls(state, body.first_index, body.rows, taken, place, out)
                found.append(out[:made].copy())
    made = finish_falls(state, float(recording.time_s[-1]), place, out)
    rows = np.concatenate([*found, out[:made]])
    rows = rows[rows[:, KIND] != TAKEN_BACK]
    return rows[:, AT], rows[:, MEASURED : MEASURED + N_SIGNS]


def case_of(recording: Recording, group: str, truth: dict[str, Any]) -> Case:
    times_s, signs = candidates_of(recording)
    return Case(
        group=group,
        name=recording.name,
        position=recording.facts.position,
        person=f"{group} {truth.get('subject', recording.name)}",
        activity=f"{truth.get('activity', '')} {truth.get('activity_text', '')}".strip(),
        falls=bool(truth.get("is_fall")),
        impact_s=truth.get("impact_s"),
        hours=recording.duration_s / 3600.0,
        times_s=times_s,
        signs=signs,
    )


def recorded(folder: Path) -> Iterator[Case]:
    """Every recording below a folder of data sets, each with its truth.json."""
    for group, recording, truth in recordings_with_truth(folder):
        yield case_of(recording, group, truth)
