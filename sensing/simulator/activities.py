"""What a simulated person is told to do: the vocabulary of a script."""

from dataclasses import dataclass
from typing import Literal

from sensing.simulator.everyday import Drive, Jump, Lie, LieDown, RollOver, SitUp, Stairs

Direction = Literal["forward", "backward", "left", "right"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Part of a walk: turn by an angle (positive to the left), in equal parts with a hesitation between them."""

    angle_deg: float = 180.0
    duration_s: float = 2.0  # of the turning, without the hesitations
    hesitations: int = 0
    hesitation_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Pause:
    """Part of a walk: stop, stand, walk on."""

    duration_s: float = 2.0


@dataclass(frozen=True, slots=True)
class Stumble:
    """Part of a walk: the next step is disturbed. severity 0…1 scales everything."""

    severity: float = 0.6
    kind: Literal["trip", "slip"] = "trip"


CoursePart = float | Turn | Pause | Stumble


@dataclass(frozen=True, slots=True)
class Walk:
    """Walk a course: metres straight ahead, turns, pauses and stumbles in order.

    None takes the person's habit. fatigue is DWI6-1 as a fraction: the speed changes by it over 300 s (Leone 2016).
    interrupted: the walk does not end in a stop (the next thing is a fall).
    """

    course: tuple[CoursePart, ...] = (10.0,)
    speed_mps: float | None = None
    cadence_spm: float | None = None
    asymmetry: float | None = None
    stride_time_cv: float | None = None
    fatigue: float = 0.0
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Stand:
    """Stand quietly with feet together. sway scales the person's own."""

    duration_s: float = 5.0
    sway: float = 1.0
    test: bool = False  # a stance test: reported in the truth as one


@dataclass(frozen=True, slots=True)
class TandemStance:
    """Heel-to-toe standing with small corrections; at each loss of balance (seconds from the start) a step out.

    RMS per axis: simulator.md §6 (order of magnitude). ends: the last loss of balance ends the stance. upset scales
    what a loss does to the trunk, the foot comes down step_out_s after it.
    """

    duration_s: float = 30.0
    condition: str = "tandem_left"
    ml_mps2: float = 0.11
    ap_mps2: float = 0.08
    corrections_per_s: float = 0.25
    loss_of_balance_s: tuple[float, ...] = ()
    ends: bool = True
    upset: float = 1.0
    step_out_s: float = 0.32
    excursions_s: tuple[float, ...] = ()  # a long lean that is caught without a step
    cue_after_s: float | None = None  # when the operator's clock starts


@dataclass(frozen=True, slots=True)
class Sit:
    """Sit quietly."""

    duration_s: float = 5.0


@dataclass(frozen=True, slots=True)
class SitToStand:
    """Rise from a chair (simulator.md §3)."""

    duration_s: float = 2.0
    rise_m: float = 0.38
    flexion_deg: float = 35.0


@dataclass(frozen=True, slots=True)
class RiseAttempt:
    """A rise that fails: up by a share of the way and back onto the seat."""

    duration_s: float = 1.9
    rise_m: float = 0.38  # of a whole rise
    share: float = 0.5
    flexion_deg: float = 35.0
    impact_g: float = 1.4


@dataclass(frozen=True, slots=True)
class FalseStart:
    """Leaning forward as if to rise, and back: nothing leaves the seat."""

    duration_s: float = 1.5
    flexion_deg: float = 18.0


@dataclass(frozen=True, slots=True)
class StandToSit:
    """Sit down; impact_g is the peak norm as the seat is met (1 = none)."""

    duration_s: float = 2.2
    drop_m: float = 0.38
    flexion_deg: float = 35.0
    impact_g: float = 1.5


@dataclass(frozen=True, slots=True)
class Tug:
    """A whole Timed Up and Go from quiet sitting to quiet sitting; the cue comes `quiet_s` after the start.

    failed_rises come between the cue and the rise that succeeds; stop_s is spent standing half-way on the way back.
    """

    distance_m: float = 3.0
    quiet_s: float = 3.0
    reaction_s: float = 0.4
    speed_mps: float | None = None
    turn_s: float = 1.9
    turn_to_sit_s: float = 1.7
    rise_s: float = 1.7
    sit_s: float = 1.9
    turn_left: bool = True
    rest_s: float = 3.0
    rise_m: float = 0.38
    flexion_deg: float = 35.0
    impact_g: float = 1.5
    hesitations: int = 0  # in each of the two turns
    hesitation_s: float = 0.5
    failed_rises: int = 0
    stop_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Cue:
    """Somebody says "go": takes no time and moves nobody, the truth knows when."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Part of a walk test: at_s after the cue one stops for duration_s, on a chair perhaps; aside: with the back to
    the wall where the chair stands, so with a quarter turn before and after."""

    at_s: float
    duration_s: float = 20.0
    seated: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Corridor:
    """A walk test: from standing at the first cone, up and down a corridor until the clock says stop.

    The cue comes ready_s after the start, the first motion reaction_s later. fatigue as in Walk, by the test's clock.
    Every hesitant_every-th turn hesitates as `hesitating` says (0: none). After the stop one walks on for walks_on_s.
    """

    protocol: Literal["6mwt", "2mwt"] = "6mwt"
    length_m: float = 30.0
    limit_s: float = 360.0
    ready_s: float = 5.0
    reaction_s: float = 0.5
    speed_mps: float | None = None
    fatigue: float = 0.0
    turn: Turn = Turn(180.0, 2.0)
    hesitating: Turn = Turn(180.0, 3.2, 1, 0.6)
    hesitant_every: int = 0
    rests: tuple[Rest, ...] = ()
    walks_on_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Fall:
    """A fall from standing or walking, from imbalance to rest, and perhaps getting up (simulator.md §5).

    impact_mps is the pelvis' speed at the impact (2.14 ± 0.63, Choi 2015; soft falls 0.8–1.4). contact_s is how long
    the impact takes. get_up_s: None keeps lying for lying_s to the end of the activity.
    """

    direction: Direction = "forward"
    impact_mps: float = 2.14
    imbalance_s: float = 0.69
    descent_s: float = 0.58
    contact_s: float = 0.06
    rebounds: int = 2
    rotation_deg: float = 85.0
    lying_s: float = 20.0
    get_up_s: float | None = None


@dataclass(frozen=True, slots=True)
class Tap:
    """Somebody taps on the sensor, standing or sitting (hard negative)."""

    peak_mps2: float = 15.0
    count: int = 2


@dataclass(frozen=True, slots=True)
class Bend:
    """Bend down to the floor and come up again (hard negative)."""

    duration_s: float = 4.0
    flexion_deg: float = 65.0


@dataclass(frozen=True, slots=True)
class Work:
    """Stand and work with the arms: the wrist moves a lot, the trunk a little (hard negative)."""

    duration_s: float = 15.0
    trunk_mps2: float = 0.25


@dataclass(frozen=True, slots=True)
class BeltSlip:
    """The belt slips: the sensor turns on the body at once and stays so (hard negative)."""

    angle_deg: float = 15.0
    duration_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Cough:
    """A cough or two (hard negative)."""

    count: int = 2
    peak_mps2: float = 3.0


Activity = (
    Walk
    | Turn
    | Stand
    | TandemStance
    | Sit
    | SitToStand
    | RiseAttempt
    | FalseStart
    | StandToSit
    | Tug
    | Corridor
    | Cue
    | Fall
    | Tap
    | Bend
    | Work
    | BeltSlip
    | Cough
    | Jump
    | LieDown
    | Lie
    | RollOver
    | SitUp
    | Stairs
    | Drive
)
Script = tuple[Activity, ...] | list[Activity]


def back_and_forth(length_m: float, lengths: int, turn: Turn | None = None) -> tuple[CoursePart, ...]:
    """A course of `lengths` straights with a half turn between each two, to the left and right by turns."""
    around = turn or Turn()
    parts: list[CoursePart] = []
    for number in range(lengths):
        if number:
            side = 1.0 if number % 2 else -1.0
            parts.append(Turn(side * around.angle_deg, around.duration_s, around.hesitations, around.hesitation_s))
        parts.append(length_m)
    return tuple(parts)
