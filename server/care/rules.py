"""When a week's stumbles are worth a word: advice, not a prescription. Every rule shows why it fired, or did not. Pure.

No study gives a threshold for acting on stumbles (clinical reference §8: "no evidence found; phrase as 'talk to your
PT; use your aid meanwhile'; never prescribe"): "more than one a week" is the issue's. The comparison with the person's
own four weeks is the conditional test of two Poisson rates (Przyborowski and Wilenski, 1940): of n stumbles in all, the
week's share is binomial with the share of walking done in that week.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

RuleName = Literal["more_than_one", "rise"]

WEEK_DAYS = 7
BEFORE_DAYS = 28
MOST_IN_A_WEEK = 1
LEAST_DAYS_BEFORE = 7  # fewer days with walking say nothing about what is usual (design)
LEAST_IN_WEEK = 2  # a single stumble is no rise
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class DayCount:
    """One local day. `counted` of its possible stumbles count, `confirmed` of them by the wearer."""

    possible: int
    counted: int
    confirmed: int
    walking_s: float | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and what came of it. `why` holds its figures whether it fired or not."""

    name: RuleName
    fired: bool
    why: str


def weekly(days: Sequence[DayCount]) -> list[Rule]:
    """Every rule for the last 7 of these 35 consecutive days, oldest first."""
    week, before = days[-WEEK_DAYS:], days[-WEEK_DAYS - BEFORE_DAYS : -WEEK_DAYS]
    return [_more_than_one(week), _rise(week, before)]


def _more_than_one(week: Sequence[DayCount]) -> Rule:
    counted, confirmed = _sum(week)
    felt = counted - confirmed
    made_of = f" ({confirmed} confirmed, {felt} felt clearly by the sensor)" if counted else ""
    fired = counted > MOST_IN_A_WEEK
    ending = "more than one" if fired else "not more than one"
    return Rule("more_than_one", fired, f"{_stumbles(counted)} in the last seven days{made_of}: {ending}.")


def _rise(week: Sequence[DayCount], before: Sequence[DayCount]) -> Rule:
    walked, walked_before = _walked_h(week), _walked_h(before)
    known = sum(1 for day in before if day.walking_s)
    if known < LEAST_DAYS_BEFORE or walked <= 0.0:
        return Rule(
            "rise", False, f"Not compared: {known} days with walking before this week, {LEAST_DAYS_BEFORE} needed."
        )
    now, then = _sum(week)[0], _sum(before)[0]
    chance = chance_of_as_many(now, now + then, walked / (walked + walked_before))
    fired = now >= LEAST_IN_WEEK and now / walked > then / walked_before and chance <= SIGNIFICANT
    why = (
        f"{_stumbles(now)} in {walked:.1f} h of walking in the last seven days, {then} in {walked_before:.1f} h in the"
        f" four weeks before: {'more than chance explains' if fired else 'no clear rise'} (p = {chance:.2f})."
    )
    return Rule("rise", fired, why)


def chance_of_as_many(now: int, of: int, share: float) -> float:
    """The chance that at least `now` of `of` fall into a part with this share (0 to 1, both excluded) of the time."""
    if now == 0:
        return 1.0
    yes, no = math.log(share), math.log1p(-share)
    ways = (math.lgamma(of + 1) - math.lgamma(k + 1) - math.lgamma(of - k + 1) for k in range(now, of + 1))
    return min(1.0, math.fsum(math.exp(way + k * yes + (of - k) * no) for k, way in enumerate(ways, now)))


def for_wearer(rules: Sequence[Rule]) -> str | None:
    """The advice to the wearer, None where no rule fired."""
    if not any(rule.fired for rule in rules):
        return None
    return (
        "You stumbled more than usual this week. If you have a stick or a walker, use it for now, and tell your"
        " therapist. This is advice, not a prescription."
    )


def for_therapist(person: str, rules: Sequence[Rule]) -> str | None:
    """The note to the therapist, None where no rule fired."""
    fired = [rule.why for rule in rules if rule.fired]
    if not fired:
        return None
    return f"{person} has stumbled more than usual. " + " ".join(fired) + f" {person} was advised to call you."


def _sum(days: Sequence[DayCount]) -> tuple[int, int]:
    return sum(day.counted for day in days), sum(day.confirmed for day in days)


def _walked_h(days: Sequence[DayCount]) -> float:
    return sum(day.walking_s or 0.0 for day in days) / 3600.0


def _stumbles(count: int) -> str:
    return "No stumble" if count == 0 else "1 stumble" if count == 1 else f"{count} stumbles"
