"""What is looked at around an impact, and what finding a fall must remember."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ
from sensing.block import Position

EVERY = 4  # rows per tick
TICK_HZ = BODY_RATE_HZ / EVERY
PAST = 256  # ticks kept, 10 s: a power of two


def ticks(seconds: float) -> int:
    """Whole ticks of a duration."""
    return round(seconds * TICK_HZ)


# A candidate is the highest tick of its surroundings; whether it was a fall is judged once what follows has been seen.
LEAST_MPS2 = 10.6  # lower than walking's and a slow sitting down's: it only keeps rest out
ALONE = ticks(1.0)  # no higher one this near: a body strikes the ground once, rebounds come within 0.5 s
AFTER = ticks(2.72)  # what is seen of the time after it: with the slowest sensor's 0.08 s inside the contract's 3 s
EARLIEST = ticks(1.7)  # half a second of the posture before must be known: else it may be a sensor being put on
BRIDGE = ticks(2.0)  # a hole this long is filled with what follows it: a posture lasts, a body may shadow the radio
SAME_FALL = ticks(10.0)  # who has fallen falls no second time before this: getting up and turning over are no falls

# Stretches around the impact, ticks from it (the multiphase model of clinical reference §4: before, falling, impact,
# adjustment, rest). In filmed falls 1.27 +- 0.65 s pass from losing balance to the pelvis' impact (Choi 2015).
BEFORE = (-ticks(3.0), -ticks(1.2))  # the posture before losing balance
LONG_BEFORE = -ticks(4.0)
SETTLED = (ticks(1.2), AFTER)  # the posture it has come to
LATE = (ticks(2.0), AFTER)
SHOCK = ticks(0.5)  # half of what its strength is summed over
NEAR, AGAIN = ticks(0.2), ticks(1.0)  # knees before the trunk, a rebound after it
PEAK = ticks(0.28)  # half of where its peak is looked for
LIGHT_FROM = ticks(1.5)  # before the impact: descents take 0.58 +- 0.26 s (Choi 2015)
VIOLENT = (-ticks(1.5), ticks(2.0))
TURNING = (-ticks(1.2), ticks(0.6))
TURN_LAG, TURN_HALF = ticks(0.48), ticks(0.14)

SIGNS = (
    "peak",  # log of the highest mean norm over 0.12 s, in g
    "calm_before",  # log of the highest tick 4 to 1 s before, as a share of the peak: a rhythm has others as high
    "calm_after",  # the same 1.2 s after and later
    "settling",  # log of how much it moves afterwards against the shock's strength
    "turned",  # rad from the posture before to the one after
    "turned_late",  # ... to the one 2 s after and later
    "off_before",  # rad off the wearer's own upright posture, before
    "off_after",  # ... and after
    "turned_fast",  # rad, the largest change of posture within half a second
    "strength",  # log of the root mean square of the norm less gravity over a second, m/s2
    "knees",  # log of the highest tick 1 to 0.2 s before, as a share of the peak
    "rebound",  # the same 0.2 to 1 s after
    "drop",  # m/s: how light for how long before the impact
    "stirring",  # log of how much it moves afterwards, m/s2
    "violent",  # s in which the norm is 3 m/s2 and more off gravity
    "struck_from",  # rad between the posture before and the direction of the shock
)
N_SIGNS = len(SIGNS)

# The wearer's own upright posture: the mean direction while the norm scatters as it does in walking.
OWN_AT_ONCE = ticks(1.0)  # until somebody walks it is the first second's
OWN_LEARN = 10.0 * TICK_HZ
OWN_MOVING_MPS2 = (1.0, 8.0)
OWN_SMOOTH, OWN_SCATTER = 1.0 * TICK_HZ, 2.0 * TICK_HZ

# Classes of places that move alike.
TRUNK, THIGH, LEG, ARM = range(4)
PLACE: dict[Position, int] = {
    "lower_back": TRUNK,
    "waist": TRUNK,
    "chest": TRUNK,
    "head": TRUNK,
    "pocket": THIGH,
    "thigh": THIGH,
    "ankle_left": LEG,
    "ankle_right": LEG,
    "foot_left": LEG,
    "foot_right": LEG,
    "wrist": ARM,
    "hand": ARM,
}
# No more is claimed than this: of what was told at these places in cross-validation, so much were falls (server/bench/
# falls.py: sisfall, umafall, weda_fall). Of soft ones nobody has recordings.
SUREST = np.array([0.98, 0.95, 0.9, 0.85])
SUREST_SOFT = 0.7
SOFT_MPS2 = 2.0 * 9.80665  # soft falls may never exceed 2 g (clinical reference §4)

# A sensor that is dropped falls freely and then does not move at all; a body is never so light for so long (0.2 to
# 0.8 g, simulator reference §5), and breathes.
FREE_MPS2 = 0.3 * 9.80665
FREE = ticks(0.2)
DEAD_MPS2 = 0.06  # stirring: three axes' noise of a worn-out sensor

WATCHING, TOLD, TAKEN_BACK = range(3)
KIND, AT, EMITTED, IMPACT, SCORE, CONFIDENCE, LYING, TURNED, SOFT, PATH = range(10)  # of what the kernel writes
N_PHASES = 6
MEASURED = PATH + N_PHASES  # where the signs begin
WRITTEN_COLUMNS = MEASURED + N_SIGNS
MOST_PER_ROW = 2 * (BRIDGE + AFTER)

LYING_RAD = math.radians(45.0)  # off the own upright posture by more: lies (clinical reference §4)
UPRIGHT_RAD = math.radians(35.0)  # by less: is up
POSTURE = ticks(1.0)  # a posture is a mean over this
STAYS = ticks(1.0)  # ... that holds so long
MOVES_MPS2 = 0.15  # stirring of somebody who moves
RHYTHM = ticks(3.0)  # two strides of a slow walker
RHYTHM_EVERY = ticks(0.24)
RHYTHM_LAGS = (ticks(0.32), ticks(1.44))  # steps of 42 to 190 a minute
RHYTHM_LEAST, RHYTHM_MPS2 = 0.5, (0.6, 8.0)
RHYTHM_HOLDS = 5  # looks
WALKS_ON = ticks(5.0)  # who walks again so soon after the impact, and has not lain, has not fallen
LAY = ticks(2.0)

# Not worn: what a body does is slow (breath, sway), what a sensor does is white. The scatter of means over a second
# against that of ticks, as white noise would have it (1), over 10 s: on still trunks 4.7 and more (mobgap, malisa,
# voisard, umafall), 0.5 to 1.7 on sensors that were put on a table (daphnet's last minutes).
SECOND = ticks(1.0)
WINDOW = 10.0  # seconds
WHITE = 2.0
FINE_MPS2 = 0.0003  # scatter of ticks below which a sensor is too coarse to tell
OFF_MPS2 = 0.05  # scatter of seconds above which it moves, off the body or on it
WORN_MPS2 = 0.3  # from one second to the next: it is being moved
OFF_SECONDS = np.array([60.0, 600.0, 600.0, 600.0])  # by place: a breath does not reach a leg or an arm
PUTTING_ON_S = 10.0  # so long after a sensor was off the body it is being put on: no falls
UNKNOWN, WORN, NOT_WORN = range(3)

FALL_STATE = np.dtype(
    [
        ("tick", np.int64),  # being filled: grid index / EVERY
        ("rows", np.int64),
        ("sums", np.float64, (4,)),
        ("top", np.float64),
        ("top_row", np.int64),
        ("last_tick", np.int64),
        ("seen_s", np.float64),
        ("ticks", np.int64),  # since the stream last began; rings hold them modulo PAST
        ("acc", np.float64, (PAST, 3)),
        ("norm", np.float64, (PAST,)),
        ("most", np.float64, (PAST,)),  # highest row of the tick
        ("most_row", np.int64, (PAST,)),
        ("own", np.float64, (PAST, 3)),
        ("smooth", np.float64, (3,)),
        ("level", np.float64),
        ("scatter", np.float64),
        ("known", np.int64),  # ticks that the first posture rests on
        ("upright", np.float64, (3,)),
        # the last fall told
        ("fallen", np.int64),  # aftermath phase
        ("fell_s", np.float64),
        ("since", np.int64),  # ticks since its impact
        ("home", np.float64, (3,)),
        ("sign", np.int64),
        ("holds", np.int64),
        ("lay", np.int64),  # ticks
        ("lying_s", np.float64),  # until got up
        ("got_up_s", np.float64),
        ("walks_s", np.float64),
        ("still", np.int64),
        ("rhythm", np.int64),
        # worn
        ("worn", np.int64),
        ("worn_s", np.float64),
        ("off_until_s", np.float64),  # 0: it was never off
        ("seconds", np.float64),  # of this window
        ("second", np.float64, (3,)),  # sum of ticks
        ("before", np.float64, (3,)),
        ("quick", np.float64),  # sums of squared differences of this window, between ticks ...
        ("slow", np.float64),  # ... and between seconds
        ("quiet", np.float64),
    ],
    align=True,
)
