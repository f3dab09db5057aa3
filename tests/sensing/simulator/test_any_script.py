"""Whatever a person is told to do, signals are finite, time runs forward and the truth is in order."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sensing.block import POSITIONS
from sensing.simulator import (
    Activity,
    BeltSlip,
    Bend,
    Cough,
    Cue,
    Drive,
    Fall,
    FalseStart,
    Jump,
    Lie,
    LieDown,
    Loss,
    Mounting,
    Pause,
    Person,
    RiseAttempt,
    RollOver,
    Sensor,
    Simulated,
    Sit,
    SitToStand,
    SitUp,
    Stairs,
    Stand,
    StandToSit,
    Stumble,
    TandemStance,
    Tap,
    Tug,
    Turn,
    Walk,
    Work,
    simulate,
)

FEW = settings(max_examples=25, deadline=None)

angles = st.floats(-360.0, 360.0).filter(lambda a: abs(a) > 5.0)
turns = st.builds(Turn, angles, st.floats(0.8, 4.0), st.integers(0, 2), st.floats(0.2, 1.0))
metres = st.floats(0.5, 8.0)
part = st.one_of(metres, turns, st.builds(Pause, st.floats(0.5, 6.0)))
stumbling = st.builds(
    lambda a, severity, kind: (a, Stumble(severity, kind), 4.0),
    st.floats(3.0, 6.0),
    st.floats(0.1, 1.0),
    st.sampled_from(("trip", "slip")),
)
courses = st.builds(lambda first, rest: (first, *rest), metres, st.lists(part, max_size=4)) | stumbling
walks = st.builds(
    Walk,
    course=courses,
    speed_mps=st.none() | st.floats(0.15, 2.0),
    asymmetry=st.none() | st.floats(-0.3, 0.3),
    stride_time_cv=st.none() | st.floats(0.0, 0.08),
)
stances = st.builds(
    lambda losses: TandemStance(8.0, loss_of_balance_s=tuple(losses)), st.lists(st.floats(2.0, 7.0), max_size=2)
)
standing = st.one_of(
    walks,
    turns,
    stances,
    st.builds(Stand, st.floats(0.5, 4.0)),
    st.builds(Work, st.floats(2.0, 4.0)),
    st.just(Bend()),
    st.just(Tap()),
    st.just(BeltSlip()),
    st.just(Cough()),
    st.builds(Jump, st.integers(1, 3), st.floats(0.15, 0.5)),
    st.builds(Stairs, st.integers(1, 12), st.booleans()),
    st.builds(
        Fall,
        direction=st.sampled_from(("forward", "backward", "left", "right")),
        lying_s=st.just(2.0),
        get_up_s=st.just(2.0),
    ),
)
# a chair episode ends on the feet again, so any order of episodes is a possible script
chairs = st.builds(
    lambda rest: [StandToSit(), *rest, Sit(1.0), SitToStand()],
    st.lists(st.sampled_from((Sit(1.0), Tap(), Cough(), Tug(), RiseAttempt(), FalseStart(), Drive(6.0))), max_size=1)
    | st.sampled_from(
        [
            [LieDown(2.0, "backward"), Lie(1.0), SitUp(2.0, "backward")],
            [LieDown(2.0, "left"), RollOver("left", "right", 1.5), Lie(1.0), SitUp(2.0, "right")],
        ]
    ),
)
scripts = st.lists(standing.map(lambda a: [a]) | chairs | st.just([Cue(), Tap()]), min_size=1, max_size=4).map(
    lambda parts: [a for p in parts for a in p]
)
people = st.builds(Person.drawn, st.integers(0, 10_000), st.sampled_from(("healthy", "ms")))
sensors = st.builds(
    Sensor,
    rate_hz=st.sampled_from((12.5, 26.0, 52.0, 104.0, 208.0)),
    has_gyroscope=st.booleans(),
    clock_skew_ppm=st.floats(-100.0, 100.0),
    jitter_s=st.sampled_from((0.0, 0.002, 0.05)),
    stamp_jitter_s=st.sampled_from((0.0, 0.005, 0.05)),
    loss=st.none() | st.just(Loss()),
)
mountings = st.builds(
    Mounting,
    st.floats(-180, 180),
    st.floats(-180, 180),
    st.floats(-180, 180),
    st.floats(-60, 60),
    st.none() | st.floats(6, 10),
)


def in_order(moments: list[float]) -> bool:
    return moments == sorted(moments)


@FEW
@given(scripts, people, st.sampled_from(POSITIONS), sensors, mountings, st.integers(0, 2**31))
def test_signals_are_finite_and_time_increases(
    script: list[Activity], person: Person, position: str, sensor: Sensor, mounting: Mounting, seed: int
) -> None:
    s = simulate(script, person, position, sensor, mounting, seed)
    assert np.all(np.diff(s.time_s) > 0)
    assert s.time_s[0] >= 0
    assert np.all(np.isfinite(s.acc_mps2))
    assert (s.gyr_radps is not None) == sensor.has_gyroscope
    if s.gyr_radps is not None:
        assert np.all(np.isfinite(s.gyr_radps))
    assert s.recording("somebody").facts.position == position
    check_truth(s)


def check_truth(s: Simulated) -> None:
    truth, end = s.truth, s.time_s[-1] * (1 + 1e-4) + 0.2
    left, right = truth["contacts_left_s"], truth["contacts_right_s"]
    assert in_order(left)
    assert in_order(right)
    both = sorted([(c, "left") for c in left] + [(c, "right") for c in right])
    assert len(both) == len(truth["step_lengths_m"])
    assert all(0 < c <= end for c, _ in both)
    for bout in truth["walking_bouts"]:
        sides = [side for c, side in both if bout["start_s"] <= c <= bout["end_s"]]
        assert all(a != b for a, b in itertools.pairwise(sides)), "sides alternate"
        assert len(sides) == bout["steps"] >= 2
        assert bout["speed_mps"] > 0
    assert sum(bout["steps"] for bout in truth["walking_bouts"]) == len(both), "every contact is inside a bout"
    for kind in ("turns", "sit_to_stand", "stand_to_sit", "walking_bouts"):
        entries = truth[kind]
        assert in_order([e["start_s"] for e in entries])
        assert all(0 <= e["start_s"] < e["end_s"] <= end for e in entries)
    for fall in truth["falls"]:
        assert in_order([fall[key] for key in ("onset_s", "descent_s", "impact_s", "rest_s", "end_s")])
    for stumble in truth["stumbles"]:
        assert stumble["time_s"] < stumble["recovery_s"] <= stumble["end_s"]
    assert all(a < b for a, b in truth["covered_s"])
    assert in_order([edge for pair in truth["covered_s"] for edge in pair])


@settings(max_examples=8, deadline=None)
@given(scripts, people, st.sampled_from(POSITIONS), sensors, st.integers(0, 2**31))
def test_the_same_seed_is_the_same_recording(
    script: list[Activity], person: Person, position: str, sensor: Sensor, seed: int
) -> None:
    one, two = (simulate(script, person, position, sensor, seed=seed) for _ in range(2))
    assert np.array_equal(one.time_s, two.time_s)
    assert np.array_equal(one.acc_mps2, two.acc_mps2)
    assert one.truth == two.truth
    assert one.facts == two.facts


@settings(max_examples=8, deadline=None)
@given(people, st.integers(0, 2**31))
def test_another_seed_is_another_walk(person: Person, seed: int) -> None:
    one, two = (simulate([Walk((6.0,))], person, seed=s) for s in (seed, seed + 1))
    assert one.truth["contacts_left_s"] != two.truth["contacts_left_s"]
