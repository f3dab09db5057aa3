"""Which possible stumbles count, when they are asked about, and how they are told apart."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.stumbles import Answer, Possible, once_each, part_of_day, session_of, stumble_id, to_be_asked, where

TEN = datetime(2026, 11, 25, 10, 42, tzinfo=UTC)


def possible(
    session: str = "s1", time_s: float = 61.02, confidence: float | None = 0.6, after_s: float = 0.0
) -> Possible:
    return Possible(
        stumble_id(session, time_s), session, time_s, TEN + timedelta(seconds=after_s), 0.4, confidence, False
    )


@pytest.mark.parametrize(
    ("answer", "confidence", "counts"),
    [
        ("yes", 0.1, True),
        ("yes", None, True),
        ("no", 0.99, False),
        (None, 0.79, False),
        (None, 0.8, True),
        ("unsure", 0.9, True),
        ("unsure", 0.5, False),
        (None, None, False),
    ],
)
def test_only_confirmed_or_clearly_felt_ones_count(
    answer: Answer | None, confidence: float | None, counts: bool
) -> None:
    assert replace(possible(confidence=confidence), answer=answer).counts is counts


def test_the_wearer_is_asked_in_the_evening_and_later_about_what_they_have_not_answered() -> None:
    found = [possible(), replace(possible(time_s=99.0), answer="no")]
    day = date(2026, 11, 25)
    assert to_be_asked(found, day, TEN.replace(hour=17, minute=59)) == []
    assert to_be_asked(found, day, TEN.replace(hour=18, minute=0)) == found[:1]
    assert to_be_asked(found, day, TEN + timedelta(days=1)) == found[:1]
    assert to_be_asked(found, day, TEN - timedelta(days=1)) == []


def test_when_and_where_in_the_day_is_said_so_that_one_can_remember_it() -> None:
    assert where(possible()) == "In the morning, at 10:42."
    walk = replace(possible(), walk_began=TEN - timedelta(minutes=3), walk_s=600.0)
    assert where(walk) == "In the morning, at 10:42, 3 min into a walk of 10 min."
    start = replace(possible(), walk_began=TEN - timedelta(seconds=4), walk_s=40.0)
    assert where(start) == "In the morning, at 10:42, as you set out on a walk of 40 s."


@given(st.datetimes())
def test_every_hour_has_a_part_of_the_day(at: datetime) -> None:
    assert part_of_day(at).split()[0] in ("in", "at")
    assert (part_of_day(at) == "at night") == (at.hour < 5 or at.hour >= 22)


def test_what_two_sensors_felt_is_one_stumble_with_one_answer() -> None:
    waist, wrist = possible("s1", confidence=0.5), possible("s2", 7.0, confidence=0.9, after_s=1.5)
    (one,) = once_each([waist, wrist], {waist.id: "yes"})
    assert (one.id, one.answer) == (wrist.id, "yes")


def test_two_stumbles_of_one_sensor_stay_two() -> None:
    assert len(once_each([possible(), possible(time_s=62.5, after_s=1.48)], {})) == 2


@given(st.text(min_size=1, max_size=30), st.floats(-10.0, 1e6))
def test_a_stumble_is_named_after_its_session(session: str, time_s: float) -> None:
    assert session_of(stumble_id(session, time_s)) == session


@pytest.mark.parametrize("text", ["", "s1", "-stumble-5", "s1-stumble-x", "s1-fall-5"])
def test_what_names_no_stumble_is_of_no_session(text: str) -> None:
    assert session_of(text) is None
