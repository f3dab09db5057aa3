"""What differs between the places a sensor is worn, and why each number is what it is."""

from dataclasses import astuple, dataclass, fields, replace

import numpy as np

from dsp.detector import State
from dsp.gait.lengths import length_errors, length_factor, pendulum_m, walk_ratio_m_s
from dsp.gait.rhythm import DRIFT_S, GYRO_MPS2_PER_RADPS
from dsp.wearing import ONE_LEG, TRUNK, Wearing
from sensing.block import Position

VERTICAL, LENGTH, STILLNESS = range(3)  # the signal whose rises are contacts


@dataclass(frozen=True, slots=True)
class GaitParameters:
    """Heights of rises are slope times scale, in the signal's unit (m/s², or natural logarithm for STILLNESS).

    Unless a source is named, values were chosen on the development recordings of oxford_steps, voisard, mobgap,
    umafall, sisfall and weda_fall. A fifth more or less of any of them changes the F1 at 0.25 s of the 58 healthy walks
    (voisard, lower back) by 0.006 at most, of the walk with MS by 0.02; of the few uneven steps in mobgap's daily
    activities by up to 0.06: tilt_silent, tilt_even and leaning_height decide there whether short bouts count at all.
    """

    signal: int = VERTICAL
    contacts_per_stride: float = 2.0
    lag_s: float = 0.07  # from the steepest rise to initial contact; see TRUNK_GAIT
    shock_share: float = 0.0  # how far the landing's shock moves the contact: 1 all the way, see dsp.gait.shock

    # How high a rise must be.
    floor: float = 0.06  # in a walk
    first_floor: float = 0.12  # before one: a slow walker's first contact makes 0.14 (MS, EDSS 6)
    clear_share: float = 1.0  # of it is enough while the rhythm is clear
    share: float = 0.15  # of the usual height, in a walk
    usual_over: float = 7.0  # contacts whose median height is the usual one
    share_due: float = 0.06  # when a contact is due: the closing step of a healthy walk makes 0.08 to 0.45
    share_weakest: float = 0.3  # of the weakest of the last four while the rhythm is clear (limping)
    share_first: float = 0.22  # of the usual height: less, before the first step, was shifting of weight

    # When a contact is due, in steps since the last one.
    due_from: float = 0.85
    due_until: float = 1.4
    too_soon: float = 0.5  # two contacts cannot be closer ...
    shortest_gap_s: float = 0.25  # the same without a rhythm
    crowded: float = 0.65  # ... and this close only if they are ...
    alike: float = 0.5  # ... at least this alike in height
    replaces: float = 1.6  # a rise that comes too soon but is this much higher takes the other's place

    # Scale of the rises: about a fifth of the step.
    scale_per_step: float = 0.25
    scale_less_s: float = 0.03

    # Strength of the repetition.
    drift_s: float = DRIFT_S  # what is slower has no part in it
    gyro_weight: float = GYRO_MPS2_PER_RADPS
    lock: float = 0.5  # the rhythm sets scale and due time ...
    hold: float = 0.5  # ... and goes on doing so while it keeps its pace and this strength
    walks: float = 0.45  # with contacts that agree with it, somebody walks
    surely_walks: float = 0.6  # without asking the contacts
    odd_pace: float = 0.0  # how much stronger for every factor e of the stride outside the usual
    least_vigour_m2ps4: float = 0.05
    steady_for_s: float = 0.0  # so long it must have been that strong
    agree: float = 9.0  # largest departure of the last steps from the rhythm's, as a share of it
    reach_m: float = 1e9  # wider swings at the stride's pace are no arm's
    lift_m: float = 1e9  # up and down by more within two seconds is no walk, see dsp.gait.lifting
    least_bounce_m: float = 0.0  # smaller ones, by the contacts' heights and pace, are no trunk's
    pace_jump: float = 9.0  # natural logarithm: a step that much longer or shorter at once is the rhythm's mistake
    remember_s: float = 4.0  # a rhythm that was clear, through a turn
    remember_steps: float = 0.0  # the same for slow walkers, where that is longer

    # Contacts that make a walk, with the rhythm or without it: (number, largest departure from their median interval).
    contacts: float = 3.0
    even_contacts: float = 6.0
    even: float = 0.25
    uneven_contacts: float = 99.0
    uneven: float = 0.8
    uneven_height: float = 0.25
    leaning_height: float = 99.0  # so high, uneven ones may tilt as far as even ones
    strong_height: float = 99.0  # so high, as many even ones as a rhythm asks for do without it
    shortest_step_s: float = 0.35  # mean over a run; running
    longest_step_s: float = 1.3  # clinical reference §3.2: MS 0.39 to 1.91 s; slower ones need a rhythm

    # Tilt of the sensor against its own mean of the last 1.5 s (chord of the unit sphere): posture is changing.
    # On walks the trunk's tilt stays below 0.2 in 99 %, between chair, floor and bed half of the time above 0.5.
    tilt_even: float = 9.0
    tilt_uneven: float = 9.0
    tilt_silent: float = 9.0  # no first contact is sent above this

    # Jerk over motion. Walking and jogging 8 to 32 1/s, clapping 27 to 60 1/s; hands at a desk and on a steering wheel
    # 4 to 7 1/s, nothing in them being faster than the gesture. A sensor of 12.5 Hz leaves 7.5 to 11 1/s of walking.
    roughest_hz: float = 1e9
    rough_from_mps3: float = 80.0
    smoothest_hz: float = 0.0

    keep_s: float = 1.6  # a walk goes on at least this long without a contact ...
    keep_steps: float = 2.5  # ... or this many steps and keep_more_s
    keep_more_s: float = 0.4
    pause_s: float = 3.0  # longest pause inside a bout (Mobilise-D, clinical reference §3.2)
    silence_s: float = 4.6  # unconfirmed for so long is taken back (contract: within 5 s)
    latest_s: float = 0.75  # nothing is sent later than this after its contact (contract)

    # What is measured over a bout.
    sways: float = 0.0  # 1: the sway from foot to foot tells left from right
    trunk: float = 0.0  # 1: both steps of a stride show alike, so harmonic ratios mean something
    pendulum_m: float = 0.0  # height of the sensor at the lower back, 0 where not known
    walk_ratio_m_s: float = 0.0  # stride length times duration by the walk ratio, 0 where that is not the model
    length_factor: float = 1.0  # what calibration multiplies lengths by
    length_share: float = 0.0  # mean error of a length between people, as a share of it
    length_within_mps: float = 0.0  # of one stride's speed, at random
    slow_excess_mps: float = 0.0  # by how much a slow walk may come out too fast
    length_turning_mps: float = 0.0  # what is added where all of a walk is turning

    # A sensor on one leg: see dsp.gait.foot_stride.
    pivot_m: float = 0.0  # it sits this high over what stands while the leg stands
    final_lag_s: float = 0.0  # from the fastest forward turn of the leg to its final contact


