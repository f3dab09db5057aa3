"""Candidates for stumbles in recordings and simulated people, with their signs and what is known of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dsp.body import BodyBlock
from dsp.conditioning import Conditioner
from dsp.detector import fresh
from dsp.stumbles.parameters import (
    AT,
    GYRO,
    HARDER,
    KIND,
    LEAST_CONFIDENCE,
    N_SIGNS,
    NO_WALK,
    PASSED,
    PLACES,
    SEVERITY,
    STRONGER,
    STUMBLE_STATE,
    WRITTEN,
    WRITTEN_COLUMNS,
)
from dsp.stumbles.stream import follow_stumbles
from sensing.block import Position
from sensing.recording import Recording
from server.analyze import BLOCK_SAMPLES
from server.bench.stumble_people import STUMBLES, people, severity_of
from server.bench.truths import recordings_with_truth
from server.plan import wearing_of

Floats = NDArray[np.float64]
ROOM = 4096
BEFORE_S, AFTER_S = 0.5, 1.5  # of a stumble whose time is known: candidates between are of it


@dataclass(slots=True)
class Case:
    """One recording: its candidates within walking, their times and signs, and what is known of stumbles in it."""

    group: str  # data set, or "simulated"
    name: str
    position: Position
    person: str
    activity: str
    stumbles: bool
    falls: bool
    severity: float | None
    stumble_s: float | None
    hours: float
    times_s: Floats
    signs: Floats
    severities: Floats
    walked_s: Floats  # times of all candidates within walking, the ruled out ones too
    gyro: bool
    scores: Floats = field(default_factory=lambda: np.empty(0))
    confidences: Floats = field(default_factory=lambda: np.empty(0))

    @property
    def of_stumble(self) -> NDArray[np.bool_]:
        """Which candidates may be the stumble: near it where its time is known, else all that stand out."""
        if not self.stumbles:
            return np.zeros(self.times_s.size, bool)
        if self.stumble_s is None:
            return self.signs[:, HARDER] > 0.0
        return (self.times_s > self.stumble_s - BEFORE_S) & (self.times_s < self.stumble_s + AFTER_S)

    @property
    def is_other(self) -> NDArray[np.bool_]:
        """Which candidates are certainly none: of a recorded stumble nobody knows the time, nor of falls."""
        if self.falls or (self.stumbles and self.stumble_s is None):
            return np.zeros(self.times_s.size, bool)
        return ~self.of_stumble

    @property
    def watched_h(self) -> float:
        """Hours of walking that were watched: a second either way of each candidate within walking."""
        if not self.walked_s.size:
            return 0.0
        return float(np.minimum(np.diff(self.walked_s, append=self.walked_s[-1] + 2.0), 2.0).sum()) / 3600.0

    def chosen(self, scores: Floats | None = None) -> int | None:
        """The candidate of its stumble that is most like one, None where there is none."""
        which = np.flatnonzero(self.of_stumble)
        if not which.size:
            return None
        by = self.signs[:, HARDER] + self.signs[:, STRONGER] if scores is None else scores
        return int(which[np.argmax(by[which])])

    @property
    def found(self) -> bool:
        """Whether its stumble would be told."""
        at = self.chosen(self.scores)
        return at is not None and bool(self.confidences[at] >= LEAST_CONFIDENCE)


def candidates_of(body: Sequence[BodyBlock]) -> Floats:
    """What the kernel writes of all candidates, shape (n, WRITTEN_COLUMNS)."""
    state, out = fresh(STUMBLE_STATE), np.zeros((ROOM, WRITTEN_COLUMNS))
    found = [np.empty((0, WRITTEN_COLUMNS))]
    for block in body:
        taken = 0
        while taken < len(block):
            taken, made = follow_stumbles(state, block.first_index, block.rows, taken, out)
            found.append(out[:made].copy())
    return np.concatenate(found)


def body_of(recording: Recording) -> list[BodyBlock]:
    conditioner = Conditioner(wearing_of(recording.facts))
    return [body for block in recording.blocks(BLOCK_SAMPLES) for body in conditioner.update(block)]


def case_of(
    body: Sequence[BodyBlock], group: str, name: str, position: Position, hours: float, truth: dict[str, Any]
) -> Case:
    rows = candidates_of(body)
    walked_s = rows[rows[:, KIND] != NO_WALK, AT]
    rows = rows[rows[:, KIND] >= PASSED]
    return Case(
        group=group,
        name=name,
        position=position,
        person=f"{group} {truth.get('subject', name)}",
        activity=f"{truth.get('activity', '')} {truth.get('activity_text', '')}".strip(),
        stumbles=bool(truth.get("is_stumble")),
        falls=bool(truth.get("is_fall")),
        severity=truth.get("severity"),
        stumble_s=truth.get("stumble_s"),
        hours=hours,
        times_s=rows[:, AT],
        signs=rows[:, WRITTEN : WRITTEN + N_SIGNS],
        severities=rows[:, SEVERITY],
        walked_s=walked_s,
        gyro=bool(rows[:, GYRO].all()) if len(rows) else True,
    )


def recorded(folder: Path, places: Collection[Position] = PLACES) -> Iterator[Case]:
    """Every recording of these places below a folder of data sets, each with its truth.json."""
    for group, recording, truth in recordings_with_truth(folder):
        position = recording.facts.position
        if position in places:
            hours = recording.duration_s / 3600.0
            yield case_of(body_of(recording), group, recording.name, position, hours, truth)


def simulated(count: int) -> Iterator[Case]:
    """So many people at every place, the kinds in turn."""
    for kind, position, seed, made in people(count):
        recording = made.recording(f"{kind} {seed}")
        truth: dict[str, Any] = {"subject": str(seed), "activity": kind, "is_stumble": kind in STUMBLES}
        if kind in STUMBLES:
            (only,) = made.truth["stumbles"]
            truth |= {"severity": severity_of(seed), "stumble_s": only["recovery_s"]}
        hours = recording.duration_s / 3600.0
        yield case_of(body_of(recording), "simulated", recording.name, position, hours, truth)
