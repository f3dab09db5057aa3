"""What a freezing leg is told from a walking one by, and what finding a freeze must remember."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ

EVERY = 4  # rows per tick: the rhythm is looked at 25 times a second
TICKS_PER_LOOK = 2
LOOK_S = EVERY * TICKS_PER_LOOK / BODY_RATE_HZ


def looks(seconds: float) -> int:
    """Whole looks of a duration."""
    return round(seconds / LOOK_S)


# Freeze index: power of trembling over power of stepping (Moore 2008), here of all three axes of the acceleration
# together, so that it needs no knowledge of how the sensor is mounted. 3 s instead of Baechlin's (2009) 4 s and Moore's
# 6 s: half of it is how late an edge is seen, and on daphnet S02 it tells as well (area under the curve for
# 1, 2, 3, 4 s: 0.92, 0.94, 0.95, 0.95).
STEPPING_HZ = (0.5, 3.0)
TREMBLING_HZ = (3.0, 8.0)
WINDOW = looks(3.0)
FILTER_DELAY_S = 0.1  # of the band-passes, about their middles

# Rhythm: how much 2 s resemble a neighbouring stride, at the lag where they do most (the autocorrelation of
# Moe-Nilssen 2004, of all axes together). It finds the freezes that hardly tremble: a leg that stands while it should
# swing. Over 1, 1.5, 2 s of angular rate the area under the curve is 0.88, 0.93, 0.94 (stanford_fog pt6).
RHYTHM_TICKS = 50
LAGS = (20, 50)  # ticks, 0.8 to 2 s: strides of 60 to 150 steps a minute
KEPT_TICKS = 128
RHYTHM_LAG = WINDOW // 2 - RHYTHM_TICKS // (2 * TICKS_PER_LOOK)  # looks from its middle to the index's
# A stride that is like the one after it has its rhythm too: the first one after a freeze has only that one. Waiting for
# it finds 0.05 to 0.15 more of pt6's frozen time at the same specificity of 0.9.
AHEAD = LAGS[1] // TICKS_PER_LOOK
LOOK_AHEAD_S = (0.5 * WINDOW + AHEAD) * LOOK_S + FILTER_DELAY_S

# The wearer's own walking is followed as quantiles in small steps, which a few freezes do not move; in larger ones at
# first, so that little rests on what it begins from: 0.45 or 1.1 instead of 0.7 change no figure of pt6, whose
# recordings last a minute, by more than 0.02. What is held for a freeze says less of how somebody walks.
STEP = 0.003  # per look
FIRST_STEP, FIRST_LOOKS = 1.0, 20.0  # the step after n looks is not less than FIRST_STEP / (FIRST_LOOKS + n)
FROZEN_SHARE = 0.5
OWN_INDEX, OWN_INDEX_SPAN = math.log(0.7), math.log(2.0)  # before anything is known, and how far it may go from there
OWN_STEADY, STEADY_STEP = 0.85, 0.6  # followed in steps this much smaller ...
LEAST_STEADY = 0.5  # ... through what has any rhythm
INDEX_QUANTILE, STEADY_QUANTILE, POWER_QUANTILE = 0.4, 0.5, 0.5
# Standing is no freeze (the power gate of Baechlin 2009): less than this share of the own walking's power, or less in
# (m/s2)^2 than a leg that is put from one foot to the other.
GATE, LEAST_POWER = 0.1, 1.0
OWN_POWER = math.log(10.0)

# Chosen on daphnet S02, S06 and stanford_fog pt6 (server/bench/freezes.py draws the trade-off): the same threshold with
# and without a gyroscope, where sensitivity and specificity are about the same for each of them.
ENTER = 0.45  # log of the freeze index over the own one, with what the lost rhythm adds: alone, 1.6 times the own
LEAVE = 0.1  # below that by so much: over
WEIGHT = np.array([1.0, 2.5])  # of the lost rhythm: without and with a gyroscope, which feels each swing as such
STEADY = 0.6  # so much like the stride before: walks
RECENT = looks(10.0)  # a freeze interrupts walking that was there so lately
BRIDGE = looks(1.0)
LEAST = looks(1.25)  # more than a stride: a third of what was false was shorter, none of what was true (pt6)
RESUME = looks(5.0)  # who halts and does not walk on by then has simply stopped
LONGEST = looks(120.0)  # trembling that lasts longer is a tremor or a vehicle until somebody walks

FREE, FROZEN, OVER = range(3)
START, END, EMITTED, INDEX, OWN, FORM = range(6)
WRITTEN_COLUMNS = 6
TREMBLING, HALTING = range(2)

FREEZE_STATE = np.dtype(
    [
        ("next_index", np.int64),  # grid index that follows without a break
        ("rows", np.int64),  # of the tick being filled
        ("ticks", np.int64),  # since the stream last began
        ("looks", np.int64),
        ("base", np.float64, (3,)),  # first acceleration: what the filters start from
        ("filters", np.float64, (4, 3, 2)),
        ("powers", np.float64, (2,)),  # of the look being filled
        ("sums", np.float64, (6,)),  # of the tick being filled: stepping acceleration, angular rate
        ("has_gyro", np.int64),
        ("rhythm", np.float64, (KEPT_TICKS, 3)),
        ("low", np.float64, (WINDOW + AHEAD,)),
        ("high", np.float64, (WINDOW + AHEAD,)),
        ("steady", np.float64, (RHYTHM_LAG + AHEAD + 1,)),
        ("known", np.int64),
        ("moved", np.int64),  # looks learned from
        ("own_index", np.float64),
        ("own_power", np.float64),
        ("own_steady", np.float64),
        ("walked", np.int64),  # looks since somebody walked
        ("phase", np.int64),
        ("start_s", np.float64),
        ("end_s", np.float64),
        ("length", np.int64),  # looks
        ("trembled", np.int64),
        ("waited", np.int64),
        ("resumed", np.int64),
        ("froze_low", np.float64),
        ("froze_high", np.float64),
        ("seen_s", np.float64),
    ],
    align=True,
)
