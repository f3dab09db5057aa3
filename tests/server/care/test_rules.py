"""When a week's stumbles are worth a word, and why."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.care.rules import DayCount, chance_of_as_many, for_therapist, for_wearer, weekly

HOUR_S = 3600.0


def days(week: list[int], before: int = 0, walked_h: float = 1.0, known: int = 28) -> list[DayCount]:
    """35 days: `before` stumbles on the first of the four weeks, `week` on the last seven, an hour of walking a day."""
    past = [DayCount(0, 0, 0, walked_h * HOUR_S if number < known else None) for number in range(28)]
    past[0] = DayCount(before, before, 0, past[0].walking_s)
    return past + [DayCount(count, count, min(1, count), HOUR_S) for count in week]


def fired(of: list[DayCount]) -> dict[str, bool]:
    return {rule.name: rule.fired for rule in weekly(of)}


def test_one_stumble_a_week_is_left_alone_and_two_are_not() -> None:
    assert not fired(days([1, 0, 0, 0, 0, 0, 0]))["more_than_one"]
    assert fired(days([1, 0, 0, 0, 0, 0, 1]))["more_than_one"]


def test_the_week_before_does_not_count_into_this_one() -> None:
    of = days([0] * 7)
    of[27] = DayCount(5, 5, 5, HOUR_S)
    assert not fired(of)["more_than_one"]


def test_a_rise_is_told_from_a_week_like_the_others() -> None:
    assert fired(days([1, 1, 1, 1, 0, 1, 1], before=2))["rise"]
    assert not fired(days([1, 0, 1, 0, 1, 0, 0], before=12))["rise"]


def test_twice_the_walking_explains_twice_the_stumbles() -> None:
    assert not fired(days([1, 1, 1, 0, 1, 1, 1], before=6, walked_h=0.25))["rise"]


def test_too_few_days_before_are_not_compared_and_the_rule_says_so() -> None:
    rule = weekly(days([2, 2, 2, 0, 0, 0, 0], known=6))[1]
    assert (rule.fired, rule.why) == (False, "Not compared: 6 days with walking before this week, 7 needed.")


def test_every_rule_says_its_figures() -> None:
    first, second = weekly(days([2, 0, 0, 0, 0, 0, 3], before=1))
    assert first.why == "5 stumbles in the last seven days (2 confirmed, 3 felt clearly by the sensor): more than one."
    assert "5 stumbles in 7.0 h of walking in the last seven days, 1 in 28.0 h" in second.why


def test_advice_is_advice_and_comes_only_with_a_rule() -> None:
    calm, rules = weekly(days([0] * 7)), weekly(days([3, 0, 0, 0, 0, 0, 0]))
    assert (for_wearer(calm), for_therapist("Anna", calm)) == (None, None)
    assert "advice, not a prescription" in (for_wearer(rules) or "")
    assert (for_therapist("Anna", rules) or "").startswith("Anna has stumbled more than usual. 3 stumbles")


@given(st.integers(1, 60), st.data(), st.floats(0.01, 0.99))
def test_the_chance_is_the_tail_of_the_binomial_distribution(of: int, data: st.DataObject, share: float) -> None:
    now = data.draw(st.integers(0, of))
    plain = sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(now, of + 1))
    assert chance_of_as_many(now, of, share) == pytest.approx(plain, rel=1e-9, abs=1e-12)


@given(st.lists(st.integers(0, 3), min_size=7, max_size=7), st.integers(0, 6), st.integers(0, 7 - 1))
def test_one_more_stumble_never_takes_a_warning_back(week: list[int], before: int, day: int) -> None:
    more = [count + (number == day) for number, count in enumerate(week)]
    less_fired, more_fired = fired(days(week, before)), fired(days(more, before))
    assert all(more_fired[name] or not less_fired[name] for name in less_fired)
