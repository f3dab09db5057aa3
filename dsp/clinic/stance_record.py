"""What watching somebody stand goes by, and what it must remember."""

import math

import numpy as np

from dsp.body import BODY_RATE_HZ

DT = 1.0 / BODY_RATE_HZ
# A foot that is put down: the trunk moves over the ground, then is stopped from below. The speed is the integral of the
# horizontal acceleration, leaking in 0.5 s, eased over 0.12 s. Quiet standing before 58 walks (voisard_healthy): shock
# up to 0.05 m/s² and speed to 0.02 m/s in the median, 0.46 and 0.05 at the 95th percentile; first steps 1.2 m/s² and
# 0.1 m/s and more. The steps of a walk with MS at EDSS 6 reach 0.53 m/s² in 19 of 20 (voisard_clinical).
POSTURE_S, LEAK_S, EASED_S = 1.0, 0.5, 0.12
SHOCK_MPS2, OWN_SHOCKS = 0.5, 6.0  # the larger of a size and of so many times the stance's own root mean square
SPEED_MPS, OWN_SPEEDS = 0.08, 1.5
SHOCK_LATE_S = 0.02  # it is the mean of five rows
LED_ROWS = 50  # so long before the shock the speed counts
FOLLOWED_S = 0.35  # or it moves just after: a lean without a gyroscope can hide the push before
APART_S = 0.25  # two shocks closer than this are one foot's
OWN_S, OWN_LATE = 5.0, 100  # the stance's own sizes are a mean of the last seconds, a second late
OWN_LEAST_MPS, OWN_LEAST_MPS2 = 0.02, 0.02
# A blow that no movement of the body leads to is a cough or a knock on the case; for a moment nothing counts.
BLOW_MPS2, BLOW_LED_MPS, AGAIN_LED_MPS, BLOW_S = 1.5, 0.04, 0.15, 0.6
EXCURSION_OWN = 3.0  # times the own speed: one in ten thousand of Gaussian sway
EXCURSION_S = 0.8  # a step that belongs to an excursion has landed by then
LOUD_MPS = 0.3  # faster than the swaying of the least steady: somebody moves who does not stand
STILL_S = 0.5  # without a loud row: stands still
RECOVERY_S = 1.05  # an undisturbed window ends so long before a landing: a recovery step and the lean that led to it
RUN_S, RUN_STEPS = 2.0, 6  # so many steps in a row, so close, and somebody has walked off
WATCH_AFTER_S = 6.0  # a step out that turns out to be sitting down is known by then
# Quiet standing that nobody asked for: nothing of this may be passed.
CALM_MPS2, CALM_MPS, CALM_RMS_MPS2, CALM_S = 0.3, 0.1, 0.2, 2.0
# Sitting tips the pelvis: 13 to 30 degrees from walking in daphnet S02, who sat down unseen; standing in mobgap MS001
# is 8 degrees from walking.
POSTURE = math.cos(math.radians(12.0))

KEPT_ROWS = round(60.0 * BODY_RATE_HZ)  # longest hold; of a longer window the first minute
RING = 128
MOST_LANDINGS = 32

FREE, WAITING, HOLDING, REFUSED = range(4)  # phase; FREE: nobody asked
NOTHING, SHUT, WAKE, STILL = range(4)  # why the kernel stopped

SIGNALS = np.dtype(
    [
        ("started", np.int64),
        ("next_index", np.int64),
        ("time_s", np.float64),  # of the last row
        ("slow", np.float64, (3,)),  # posture: V and two horizontal axes fixed in the sensor
        ("velocity", np.float64, (2,)),
        ("eased", np.float64, (2,)),
        ("shocks", np.float64, (5,)),  # V's last rows
        ("speeds", np.float64, (RING,)),
        ("shock_past", np.float64, (RING,)),
        ("rows", np.int64),  # since the stream last began
        ("own_speed", np.float64),  # mean squares
        ("own_shock", np.float64),
        ("moving", np.float64),  # mean square of the horizontal acceleration
        ("up", np.float64, (3,)),  # slow vertical in the sensor's axes
        ("upright", np.float64, (3,)),  # the same when last known to stand; zeros: never
        ("high", np.int64),  # the shock is above its threshold
        ("blow_s", np.float64),  # when a blow was last felt
        ("maybe_s", np.float64),  # a shock that the body has not moved for yet
        ("landing_s", np.float64),  # last one
        ("loud_s", np.float64),
        ("hidden_s", np.float64),  # last row without a sample behind it
        ("phase", np.int64),
        ("standing", np.int64),  # 1 known, -1 known to sit, 0 not known
        ("busy_s", np.float64),  # until then another test is under way
        ("from_s", np.float64),  # WAITING: not before
        ("start_s", np.float64),
        ("until_s", np.float64),
        ("wake_s", np.float64),
        ("run", np.int64),  # steps in a row
        ("left", np.int64),  # walked off
        ("landings", np.int64),
        ("landings_s", np.float64, (MOST_LANDINGS,)),
        ("excursions", np.int64),
        ("pending_s", np.float64),  # an excursion that may yet be a step
        ("doubtful_s", np.float64),  # first one that lost samples may hide a step of
        ("open", np.int64),
        ("open_s", np.float64),  # time of the window's first row
        ("shut_s", np.float64),  # SHUT: the window ends before this
        ("kept", np.int64),
        ("length", np.int64),  # rows of the window, those not kept included
        ("acc", np.float64, (KEPT_ROWS, 3)),
        ("facing", np.float64, (3,)),  # forward in the sensor's axes, not of unit length
        ("least_sure", np.float64),
        ("hidden_rows", np.int64),
    ],
    align=True,
)
