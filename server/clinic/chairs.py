"""The tests with a chair: Timed Up and Go, and the two chair stands."""

from server.clinic.protocol import Choice, Instructions, Protocol, Variant, aloud, silent
from server.clinic.wording import AFTER, AFTER_EFFORT, ARMS_USED, CHAIR, CHAIR_HEIGHT, COMMON, STOP_RULES, WALKING

LONGEST_S = 180.0  # dependent people need more than 30 s for a TUG (clinical reference §2.1); six times that
HALF_MINUTE_S = 30.0

TUG_WORDS: Instructions = {
    **COMMON,
    "sit": aloud(
        "Sit on the chair with your back against it. When I say go, stand up, walk at your usual pace to the line, "
        "turn round, walk back and sit down again."
    ),
    "going": silent("Stand up, walk to the line, turn round, walk back and sit down."),
    "stop": aloud("The test is over. Sit, or sit down."),
}
STANDS: Instructions = {
    **COMMON,
    "sit": aloud(
        "Sit in the middle of the chair, with your feet flat on the floor and your arms crossed on your chest. When I "
        "say go, stand up fully and sit down again, as often as you can in thirty seconds."
    ),
    "going": silent("Stand up fully, sit down again, and so on."),
    "stop": aloud("Stop. You may sit down."),
}
FIVE: Instructions = {
    **COMMON,
    "sit": aloud(
        "Sit in the middle of the chair, with your feet flat on the floor and your arms crossed on your chest. When I "
        "say go, stand up fully and sit down again, five times, as quickly as you safely can."
    ),
    "going": silent("Stand up fully and sit down again, five times."),
    "stop": aloud("The test is over. You may sit."),
}
END = Variant(
    "variant",
    "The clock stops",
    "choice",
    (Choice("standard", "when you sit after the fifth stand"), Choice("sppb", "at the fifth stand (SPPB)")),
)

TUG = Protocol(
    id="tug",
    name="Timed Up and Go (TUG)",
    plain_name="Stand up, walk and sit down",
    about="How long you need to stand up, walk three metres, turn, come back and sit down.",
    event="tug",
    positions=("lower_back", "waist", "pocket", "wrist"),
    start="sit",
    limit_s=LONGEST_S,
    timed=False,
    instructions=TUG_WORDS,
    stop_rules=STOP_RULES,
    after=AFTER,
    needs_course=True,
    course_choices_m=(3.0, 7.0),
    variants=(CHAIR_HEIGHT, ARMS_USED, *WALKING),
)
CHAIR_STAND_30_S = Protocol(
    id="chair_stand_30s",
    name="30-second chair stand",
    plain_name="Stand up as often as you can",
    about="How often you stand up from a chair in thirty seconds.",
    event="chair_stand",
    positions=("lower_back", "waist", "chest"),
    start="sit",
    limit_s=HALF_MINUTE_S,
    timed=True,
    instructions=STANDS,
    stop_rules=STOP_RULES,
    after=AFTER_EFFORT,
    variants=CHAIR,
)
CHAIR_STAND_5_TIMES = Protocol(
    id="chair_stand_5x",
    name="Five times sit-to-stand (5xSTS)",
    plain_name="Stand up five times",
    about="How long you need to stand up from a chair five times.",
    event="chair_stand",
    positions=("lower_back", "waist", "chest"),
    start="sit",
    limit_s=LONGEST_S,
    timed=False,
    instructions=FIVE,
    stop_rules=STOP_RULES,
    after=AFTER_EFFORT,
    variants=(END, *CHAIR),
)
CHAIRS = (TUG, CHAIR_STAND_30_S, CHAIR_STAND_5_TIMES)
