"""The table of transitions, and what time alone brings."""

from contextlib import suppress
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.clinic.running import (
    FINAL,
    PAUSE_S,
    REASONS,
    SETTLE_S,
    TRANSITIONS,
    Course,
    Happening,
    NotNowError,
    State,
    Timing,
    advanced,
    asked,
    happened,
    next_by_itself,
)

TIMING = Timing(countdown_s=5.0, limit_s=30.0)
STATES: tuple[State, ...] = get_args(State)
HAPPENINGS: tuple[Happening, ...] = get_args(Happening)
FROM_OUTSIDE = [one for one in HAPPENINGS if one not in ("cue", "lost", "unseen", "left")]  # those time alone brings
steps = st.lists(st.tuples(st.sampled_from(FROM_OUTSIDE), st.floats(0.0, 40.0)), max_size=30)


def lived(happenings: list[tuple[Happening, float]]) -> list[tuple[float, Course]]:
    """Every course on the way, with the time that it was looked at."""
    course, now_s = Course(), 0.0
    seen = [(now_s, course)]
    for happening, waited_s in happenings:
        now_s += waited_s
        course = advanced(course, TIMING, now_s)
        seen.append((now_s, course))
        if happening in ("start", "finish", "abort"):
            with suppress(NotNowError):
                course = asked(course, happening, now_s, TIMING)  # type: ignore[arg-type]
        else:
            course = happened(course, happening, now_s)
        seen.append((now_s, course))
    return seen


@given(steps)
def test_a_run_that_is_over_stays_as_it_ended(happenings: list[tuple[Happening, float]]) -> None:
    ended: Course | None = None
    for _, course in lived(happenings):
        assert ended is None or course == ended
        if course.final:
            ended = course


@given(steps)
def test_nothing_is_measured_without_a_go_and_time_never_goes_back(happenings: list[tuple[Happening, float]]) -> None:
    since_s = 0.0
    for now_s, course in lived(happenings):
        assert since_s <= course.since_s <= now_s
        since_s = course.since_s
        if course.state in ("countdown", "running", "paused", "settling", "done", "invalid"):
            assert course.cue_s is not None
        if course.state == "countdown":
            assert now_s < course.cue_s  # type: ignore[operator]
        if course.state in ("running", "paused", "settling", "done"):
            assert course.cue_s <= now_s  # type: ignore[operator]
        if course.state == "preflight":
            assert course.cue_s is None


@given(steps)
def test_a_result_comes_only_out_of_a_test_that_ran_and_an_aborted_one_has_none(
    happenings: list[tuple[Happening, float]],
) -> None:
    states = [course.state for _, course in lived(happenings)]
    if states[-1] == "done":
        assert {"running", "paused", "settling"} & set(states)
        assert "judged" in [happening for happening, _ in happenings]
    if states[-1] in ("aborted", "invalid"):
        assert "done" not in states


@given(steps, st.lists(st.floats(0.0, 60.0), max_size=20))
def test_timers_are_right_however_seldom_the_clock_is_looked_at(
    happenings: list[tuple[Happening, float]], looks_s: list[float]
) -> None:
    now_s, course = lived(happenings)[-1]
    at_once = advanced(course, TIMING, now_s + 60.0)
    for look_s in sorted(looks_s):
        course = advanced(course, TIMING, now_s + look_s)
    assert advanced(course, TIMING, now_s + 60.0) == at_once


def test_a_run_goes_through_countdown_test_and_settling_at_their_own_moments() -> None:
    course = asked(Course(), "start", 12.3456, TIMING)
    assert (course.state, course.cue_s) == ("countdown", 17.346)
    assert advanced(course, TIMING, 17.34).state == "countdown"
    running = advanced(course, TIMING, 40.0)
    assert (running.state, running.since_s) == ("running", 17.346)
    settling = advanced(running, TIMING, 50.0)
    assert (settling.state, settling.since_s) == ("settling", pytest.approx(47.346))
    unseen = advanced(settling, TIMING, 1000.0)
    assert (unseen.state, unseen.since_s) == ("invalid", pytest.approx(47.346 + SETTLE_S))
    assert unseen.problem == REASONS["settling", "unseen"]
    assert happened(settling, "judged", 49.0).state == "done"


@pytest.mark.parametrize(("silent_for_s", "state"), [(PAUSE_S - 0.1, "running"), (PAUSE_S + 0.1, "invalid")])
def test_a_sensor_that_comes_back_in_time_goes_on_and_one_that_does_not_ends_the_test(
    silent_for_s: float, state: State
) -> None:
    running = advanced(asked(Course(), "start", 0.0, TIMING), TIMING, 6.0)
    paused = happened(running, "silent", 10.0)
    assert paused.state == "paused"
    assert paused.problem
    back = happened(advanced(paused, TIMING, 10.0 + silent_for_s), "heard", 10.0 + silent_for_s)
    assert back.state == state
    assert (back.problem is None) == (state == "running")


def test_a_sensor_that_falls_silent_in_the_countdown_takes_the_go_back() -> None:
    course = happened(asked(Course(), "start", 3.0, TIMING), "silent", 5.0)
    assert (course.state, course.cue_s) == ("preflight", None)
    assert course.problem is not None
    assert asked(course, "start", 20.0, TIMING).cue_s == 25.0


def test_what_does_not_fit_is_refused_in_words() -> None:
    with pytest.raises(NotNowError, match="has not begun"):
        asked(Course(), "finish", 1.0, TIMING)
    with pytest.raises(NotNowError, match="runs already"):
        asked(Course("running", 5.0, 5.0), "start", 6.0, TIMING)
    for state in FINAL:
        for command in ("start", "finish", "abort"):
            with pytest.raises(NotNowError, match="has ended"):
                asked(Course(state, 5.0, 5.0), command, 6.0, TIMING)  # type: ignore[arg-type]


def test_the_table_names_known_words_reaches_every_state_and_explains_every_failure() -> None:
    assert {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values()) == set(STATES)
    assert {happening for _, happening in TRANSITIONS} == set(HAPPENINGS)
    assert not FINAL & {state for state, _ in TRANSITIONS}
    unexplained = {"abort", "refused", "finish"}  # a person says why, or the event does
    for (state, happening), after in TRANSITIONS.items():
        if after in ("aborted", "invalid") and happening not in unexplained:
            assert REASONS[state, happening].endswith(".")


def test_where_time_alone_can_bring_something_the_table_knows_it() -> None:
    for state in STATES:
        due = next_by_itself(Course(state, 10.0, 10.0), TIMING)
        if due is not None:
            assert (state, due[1]) in TRANSITIONS


def test_whoever_prepares_a_test_and_goes_away_does_not_keep_the_sensor() -> None:
    assert advanced(Course(since_s=100.0), TIMING, 1899.0).state == "preflight"
    left = advanced(Course(since_s=100.0), TIMING, 1900.0)
    assert (left.state, left.since_s) == ("aborted", 1900.0)
    assert left.problem == REASONS["preflight", "left"]
