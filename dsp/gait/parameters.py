"""What differs between the places a sensor is worn, and why each number is what it is."""

from dataclasses import astuple, dataclass, fields, replace

import numpy as np

from dsp.detector import State
from dsp.wearing import ONE_LEG, TRUNK, Wearing
from sensing.block import Position

LOWER_BACK_SHARE = 0.593  # of body height: mean of mobgap's two people, 0.606 and 0.580
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
    share: float = 0.15  # of the usual height, in a walk
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
    lock: float = 0.5  # the rhythm sets scale and due time
    walks: float = 0.45  # with contacts that agree with it, somebody walks
    surely_walks: float = 0.6  # without asking the contacts
    odd_pace: float = 0.0  # how much stronger for every factor e of the stride outside the usual
    least_vigour_m2ps4: float = 0.05
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

    # Clapping, typing, tools: jerk over motion. Walking and jogging 8 to 32 1/s, clapping 27 to 60 1/s.
    roughest_hz: float = 1e9
    rough_from_mps3: float = 80.0

    keep_s: float = 1.6  # a walk goes on at least this long without a contact ...
    keep_steps: float = 2.5  # ... or this many steps and keep_more_s
    keep_more_s: float = 0.4
    pause_s: float = 3.0  # longest pause inside a bout (Mobilise-D, clinical reference §3.2)
    silence_s: float = 4.6  # unconfirmed for so long is taken back (contract: within 5 s)
    latest_s: float = 0.75  # nothing is sent later than this after its contact (contract)

    # What is measured over a bout.
    trunk: float = 0.0  # 1: both steps of a stride show alike, so harmonic ratios mean something
    pendulum_m: float = 0.0  # height of the sensor at the lower back, 0 where not known


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
    trunk=1.0,
)
LOOSE_GAIT = GaitParameters()
ARM_GAIT = GaitParameters(
    signal=LENGTH,
    odd_pace=0.4,
    contacts=4.0,
    even_contacts=99.0,  # hands do even things without walking: there must be a rhythm
    roughest_hz=22.0,
)
LEG_GAIT = GaitParameters(
    signal=STILLNESS,
    contacts_per_stride=1.0,
    lag_s=-0.12,
    floor=0.2,
    first_floor=0.3,
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


def parameters_for(position: Position) -> GaitParameters:
    """The parameters of a place on the body."""
    if position in ONE_LEG:
        return LEG_GAIT
    if position in ("wrist", "hand"):
        return ARM_GAIT
    if position == "head":
        return replace(TRUNK_GAIT, tilt_even=9.0, tilt_uneven=0.2, tilt_silent=9.0)  # heads nod
    return TRUNK_GAIT if position in TRUNK else LOOSE_GAIT


RECORD = np.dtype([(f.name, np.int64 if f.name == "signal" else np.float64) for f in fields(GaitParameters)])


def record_of(wearing: Wearing) -> State:
    """The parameters as a record for the kernels, shape (1,)."""
    parameters = replace(parameters_for(wearing.position), pendulum_m=pendulum_m(wearing))
    return np.array([astuple(parameters)], dtype=RECORD)


def pendulum_m(wearing: Wearing) -> float:
    """Height of a lower-back sensor over the floor, 0 at other places and where neither height is known."""
    if wearing.position != "lower_back":
        return 0.0
    if wearing.sensor_height_m is not None:
        return wearing.sensor_height_m
    return LOWER_BACK_SHARE * wearing.height_m if wearing.height_m is not None else 0.0