# Initial contact is the instant a foot's switch or foot sensor gives (voisard: heel strike of foot sensors, checked by
# hand). The steepest rise comes before it at the trunk, after it at the foot. Median over the development recordings:
# voisard lower back 0.07 s (people -0.04 to +0.04 around it), mobgap 0.06 s, voisard feet -0.12 s. Not measured, taken
# over: waist, chest, head (from the lower back), ankles (from the feet). oxford_steps puts pockets and hands 0.10 s
# later than this, but by foot switches read at 11 Hz through a second phone: not corrected for.
TRUNK_GAIT = GaitParameters(
    shock_share=0.75,
    due_from=0.7,  # of two uneven legs, one steps at 0.8 of the mean
    shortest_gap_s=0.35,  # clinical reference §3.2: steps of MS from 0.39 s on
    lock=0.55,
    remember_steps=10.0,  # at 1.2 s a step a half turn takes six
    uneven_contacts=5.0,
    leaning_height=0.65,  # medians of five: 0.49 at most in sitting down, rising, bending; 0.75 shuffling round (MS)
    strong_height=0.8,  # medians of three even ones: 0.67 at most; 0.97 in a walk of three steps
    tilt_even=0.35,
    tilt_uneven=0.2,
    tilt_silent=0.25,
    pace_jump=0.3,
    lift_m=0.2,  # walks 0.04 to 0.07, at most 0.09 in 99 % (voisard, stanford_fog); rising and sitting 0.35 to 0.45
    trunk=1.0,
)
# Arms that clap or are raised shake the chest evenly, but lift it less than walking does: half of the vertical way of a
# walker's trunk is 13 mm at 0.7 m/s and more above (Orendurff et al. 2004), 7 to 15 mm of it pass the smoothing.
CHEST_GAIT = replace(
    TRUNK_GAIT,
    usual_over=15.0,
    steady_for_s=0.5,
    agree=0.7,
    least_bounce_m=0.0035,  # the gait of stanford_fog's patient passes up to 0.004
    uneven=0.5,
    leaning_height=99.0,  # clapping shakes a chest and tilts it: no contacts without a rhythm but upright ones
    strong_height=99.0,
    lift_m=1e9,  # a pouch at the neck swings, and a wrap that is turned over in mid-walk moves by more than a chair
    shock_share=0.0,  # of a neck pouch it is the pouch's own (oxford_steps: F1 at 0.10 s 0.960 without, 0.950 with)
    shortest_gap_s=0.25,  # claps come apart by more: the trunk's rule lets them pass for slow steps (umafall)
)
# A phone that is put away or taken out makes small rises: a quarter of what the last 15 steps made is asked for.
LOOSE_GAIT = GaitParameters(
    usual_over=15.0,
    share=0.25,
    pace_jump=0.3,
    steady_for_s=0.6,
)
# An arm swings, points and carries: only what is fast enough to come from steps is compared, and where it stays in
# step, less repetition is enough than at the trunk.
ARM_GAIT = GaitParameters(
    signal=LENGTH,
    drift_s=0.22,
    gyro_weight=0.6,  # a wrist turns more than a trunk
    hold=0.35,
    walks=0.35,
    odd_pace=0.4,
    least_vigour_m2ps4=0.25,  # walking 0.4 and more, in a car 0.1 to 0.3
    steady_for_s=0.6,
    agree=0.4,
    reach_m=0.45,  # walking up to 0.3, running at its own pace likewise; half of clapping and gestures more
    pace_jump=0.3,
    contacts=4.0,
    even_contacts=99.0,  # hands do even things without walking: there must be a rhythm
    roughest_hz=22.0,
    smoothest_hz=7.0,
)
LEG_GAIT = GaitParameters(
    signal=STILLNESS,
    contacts_per_stride=1.0,
    lag_s=-0.12,
    floor=0.15,  # running makes 0.2 to 0.4, walking 1 and more
    first_floor=0.3,
    clear_share=0.6,
    share=0.4,
    share_due=0.4,
    share_weakest=0.0,
    share_first=0.4,
    crowded=0.0,
    even_contacts=3.0,
    shortest_step_s=0.7,  # strides here
    longest_step_s=2.6,
    keep_s=2.5,
    keep_steps=1.25,
)
# Final contact. Foot: the pitch rate is at its fastest 33 ms before force leaves the toes (Mariani 2013, second-hand).
# No development recording has true final contacts, but with it each of voisard's ten healthy people has a stance of 60
# to 64 % of the stride and, both feet put together, 21 to 28 % of double support; without it 16 to 22 %, too little
# (Perry 1992: 62 %, 20 to 24 %). Shank: the fastest forward turn before the swing is the final contact itself
# (Salarian 2004); stanford_fog's one person has 57 to 63 % of stance by it.
FOOT_GAIT = replace(LEG_GAIT, final_lag_s=0.033)
# Straps are worn just above the ankle's bones, some 0.1 m over the joint. At mid-stance the shank turns forward at
# 0.2 to 0.8 rad/s (stanford_fog, umafall), so 0.05 m more or less make a walk 0.01 to 0.04 m/s faster or slower.
ANKLE_GAIT = replace(LEG_GAIT, pivot_m=0.1)


