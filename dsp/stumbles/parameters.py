"""What is looked at around a hard step, and what finding a stumble must remember."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ
from dsp.wearing import TRUNK
from sensing.block import Position

EVERY = 4  # rows per tick
TICK_HZ = BODY_RATE_HZ / EVERY
TICK_S = 1.0 / TICK_HZ
KEPT = 256  # ticks kept, 10 s: a power of two


def ticks(seconds: float) -> int:
    """Whole ticks of a duration."""
    return round(seconds * TICK_HZ)


# Where a stumble is told at all. Elsewhere there is nothing to learn it from: no recording holds stumbles of a thigh, a
# leg or a head, and at the wrist 1 of 15 of those of weda_fall stands out (server/bench/stumbles.py).
PLACES: frozenset[Position] = TRUNK - {"head"}

# A candidate is the hardest tick of its surroundings, judged once the contract's 2 s are nearly over: 1.72 s, the tick
# itself and the slowest sensor's 0.08 s.
LEAST_MPS2 = 11.0  # of a candidate's hardest row: slow walkers' steps are harder
ALONE = ticks(1.0)
AFTER = ticks(1.72)
SAME = ticks(4.0)  # a stumble is over in 2 to 4 steps (clinical reference §4): no second one before this

# The bout's own walking, ticks from the candidate. A disturbance may begin a second before its hardest step.
OWN = (-ticks(5.2), -ticks(1.2))
LEAST_OWN = ticks(2.0)  # of it must be known: four steps of most people
THIRD = ticks(0.8)
BEAT = 2  # half of what a swing of the vertical is smoothed over, ticks
STEP = ticks(0.6)  # half of what belongs to the disturbed step
NEAR = ticks(0.24)  # half of what belongs to its landing
LASTING, INSTANT = ticks(1.2), ticks(0.12)  # half of how long it may last, and of a knock with its filters
BACK = (ticks(0.92), AFTER)  # where the rhythm may be back
TURNING = ticks(1.5)  # clinical reference §4: no turn and no sitting down within this
SHAPE = ticks(0.48)  # half of a stretch whose shape is looked for in the bout's own walking
EARLIEST = LEAST_OWN - OWN[1]

SIGNS = (
    "harder",  # log of how far the hardest row is above gravity, against the hardest of the bout's own steps
    "jerkier",  # log of the range of the vertical's changes around it, against that of the bout (Weiss 2010)
    "stronger",  # log of the root mean square around it, against that of the bout
    "sideways",  # the same of the horizontal alone: braking, and staggering to the sides
    "lighter",  # log of how far below gravity it comes, against the bout
    "strange",  # log of how far the nearest stretch of the bout's walking is from it, against what they are apart
    "lasting",  # s in which it is harder or lighter than any of the bout's own, its hardest instant left out
    "strange_after",  # the nearest stretch to what follows: the rhythm is back, or not yet
    "level_after",  # log of the root mean square of what follows, against the bout
    "leaning",  # rad between the mean acceleration of the bout and of what follows
    "rhythm",  # autocorrelation of the bout's walking at its best lag
    "steady",  # log of the weakest third of its last seconds, against all of it: sitting down is no rhythm
    "beats",  # steps a second of its last seconds: how often the vertical swings over its mean
    "burst",  # log of the fastest tilting around it, against the bout; 0 without a gyroscope
    "turned",  # rad about the vertical within 1.5 s either way; 0 without a gyroscope
)
N_SIGNS = len(SIGNS)
HARDER, JERKIER, STRONGER, SIDEWAYS = (SIGNS.index(name) for name in ("harder", "jerkier", "stronger", "sideways"))
LASTS, LEANING, RHYTHM, BEATS = (SIGNS.index(name) for name in ("lasting", "leaning", "rhythm", "beats"))

# What counts as walking, of the bout's own seconds. Slow walkers with MS (voisard_clinical) keep above these; sitting
# still, driving and standing do not, jogging is above the last one.
OWN_HARD_MPS2 = 1.2  # above gravity, the hardest of the own steps
OWN_MOST_MPS2 = 6.0  # root mean square
LEAST_BEATS, LEAST_RHYTHM = 0.7, 0.2
# A knock on the sensor is an instant, to which chance adds a tick or two; a stumble upsets a second step. Recorded ones
# last 0.32 s and more, simulated ones less. Of 372 simulated knocks in walks 14 are told (from 0.14 s: 22, 0.22 s: 5),
# of 40 of the hardest simulated stumbles 26 (29, 22). Set after two recordings with a knock had been seen to be told.
LEAST_LASTING_S = 0.18
LEANS_RAD = math.radians(35.0)  # who is off the bout's upright by this much afterwards sits, lies or bends

RHYTHM_LAGS = (ticks(0.4), ticks(1.44))  # steps of 42 to 150 a minute
SPAN = AFTER + 1 - OWN[0]  # ticks of the signals that signs are read from
HERE = -OWN[0]  # where the candidate stands in them
LEAST_CONFIDENCE = 0.2  # less sure ones are not worth a question in the evening
FLOOR_MPS2 = 0.3  # keeps ratios finite: less than this is no walking
FLOOR_RADPS = 0.3

KIND, AT, EMITTED, SCORE, CONFIDENCE, SEVERITY, IMPACT, GYRO, WRITTEN = range(9)
NO_WALK, RULED_OUT, PASSED, TOLD = range(4)  # nobody walked; a knock or a change of posture; no stumble; a stumble
WRITTEN_COLUMNS = WRITTEN + N_SIGNS
MOST_PER_ROW = 2

STUMBLE_STATE = np.dtype(
    [
        ("tick", np.int64),  # being filled: grid index / EVERY
        ("rows", np.int64),
        ("sums", np.float64, (6,)),
        ("top", np.float64),
        ("top_row", np.int64),
        ("last_tick", np.int64),
        ("ticks", np.int64),  # since the stream last began; rings hold them modulo KEPT
        ("motion", np.float64, (KEPT, 6)),  # mean acceleration and rate, the sensor's axes
        ("most", np.float64, (KEPT,)),  # longest acceleration of a row of the tick
        ("most_row", np.int64, (KEPT,)),
        ("told", np.int64),  # tick of the last stumble told, since the stream last began
        ("any_told", np.int64),
        # what signs are read from, filled anew for every candidate: vertical, two horizontals, about the vertical, tilt
        ("signals", np.float64, (SPAN, 5)),
    ],
    align=True,
)
