"""Learning how the signs of stumbles weigh, and how sure they make (see dsp.stumbles.score)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from dsp.stumbles.parameters import N_SIGNS, SIGNS
from server.bench.stumble_candidates import Case, Floats

# Which way each sign may speak for a stumble. Physics decides it, the data only how much: of 50 staged stumbles much
# else could be learned that is not true of others.
FALLING = {"strange_after", "leaning", "turned"}
GYROSCOPE = {"burst", "turned"}
WAYS = np.array([-1.0 if sign in FALLING else 1.0 for sign in SIGNS])
NEED_GYROSCOPE = np.array([sign in GYROSCOPE for sign in SIGNS])

RIDGE = 4.0
CUT = 0.005  # share at the far end beyond which a sign counts as no further
ENOUGH = 0.75  # share of stumbles up to which a sign may count for one: more than usual makes no surer
SIMULATED_WEIGHT = 0.5  # of a simulated person's candidates: the simulator's trunks are plain models
FOLDS = 8

# Confidence is the share of stumbles among candidates like it, for somebody who stumbles this often. Recorded and
# simulated stumbles stand for them in equal parts. At one an hour no confidence would reach 0.8: less than two hours of
# recorded walking cannot show that false ones are rarer. Two was chosen knowing that; who stumbles less, for whom the
# odds are so much lower, is better served by the evening's question.
STUMBLES_PER_H = 2.0  # of walking (design: no study counts them)
UNSEEN = 0.5  # false ones that these hours of walking might have held and did not (Jeffreys' prior of a rate)
SUREST = {True: 0.95, False: 0.75}  # with and without a gyroscope: without, a stumble never counts unasked


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Arrays of shape (signs,); `offset` and `slope` turn its log odds into those of the confidence."""

    lowest: Floats
    highest: Floats
    slopes: Floats
    bias: float
    offset: float = 0.0
    slope: float = 1.0
    surest: float = 1.0

    def score(self, signs: Floats) -> Floats:
        """Log odds of each candidate, shape (n,)."""
        return np.asarray(np.clip(signs, self.lowest, self.highest) @ self.slopes + self.bias)

    def confidence(self, scores: Floats) -> Floats:
        odds = np.clip(self.offset + self.slope * scores, -30.0, 30.0)
        return np.asarray(np.minimum(1.0 / (1.0 + np.exp(-odds)), self.surest))


def weight_of(case: Case) -> float:
    return SIMULATED_WEIGHT if case.group == "simulated" else 1.0


def learned(cases: Sequence[Case], gyro: bool) -> Weighing:
    """Twice: which candidate of a recording was the stumble is first the strongest, then the one most like one."""
    first = fitted(*examples(cases, None), gyro)
    return fitted(*examples(cases, first), gyro)


def examples(cases: Sequence[Case], known: Weighing | None) -> tuple[Floats, Floats, Floats]:
    """(signs, whether a stumble, weights)."""
    signs, truth, weights = [np.empty((0, N_SIGNS))], [np.empty(0)], [np.empty(0)]
    for case in cases:
        at = case.chosen(None if known is None else known.score(case.signs))
        stumble = case.signs[at : at + 1] if at is not None else case.signs[:0]
        others = case.signs[case.is_other]
        signs += [stumble, others]
        truth += [np.ones(len(stumble)), np.zeros(len(others))]
        weights.append(np.full(len(stumble) + len(others), weight_of(case)))
    return np.concatenate(signs), np.concatenate(truth), np.concatenate(weights)


def fitted(signs: Floats, truth: Floats, weights: Floats, gyro: bool) -> Weighing:
    """Logistic regression with slopes of the allowed sign and a ridge on them, signs scaled by their scatter."""
    stumbles = signs[truth > 0.5]
    lowest, highest = np.quantile(signs, [CUT, 1.0 - CUT], axis=0)
    enough = np.quantile(stumbles, ENOUGH, axis=0)
    highest = np.where(WAYS > 0.0, np.maximum(enough, lowest), highest)
    middle, spread = np.median(stumbles, axis=0), signs.std(axis=0) + 1e-9
    used = np.ones(N_SIGNS) if gyro else np.where(NEED_GYROSCOPE, 0.0, 1.0)
    z = WAYS * used * (np.clip(signs, lowest, highest) - middle) / spread

    def cost(at: Floats) -> tuple[float, Floats]:
        odds = at[0] + z @ at[1:]
        pull = weights * (1.0 / (1.0 + np.exp(-odds)) - truth)
        loss = weights @ (np.logaddexp(0.0, odds) - truth * odds) + 0.5 * RIDGE * (at[1:] @ at[1:])
        return float(loss), np.concatenate([[pull.sum()], z.T @ pull + RIDGE * at[1:]])

    bounds = [(None, None)] + [(0.0, None)] * N_SIGNS
    found = minimize(cost, np.full(N_SIGNS + 1, 0.3), jac=True, bounds=bounds, method="L-BFGS-B").x
    slopes = WAYS * used * found[1:] / spread
    return Weighing(lowest, highest, slopes, float(found[0] - slopes @ middle), surest=SUREST[gyro])


def cross_validated(cases: Sequence[Case], gyro: bool) -> Weighing:
    """Gives every case scores of a weighing that never saw its person; returns what makes confidences of them."""
    people = sorted({case.person for case in cases})
    np.random.default_rng(0).shuffle(people)
    for fold in range(FOLDS):
        held = set(people[fold::FOLDS])
        weighing = learned([case for case in cases if case.person not in held], gyro)
        for case in cases:
            if case.person in held:
                case.scores = weighing.score(case.signs)
    sure = sureness(cases, gyro)
    for case in cases:
        case.confidences = sure.confidence(case.scores)
    return sure


def sureness(cases: Sequence[Case], gyro: bool) -> Weighing:
    """From cross-validated log odds to confidences: a logistic curve through what was a stumble and what was not.

    Only recorded walking says how many false ones an hour holds; what it did not hold it might have (UNSEEN).
    """
    real = [case for case in cases if case.group != "simulated"]
    hours = sum(case.watched_h for case in real if not case.stumbles and not case.falls)
    false = np.concatenate([case.scores[case.is_other] for case in real])
    scores, weights = [], []
    for group in (real, [case for case in cases if case.group == "simulated"]):
        of_stumbles = np.array([case.scores[at] for case in group if (at := case.chosen(case.scores)) is not None])
        scores.append(of_stumbles)
        weights.append(np.full(of_stumbles.size, 0.5 * STUMBLES_PER_H * hours / max(of_stumbles.size, 1)))
    true = np.concatenate(scores)
    x = np.concatenate([true, false, true])
    truth = np.concatenate([np.ones(true.size), np.zeros(false.size), np.zeros(true.size)])
    weight = np.concatenate([*weights, np.ones(false.size), np.full(true.size, UNSEEN / true.size)])

    def cost(at: Floats) -> float:
        odds = at[0] + at[1] * x
        return float(weight @ (np.logaddexp(0.0, odds) - truth * odds))

    offset, slope = minimize(cost, np.array([-3.0, 1.0]), method="Nelder-Mead").x
    nothing = np.zeros(N_SIGNS)
    return Weighing(nothing, nothing, nothing, 0.0, float(offset), float(slope), SUREST[gyro])
