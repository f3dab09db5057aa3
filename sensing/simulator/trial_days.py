"""What the people of `trials` do when they do no test: turns on the way, and a few minutes of a day."""

import numpy as np

from sensing.simulator.activities import (
    Activity,
    Bend,
    Cough,
    Cue,
    FalseStart,
    Pause,
    RiseAttempt,
    Sit,
    Stand,
    StandToSit,
    Stumble,
    Tap,
    Turn,
    Walk,
    Work,
)
from sensing.simulator.drawing import Performance, chosen, drawn_rise, drawn_sit_s, drawn_turn_s, some
from sensing.simulator.people import Person


def turns(person: Person, rng: np.random.Generator) -> Performance:
    """From 45 to 360 degrees to either side, in one go or with hesitations, walking or from standing."""
    kind = chosen(rng, {"plain": 0.6, "hesitating turns": 0.4})
    around_s = drawn_turn_s(person, rng)
    way: list[float | Turn] = []
    for _ in range(5):
        angle_deg = some(rng, 45.0, 360.0) * float(rng.choice([-1.0, 1.0]))
        length_s = max(0.8, around_s * abs(angle_deg) / 180.0)
        halts = int(rng.integers(1, 3)) if kind == "hesitating turns" else 0
        way += [some(rng, 4.0, 8.0), Turn(angle_deg, length_s, halts, some(rng, 0.2, 1.0))]
    if rng.random() < 0.3:
        way = way[1:]
    script: list[Activity] = [Stand(4.0), Cue(), Walk((*way, 5.0)), Stand(5.0)]
    return Performance(script, kind, "nothing", done=False)


def everyday(person: Person, rng: np.random.Generator) -> Performance:
    """Sits down here, rises, goes somewhere else, works, bends, stumbles: never out and back to the same chair."""
    script: list[Activity] = [Stand(4.0), Cue()]
    for _ in range(4):
        around_s = drawn_turn_s(person, rng)
        script.append(Walk((some(rng, 2.0, 9.0), Turn(some(rng, 45.0, 130.0), around_s), some(rng, 2.0, 9.0))))
        what = chosen(rng, {"sits": 0.5, "works": 0.15, "bends": 0.1, "walks on": 0.25})
        if what == "sits":
            script.append(StandToSit(drawn_sit_s(person, rng), impact_g=some(rng, 1.1, 2.5)))
            fidget = chosen(rng, {"none": 0.4, "lean": 0.2, "try": 0.2, "cough": 0.1, "tap": 0.1})
            fidgets: dict[str, Activity] = {"lean": FalseStart(), "try": RiseAttempt(), "cough": Cough(), "tap": Tap()}
            script += [Sit(some(rng, 4.0, 25.0)), *([fidgets[fidget], Sit(3.0)] if fidget in fidgets else [])]
            script.append(drawn_rise(person, rng))
        elif what == "walks on":
            script += [Walk((5.0, Stumble(some(rng, 0.3, 0.8)), 5.0, Pause(some(rng, 2.0, 6.0)), 4.0)), Cough()]
        else:
            script += [Work(some(rng, 8.0, 20.0)) if what == "works" else Bend(some(rng, 3.0, 5.0)), Stand(2.0)]
    return Performance([*script, Stand(8.0)], "everyday", "nothing", done=False)
