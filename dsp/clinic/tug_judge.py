"""Whether what lies between a rise and a sitting down is a Timed Up and Go, and what speaks against its time."""

import math

from dsp.clinic.tug_measure import Tested, Turned
from dsp.clinic.verdict import Reason
from dsp.prompt import Prompt

# A pivot turn is 90 to 220 degrees (APDM [38]); the turns of geotec_tug are 150 to 210 at the line and 115 to 250
# before the chair, widest at the wrist, where the arm goes round with the hand reaching for the seat.
TURN_RAD = (math.radians(110.0), math.radians(260.0))
TURN_TO_SIT_RAD = (math.radians(90.0), math.radians(280.0))
STRAYS_RAD = math.radians(25.0)  # off three straight ways: 4 to 10 degrees at the pocket, 6 to 20 at the wrist
# Nobody asked for the test: it must look like one in every way. Both ways have the same length.
WAYS_RATIO = 2.5
LEAST_WAY_S = 1.0
LONGEST_S = 120.0  # dependent people need 30 s and more (clinical reference §2.1)
LEAST_STEPS = 6
BACK_RAD = math.radians(75.0)  # the seat's direction after the test against that before, at most
# From 10 to 87 % of the way a pivot takes about half of its time, 1 s in the healthy, 2 s where a half turn takes 4
# (clinical reference, simulator §4): 0.7 to 2.0 s in geotec_tug; who walks up and down curves round in 2.4 to 4.6 s.
PIVOT_S = 2.2
EARLY_S = 0.2  # before the cue: nobody hears it so soon; a movement that early began without it
STOOD_S = 3.0  # between rising and the first step: who waits longer may have sat down and risen again unseen
LATE_S = 5.0  # after the cue: who starts so late did not hear it, or was not ready


def turn_reasons(tested: Tested, strays_rad: float = STRAYS_RAD) -> list[Reason]:
    """What the two turns say against the test."""
    if tested.turns is None:
        return [Reason("invalid", "The turns were not found.")]
    reasons = []
    first, second = tested.turns
    if not TURN_RAD[0] <= abs(first.angle_rad) <= TURN_RAD[1]:
        reasons.append(Reason("invalid", f"No half turn at the line was found, but one of {_degrees(first)} degrees."))
    if not TURN_TO_SIT_RAD[0] <= abs(second.angle_rad) <= TURN_TO_SIT_RAD[1]:
        reasons.append(
            Reason("invalid", f"No half turn before the seat was found, but one of {_degrees(second)} degrees.")
        )
    if tested.strays_rad > strays_rad:
        reasons.append(Reason("invalid", "The way was not out, back and nothing else: there were more turns."))
    return reasons


def cue_reasons(tested: Tested, prompt: Prompt, attempts: int) -> list[Reason]:
    """What the start says against a test that an operator set up."""
    reasons = []
    if prompt.cue_s is not None:
        late_s = tested.rise.start_s - prompt.cue_s
        if late_s < -EARLY_S:
            reasons.append(Reason("invalid", f"The movement began {-late_s:.1f} s before the cue."))
        elif late_s > LATE_S:
            reasons.append(Reason("attention", f"The movement began only {late_s:.1f} s after the cue."))
    if attempts:
        reasons.append(Reason("attention", "It took more than one attempt to rise."))
    return reasons


def waiting_reasons(tested: Tested) -> list[Reason]:
    """What a long stand between rising and walking says against the test's beginning."""
    steps_s = tested.step_times_s[tested.step_times_s > tested.rise.end_s]
    waited_s = float(steps_s[0]) - tested.rise.end_s if steps_s.size else 0.0
    if waited_s <= STOOD_S:
        return []
    return [
        Reason("attention", f"{waited_s:.0f} s passed between rising and the first step: it may have been two tries.")
    ]


def looks_like_one(tested: Tested, least_steps: int = LEAST_STEPS) -> bool:
    """Whether a test whose turns are right, but that nobody asked for, was one: out and back over one way.

    least_steps: 0 where the sensor feels slow steps too weakly to count on.
    """
    if tested.turns is None:
        return False
    first, second = tested.turns
    out_s, back_s = first.start_s - tested.rise.end_s, second.start_s - first.end_s
    round_rad = math.remainder(first.angle_rad + second.angle_rad, 2.0 * math.pi)
    return (
        min(out_s, back_s) >= LEAST_WAY_S
        and max(out_s, back_s) <= WAYS_RATIO * min(out_s, back_s)
        and tested.sit.end_s - tested.rise.start_s <= LONGEST_S
        and tested.step_times_s.size >= least_steps
        and abs(round_rad) <= BACK_RAD
    )


def turns_on_the_spot(tested: Tested) -> bool:
    """Whether both turns are as quick as a pivot: a hand that is lifted after walking round in a curve is no test."""
    return tested.turns is not None and all(turn.end_s - turn.start_s <= PIVOT_S for turn in tested.turns)


def _degrees(turn: Turned) -> int:
    return round(abs(math.degrees(turn.angle_rad)))
