"""The walk tests: six and two minutes, ten metres, twenty-five feet."""

from sensing.block import Position
from server.clinic.protocol import Choice, Instructions, Protocol, Said, Variant, aloud, silent
from server.clinic.wording import AFTER_EFFORT, BEFORE_EFFORT, COMMON, EFFORT_RULES, STOP_RULES, WALKING

POSITIONS: tuple[Position, ...] = ("lower_back", "waist", "chest", "pocket")
CORRIDORS_M = (30.0, 25.0, 20.0, 15.0, 10.0)  # 30 m is ATS 2002; at home at least 10 m (clinical reference §2.2)
FEET_25_M = 7.62
SIX_MINUTES_S, TWO_MINUTES_S, LONGEST_SHORT_WALK_S = 360.0, 120.0, 180.0

# ERS/ATS 2014, table 5 (instruction); ATS 2002 (encouragement): these phrases each minute and nothing else.
SIX: Instructions = {
    **COMMON,
    "stand": aloud(
        "Stand at the start of your course. You will walk up and down it for six minutes, as far as you can. "
        "You may slow down, stop and rest as you need; walk on as soon as you are able. Do not run or jog."
    ),
    "go": Said("Go! Walk as far as you can.", "Go."),
    "going": silent("Walk up and down, as far as you can."),
    "minute_1": aloud("You are doing well. You have five minutes to go."),
    "minute_2": aloud("Keep up the good work. You have four minutes to go."),
    "minute_3": aloud("You are doing well. You are halfway."),
    "minute_4": aloud("Keep up the good work. You have only two minutes left."),
    "minute_5": aloud("You are doing well. You have only one minute to go."),
    "almost": aloud("In a moment I will tell you to stop. When I do, stop right where you are."),
    "rest": silent("You may rest. The clock runs on. Walk on as soon as you are able."),
    "stop": aloud("Stop. Stay where you are."),
    "sit_down": aloud("Well done. You may sit down and rest."),
}

TWO: Instructions = {
    **{key: SIX[key] for key in ("ready", "countdown", "go", "going", "almost", "rest", "stop", "sit_down")},
    **{key: SIX[key] for key in ("lost", "done")},
    "stand": aloud(
        "Stand at the start of your course. You will walk up and down it for two minutes, as far as you can. "
        "You may slow down, stop and rest as you need; walk on as soon as you are able. Do not run or jog."
    ),
    "minute_1": SIX["minute_5"],
}

TEN: Instructions = {
    **COMMON,
    "stand": aloud("Stand at the start. When I say go, walk at your usual pace past the end of the course."),
    "going": silent("Walk on, past the end of the course."),
    "sit_down": aloud("Well done. You may sit down and rest."),
}

FAST_TEN = aloud("Stand at the start. When I say go, walk as fast as you safely can, past the end of the course.")

T25: Instructions = {
    **COMMON,
    "stand": aloud(
        "Stand with your feet at the start line. When I say go, walk as quickly as you safely can, past the end line. "
        "Do not slow down before you have crossed it."
    ),
    "going": silent("As quickly as you safely can, past the end line."),
    "sit_down": aloud("Well done. You may sit down and rest."),
}

SCRIPT = Variant(
    "script",
    "What is asked for",
    "choice",
    (
        Choice("as_far_as_possible", "as far as possible (ATS)"),
        Choice(
            "as_fast_as_possible",
            "as fast as possible (Goldman 2008, for MS)",
            {
                "stand": aloud(
                    "Stand at the start of your course. You will walk up and down it for six minutes, as fast as you "
                    "safely can. You may stop and rest as you need; walk on as soon as you are able. Do not run or jog."
                ),
                "go": Said("Go! Walk as fast as you safely can.", "Go."),
                "going": silent("Walk up and down, as fast as you safely can."),
            },
        ),
    ),
)
PACE = Variant(
    "pace",
    "Pace",
    "choice",
    (Choice("comfortable", "comfortable"), Choice("fast", "as fast as safely possible", {"stand": FAST_TEN})),
)

RUN_IN = Variant(
    "variant",
    "Start",
    "choice",
    (
        Choice("standard", "from standing at the start line"),
        Choice(
            "run_in",
            "two metres before it, and on for two metres after",
            {
                "stand": aloud(
                    "Stand two metres before the start of the course. When I say go, walk on until two metres past its "
                    "end."
                )
            },
        ),
    ),
)

SIX_MINUTE_WALK = Protocol(
    id="6mwt",
    name="6-minute walk test (6MWT)",
    plain_name="Walk for six minutes",
    about="How far you walk in six minutes. With the length of your course, the distance is counted in lengths.",
    event="walk_test",
    positions=POSITIONS,
    start="stand",
    limit_s=SIX_MINUTES_S,
    timed=True,
    instructions=SIX,
    stop_rules=EFFORT_RULES,
    before=BEFORE_EFFORT,
    after=AFTER_EFFORT,
    course_choices_m=CORRIDORS_M,
    variants=(SCRIPT, *WALKING),
)
TWO_MINUTE_WALK = Protocol(
    id="2mwt",
    name="2-minute walk test (2MWT)",
    plain_name="Walk for two minutes",
    about="How far you walk in two minutes. With the length of your course, the distance is counted in lengths.",
    event="walk_test",
    positions=POSITIONS,
    start="stand",
    limit_s=TWO_MINUTES_S,
    timed=True,
    instructions=TWO,
    stop_rules=EFFORT_RULES,
    before=BEFORE_EFFORT,
    after=AFTER_EFFORT,
    course_choices_m=CORRIDORS_M,
    variants=WALKING,
)
TEN_METRE_WALK = Protocol(
    id="10mwt",
    name="10-metre walk test (10MWT)",
    plain_name="Walk ten metres",
    about="How fast you walk a short, measured distance.",
    event="walk_test",
    positions=POSITIONS,
    start="stand",
    limit_s=LONGEST_SHORT_WALK_S,
    timed=False,
    instructions=TEN,
    stop_rules=STOP_RULES,
    after=AFTER_EFFORT,
    needs_course=True,
    course_choices_m=(10.0, 6.0, 4.0),
    variants=(RUN_IN, PACE, *WALKING),
)
TIMED_25_FOOT_WALK = Protocol(
    id="t25fw",
    name="Timed 25-foot walk (T25FW)",
    plain_name="Walk 25 feet quickly",
    about="How long you need for 7.62 m, as quickly as you safely can.",
    event="walk_test",
    positions=POSITIONS,
    start="stand",
    limit_s=LONGEST_SHORT_WALK_S,
    timed=False,
    instructions=T25,
    stop_rules=STOP_RULES,
    after=AFTER_EFFORT,
    needs_course=True,
    course_choices_m=(FEET_25_M,),
    variants=WALKING,
)
WALKS = (SIX_MINUTE_WALK, TWO_MINUTE_WALK, TEN_METRE_WALK, TIMED_25_FOOT_WALK)
