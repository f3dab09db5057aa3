"""The test of standing still: the four-stage balance test, Romberg, tandem and one leg."""

from server.clinic.protocol import Instructions, Protocol, Stance, Variant, aloud, silent
from server.clinic.wording import AFTER, COMMON, FOOTWEAR, MEDICATION, STOP_RULES

HOLD_S, STEADI_HOLD_S = 30.0, 10.0  # instrumented sway; STEADI's four stages (clinical reference §2.3)

STANCES = (
    Stance(
        "side_by_side",
        "Side by side, eyes open",
        "Feet side by side",
        "Stand with your feet side by side, touching each other.",
    ),
    Stance(
        "semi_tandem",
        "Semi-tandem",
        "One foot half in front",
        "Put the instep of one foot beside the big toe of the other.",
    ),
    Stance(
        "tandem_left",
        "Tandem, left foot in front",
        "Heel to toe, left foot in front",
        "Put your left foot in front of the other, heel to toe.",
    ),
    Stance(
        "tandem_right",
        "Tandem, right foot in front",
        "Heel to toe, right foot in front",
        "Put your right foot in front of the other, heel to toe.",
    ),
    Stance("single_left", "Single leg, left", "On the left leg", "Stand on your left leg."),
    Stance("single_right", "Single leg, right", "On the right leg", "Stand on your right leg."),
    Stance(
        "eyes_closed",
        "Side by side, eyes closed (Romberg)",
        "Feet side by side, eyes closed",
        "Stand with your feet side by side, touching each other. Close your eyes when I say go.",
    ),
)

WORDS: Instructions = {
    **COMMON,
    "stand": aloud("Stand near something that you can hold on to, and let your arms hang. Hold still from go to stop."),
    "going": silent("Hold still. Look straight ahead."),
    "stop": aloud("Stop. You may move."),
    "sit_down": aloud("Well done. You may sit down and rest."),
}

STANCE = Protocol(
    id="stance",
    name="Stance",
    plain_name="Stand still",
    about="How long you can stand in a narrow stance, and how much you sway.",
    event="stance",
    positions=("lower_back", "waist", "chest"),
    start="stand",
    limit_s=HOLD_S,
    timed=True,
    instructions=WORDS,
    stop_rules=STOP_RULES,
    after=AFTER,
    stances=STANCES,
    hold_choices_s=(HOLD_S, STEADI_HOLD_S),
    variants=(FOOTWEAR, MEDICATION, Variant("context", "Anything else worth knowing", "text")),
)
