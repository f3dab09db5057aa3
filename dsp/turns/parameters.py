"""What a turn is, and what finding turns must remember."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats

EVERY = 4  # rows per tick
TICK_HZ = BODY_RATE_HZ / EVERY
TICK_S = 1.0 / TICK_HZ

# What a turn is: starts and ends at 5 degrees per second of the low-passed rate, passes 15 at its peak, 45 degrees or
# more in 0.5 to 10 s (El-Gohary 2014 as mobgap has it; clinical reference §2.1 and §3.2; Pham 2017 for the durations).
LOW_RADPS = math.radians(5.0)
HIGH_RADPS = math.radians(15.0)
LEAST_RAD = math.radians(45.0)
SHORTEST_S = 0.5
LONGEST_TICKS = round(10.0 * TICK_HZ)
# The low-pass for starts and ends is a Hann window over most of a stride: 0.8 to 1.2 s score alike on the development
# recordings, shorter ones let a foot's swing through, longer ones join the two turns of a quick up-and-go.
WINDOW = 25
HALF = WINDOW // 2
EASED = 15  # ticks of the Hann window for the peak rate: halves 1.7 Hz (El-Gohary's own 1.5 Hz)
EASED_HALF = EASED // 2
PART_RAD = math.radians(15.0)  # what turns less is a stride's swing: 4 to 8 degrees at the trunk, up to 12 at the foot
MERGE_S = 1.0  # hesitations of patients last 0.2 to 1 s (Shah 2021, simulator reference §4)
LEG_MERGE_S = 1.4  # a foot turns in steps and stands between them for two thirds of a slow stride
WHOLE_RAD = math.radians(120.0)  # two such parts are two turns, whatever the pause: a half turn has room for one
EDGE = 0.15  # of the low-passed peak: leaves out what the low-pass widened, 0.1 s off the marks in voisard_healthy
# The angle is the heading's mean over a usual stride after the turn less the one before it: where the rate is low, the
# stride's swing is at its extreme, and the plain integral comes out 5 degrees too large in the healthy.
STRIDE_TICKS = round(1.1 * TICK_HZ)
BRIDGE_TICKS = round(1.0 * TICK_HZ)  # a longer hole in the rates begins everything again
GUESS_TICKS = round(0.25 * TICK_HZ)  # a turn with a hole longer than this has no angle and no peak
# Rest, where alone the gyroscope's offset shows: all steady for a second, turning no faster than a gyroscope is off.
CALM_RADPS = math.radians(2.0)
CALM_MPS2 = 0.3
MOST_BIAS_RADPS = math.radians(4.0)  # over 45 degrees would take longer than LONGEST
CALM_TICKS = round(1.0 * TICK_HZ)
BIAS_TICKS = round(30.0 * TICK_HZ)
SAME_POSTURE = math.cos(math.radians(30.0))  # an offset belongs to the case: in another posture it is not this one

PAST = 512  # ticks kept: a power of two, above LONGEST_TICKS and everything around it
MOST_PER_TICK = BRIDGE_TICKS + 2

START, END, ANGLE, PEAK, HESITATIONS, EMITTED = range(6)
EMITTED_COLUMNS = 6

SPAN = np.dtype(
    [
        ("sign", np.int64),  # 1 to the left, -1 to the right, 0 none
        ("start", np.int64),
        ("end", np.int64),
        ("parts", np.int64),
        ("area_rad", np.float64),
        ("peak_radps", np.float64),
    ],
    align=True,
)
TURN_PARAMETERS = np.dtype(
    [
        ("most_across", np.float64),  # squared horizontal rate a turn may have, relative to its squared vertical rate
        ("merge_ticks", np.int64),
    ],
    align=True,
)
TURN_STATE = np.dtype(
    [
        ("tick", np.int64),  # being filled: grid index / EVERY
        ("rows", np.int64),
        ("sums", np.float64, (5,)),  # rate about V, ML, AP, length of the acceleration, squared horizontal rate
        ("up", np.float64, (3,)),
        ("last_tick", np.int64),  # last one measured
        ("ticks", np.int64),  # since the stream last began; rings hold them modulo PAST
        ("rate", np.float64, (PAST,)),  # of each tick, rad/s, offset taken off
        ("slow", np.float64, (PAST,)),  # the same, low-passed
        ("across", np.float64, (PAST,)),  # squared horizontal rate
        ("guessed", np.int64, (PAST,)),  # 1 in the middle of a long hole
        ("part", SPAN),  # going on
        ("turn", SPAN),  # waiting for what follows
        ("turn_after", np.int64),  # where the significant part before `turn` ended
        ("free_from", np.int64),  # where the last significant part ended
        ("steady", np.float64, (4,)),  # one second's mean of rates and length
        ("calm", np.int64),
        ("rest_ticks", np.float64),
        ("bias_radps", np.float64),
        ("bias_up", np.float64, (3,)),
    ],
    align=True,
)


def hann(ticks: int) -> Floats:
    """Weights of a Hann window without its zeros, sum 1."""
    weights: Floats = np.hanning(ticks + 2)[1:-1]
    weights /= weights.sum()
    return weights


SLOW_WEIGHTS = hann(WINDOW)
EASED_WEIGHTS = hann(EASED)
