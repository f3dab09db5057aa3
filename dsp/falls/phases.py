"""The phases of a fall as a table of transitions, and the way a candidate takes through it."""

import numpy as np

from dsp.body import Floats
from dsp.falls.parameters import AFTER, LYING_RAD, N_PHASES, NEAR, SOFT_MPS2, TURN_HALF, ticks
from dsp.falls.signs import G, apart, kept, posture
from dsp.kernels import Record, kernel

NAMES = ("loss_of_balance", "descent", "impact", "posture_change", "lying", "recovery")
LOSS, DESCENT, STRIKE, CHANGE, REST, RECOVERY, STEADY = range(7)

# What a tick says, the first that holds: the candidate itself (hard, or soft: met without a blow), weight that is gone,
# a posture that turns, calm in the posture before, calm in another one, none of these.
HARD, SOFT, LIGHT, TURNS, CALM_UP, CALM_DOWN, STIRS = range(7)

# The two ways down part at the candidate: a hard impact (STRIKE) may be followed by anything; a soft landing changes
# the posture or is none, so that only one that ends in lying is told (see stream.judge).
TABLE = np.array(
    [  #  HARD    SOFT    LIGHT    TURNS   CALM_UP   CALM_DOWN  STIRS
        [STRIKE, CHANGE, DESCENT, LOSS, STEADY, LOSS, LOSS],  # losing balance
        [STRIKE, CHANGE, DESCENT, DESCENT, STEADY, LOSS, LOSS],  # descending
        [STRIKE, CHANGE, STRIKE, CHANGE, RECOVERY, REST, STRIKE],  # struck
        [CHANGE, CHANGE, CHANGE, CHANGE, RECOVERY, REST, CHANGE],  # changing posture
        [REST, REST, REST, REST, RECOVERY, REST, REST],  # lying
        [RECOVERY, RECOVERY, RECOVERY, CHANGE, RECOVERY, REST, RECOVERY],  # up again
        [STRIKE, CHANGE, DESCENT, LOSS, STEADY, STEADY, STEADY],  # nothing yet
    ]
)
FROM = -ticks(2.0)
LIGHT_MPS2 = 0.8 * G  # clinical reference §4: less than 0.7 g for 80 ms; a tick is 40
CALM_MPS2 = 1.5
TURNS_RAD = np.deg2rad(12.0)  # within 0.28 s


@kernel
def sign_of(s: Record, k: int, at: int, before: tuple[float, float, float], soft: bool) -> int:
    """What tick `at` says about a candidate at k."""
    if at == k:
        return SOFT if soft else HARD
    norm = s["norm"][kept(s, at)]
    if norm < LIGHT_MPS2 and at < k + NEAR:
        return LIGHT
    now = posture(s, at - TURN_HALF, at + TURN_HALF + 1)
    turned = apart(posture(s, at - 3 * TURN_HALF, at - TURN_HALF), now)
    if turned > TURNS_RAD:
        return TURNS
    if abs(norm - G) > CALM_MPS2:
        return STIRS
    return CALM_DOWN if apart(before, now) > LYING_RAD else CALM_UP


@kernel
def retrace(s: Record, k: int, before: tuple[float, float, float], began: Floats) -> int:
    """Fills in the tick in which each phase began last, -1000 where there was none; returns the phase at the end."""
    for phase in range(N_PHASES):
        began[phase] = -1000.0
    soft = s["most"][kept(s, k)] < SOFT_MPS2
    now = STEADY
    for at in range(k + FROM, k + AFTER + 1):
        new = TABLE[now, sign_of(s, k, at, before, soft)]
        if new != now and new < N_PHASES:
            began[new] = at - k
        if new == STEADY:
            began[LOSS] = began[DESCENT] = -1000.0
        now = new
    return int(now)
