"""Learning how signs weigh: logistic regression with two slopes per sign (see dsp.falls.score)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from server.bench.fall_candidates import WITH_FALLS, Case, Floats

RIDGE = 0.3
STEPS = 40
CUT = 0.005  # share at either end beyond which a sign counts as no further
SIMULATED_WEIGHT = 0.3  # of a simulated person's candidates: the simulator's limbs are plain models
ORDINARY_WEIGHT = 3.0  # of recordings of ordinary walking, sitting, driving: life holds far more of it than these sets
FOLDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Of one class of places; arrays of shape (signs,)."""

    lowest: Floats
    highest: Floats
    middle: Floats
    spread: Floats
    below: Floats
    above: Floats
    bias: float

    def score(self, signs: Floats) -> Floats:
        """Log odds of each candidate."""
        z = spread_out(signs, self.lowest, self.highest, self.middle, self.spread)
        return np.asarray(z @ np.concatenate([[self.bias], self.below, self.above]))


def spread_out(signs: Floats, lowest: Floats, highest: Floats, middle: Floats, spread: Floats) -> Floats:
    z = (np.clip(signs, lowest, highest) - middle) / spread
    return np.concatenate([np.ones((len(z), 1)), np.minimum(z, 0.0), np.maximum(z, 0.0)], axis=1)


def learned(cases: Sequence[Case]) -> Weighing:
    """Twice: which candidate of a recording was the fall is first the highest, then the one most like a fall."""
    first = fitted(*examples(cases, None))
    return fitted(*examples(cases, first))


def examples(cases: Sequence[Case], known: Weighing | None) -> tuple[Floats, Floats, Floats]:
    """(signs, whether a fall, weights). The other candidates of a fall's recording are left out: who knows what."""
    signs, truth, weights = [], [], []
    for case in cases:
        if not len(case.times_s):
            continue
        chosen = case.signs
        if case.falls:
            at = int(np.argmax(case.signs[:, 0] if known is None else known.score(case.signs)))
            if case.impact_s is not None:
                at = int(np.argmin(np.abs(case.times_s - case.impact_s)))
            chosen = case.signs[at : at + 1]
        signs.append(chosen)
        truth.append(np.full(len(chosen), float(case.falls)))
        weights.append(np.full(len(chosen), weight_of(case)))
    return np.concatenate(signs), np.concatenate(truth), np.concatenate(weights)


def weight_of(case: Case) -> float:
    if case.group == "simulated":
        return SIMULATED_WEIGHT
    return 1.0 if case.group in WITH_FALLS else ORDINARY_WEIGHT


def fitted(signs: Floats, truth: Floats, weights: Floats) -> Weighing:
    """Newton's method with steps of 2 at most; the ridge holds the bias too, which does not matter at this size."""
    lowest, highest = np.quantile(signs, [CUT, 1.0 - CUT], axis=0)
    middle, spread = signs[truth > 0.5].mean(axis=0), signs.std(axis=0)
    z = spread_out(signs, lowest, highest, middle, spread)
    slopes = np.zeros(z.shape[1])
    for _ in range(STEPS):
        odds = 1.0 / (1.0 + np.exp(-np.clip(z @ slopes, -30.0, 30.0)))
        curvature = (z.T * (weights * odds * (1.0 - odds))) @ z + RIDGE * np.eye(slopes.size)
        pull = z.T @ (weights * (truth - odds)) - RIDGE * slopes
        slopes += np.clip(np.linalg.solve(curvature, pull), -2.0, 2.0)
    half = (slopes.size - 1) // 2
    return Weighing(lowest, highest, middle, spread, slopes[1 : half + 1], slopes[half + 1 :], float(slopes[0]))


def cross_validated(cases: Sequence[Case]) -> None:
    """Gives every case the scores of a weighing that never saw its person."""
    people = sorted({case.person for case in cases})
    np.random.default_rng(0).shuffle(people)
    for fold in range(FOLDS):
        held = set(people[fold::FOLDS])
        weighing = learned([case for case in cases if case.person not in held])
        for case in cases:
            if case.person in held:
                case.scores = weighing.score(case.signs)
