"""A simulated person doing every test of the clinic in one stream, for tests of how the tests are fed."""

from dataclasses import replace
from functools import cache

from dsp.prompt import Prompt
from dsp.wearing import Wearing
from sensing.block import Position
from sensing.simulator.activities import Sit, SitToStand, Stand, StandToSit, TandemStance, Tug, Turn, Walk
from sensing.simulator.people import Mounting, Person, Sensor
from sensing.simulator.simulate import simulate
from tests.dsp.walks import Floats, Stream

ROOM = (4.0, Turn(180.0, 2.0), 4.0, Turn(-180.0, 2.2), 4.0)
SCRIPT = (
    Tug(quiet_s=4.0),
    *(SitToStand(1.3), StandToSit(1.4)) * 6,
    Sit(3.0),
    SitToStand(1.6),
    Walk(course=ROOM),
    Stand(24.0),
    TandemStance(22.0, loss_of_balance_s=(12.0,), ends=False),
    Walk(course=(5.0, Turn(180.0, 2.4), 5.0)),
    StandToSit(1.8),
    Sit(3.0),
)
PROMPTS = (
    Prompt("tug", set_s=1.0, cue_s=4.0, course_length_m=3.0),
    Prompt("chair_stand_5x", set_s=22.0),
    Prompt("2mwt", set_s=38.0, course_length_m=4.0),
    Prompt("2mwt", set_s=60.0, course_length_m=4.0, end_cue_s=60.0),
    Prompt("stance", set_s=80.0, stance="tandem_left", hold_s=30.0),
)


@cache
def medley(rate_hz: float = 104.0) -> Stream:
    """Lower back, height 1.7 m, tilted; 130 s or so."""
    person = replace(Person.drawn(5), height_m=1.7)
    made = simulate(SCRIPT, person, "lower_back", Sensor(rate_hz=rate_hz), Mounting.drawn(5), 5)
    contacts_s: Floats = made.time_s[:0]
    return Stream(made.time_s, made.acc_mps2, made.gyr_radps, contacts_s, rate_hz)


@cache
def up_and_go(position: Position) -> Stream:
    """Two of them in a row, the second over 7 m; 70 s or so."""
    script = (Tug(quiet_s=4.0), Sit(3.0), Tug(7.0, quiet_s=2.0))
    made = simulate(script, Person.drawn(7), position, Sensor(), Mounting.drawn(7), 7)
    contacts_s: Floats = made.time_s[:0]
    return Stream(made.time_s, made.acc_mps2, made.gyr_radps, contacts_s, 104.0)


def prompted() -> Wearing:
    """Somebody has set the tests up."""
    return Wearing("lower_back", height_m=1.7, prompts=PROMPTS)