def parameters_for(position: Position) -> GaitParameters:
    """The parameters of a place on the body."""
    if position in ONE_LEG:
        return FOOT_GAIT if position.startswith("foot") else ANKLE_GAIT
    if position in ("wrist", "hand"):
        return ARM_GAIT
    if position == "chest":
        return CHEST_GAIT
    if position == "head":
        return replace(CHEST_GAIT, tilt_even=9.0, tilt_uneven=0.2, tilt_silent=9.0)  # heads nod
    if position == "lower_back":  # at the chest forward is rarely known, a waist's sensor may sit at one hip
        return replace(TRUNK_GAIT, sways=1.0)
    return TRUNK_GAIT if position in TRUNK else LOOSE_GAIT


RECORD = np.dtype([(f.name, np.int64 if f.name == "signal" else np.float64) for f in fields(GaitParameters)])


def as_record(parameters: GaitParameters) -> State:
    """The parameters as a record for the kernels, shape (1,)."""
    return np.array([astuple(parameters)], dtype=RECORD)


def record_of(wearing: Wearing) -> State:
    """What the kernels need to know of a wearing, shape (1,)."""
    errors = length_errors(wearing)
    parameters = replace(
        parameters_for(wearing.position),
        pendulum_m=pendulum_m(wearing),
        walk_ratio_m_s=walk_ratio_m_s(wearing),
        length_factor=length_factor(wearing),
        length_share=errors.share,
        length_within_mps=errors.within_mps,
        slow_excess_mps=errors.slow_excess_mps,
        length_turning_mps=errors.turning_mps,
    )
    return as_record(parameters)
