"""False alarms against their budget, for each person: how many, whether that is too many, and what can be done. Pure.

The budget is the working point's (clinical reference §10): at most one false question to the wearer a week, one false
call to a contact a month. False is what somebody has called so; what nobody has judged is counted apart.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from server.alerts.alert import Alert
from server.alerts.care_plan import CarePlan
from server.alerts.weeks import judged
from server.names import name_key

MOST_PROMPTS, MOST_CALLS = 1, 1  # false ones, in WEEK and in MONTH
WEEK, WEEKS = timedelta(days=7), 4
MONTH = WEEK * WEEKS
SURE: Mapping[float, str] = {0.7: "only at likely falls", 0.9: "only at very likely falls"}  # what the care page offers
LONGEST_PROMPT_S, LONGEST_OBSERVE_S = 120.0, 30.0  # the longest that a care plan takes
ON_THE_FLOOR, TAKEN_OFF = "exercise on the floor", "the sensor was taken off"  # labels that the page offers


@dataclass(frozen=True, slots=True)
class WeekOf:
    """Seven days from `since` on: how often the wearer was asked after a possible fall, and what came out."""

    since: datetime
    prompts: int
    false: int
    unclear: int


@dataclass(frozen=True, slots=True)
class Budget:
    """One person's last four weeks, the newest first. `calls`: falls of which contacts were told."""

    person: str
    simulated: bool
    weeks: tuple[WeekOf, ...]
    calls: int
    false_calls: int
    unclear_calls: int
    advice: tuple[str, ...]

    @property
    def within(self) -> bool:
        return not (self.too_many_prompts or self.too_many_calls)

    @property
    def too_many_prompts(self) -> bool:
        return self.weeks[0].false > MOST_PROMPTS

    @property
    def too_many_calls(self) -> bool:
        return self.false_calls > MOST_CALLS


def budgets_of(alerts: Iterable[Alert], now: datetime, care: Callable[[str], CarePlan]) -> list[Budget]:
    """Of everybody who was asked in the last four weeks: who is above the budget first, then by name."""
    people: dict[tuple[str, bool], list[Alert]] = {}
    for alert in alerts:
        age = now - datetime.fromisoformat(alert.at)
        if alert.kind == "fall" and timedelta(0) <= age < MONTH and _was(alert, "prompting"):
            people.setdefault((name_key(alert.person), alert.simulated), []).append(alert)
    found = [_budget(of_one, now, care(of_one[0].person)) for of_one in people.values()]
    return sorted(found, key=lambda one: (one.within, name_key(one.person)))


def _budget(alerts: Sequence[Alert], now: datetime, plan: CarePlan) -> Budget:
    calls = [alert for alert in alerts if _was(alert, "told")]
    budget = Budget(
        person=alerts[0].person,
        simulated=alerts[0].simulated,
        weeks=tuple(_week(alerts, now - WEEK * (number + 1)) for number in range(WEEKS)),
        calls=len(calls),
        false_calls=_count(calls, "false_alarms"),
        unclear_calls=_count(calls, "unconfirmed"),
        advice=(),
    )
    advice: list[str] = []
    if budget.too_many_prompts:
        advice += _fewer_prompts(alerts, plan)
    if budget.too_many_calls:
        advice += _fewer_calls(calls, plan)
    return replace(budget, advice=tuple(dict.fromkeys(advice)))


def _week(alerts: Sequence[Alert], since: datetime) -> WeekOf:
    of_week = [one for one in alerts if since < datetime.fromisoformat(one.at) <= since + WEEK]
    return WeekOf(since, len(of_week), _count(of_week, "false_alarms"), _count(of_week, "unconfirmed"))


def _count(alerts: Iterable[Alert], what: str) -> int:
    return sum(judged(alert) == what for alert in alerts)


def _was(alert: Alert, what: str) -> bool:
    return any(line.what == what for line in alert.history)


def _fewer_prompts(alerts: Sequence[Alert], plan: CarePlan) -> list[str]:
    """What in the care plan or on the page would have left the wearer in peace, with what it would have cost."""
    false = [alert for alert in alerts if judged(alert) == "false_alarms"]
    falls = [alert for alert in alerts if judged(alert) == "confirmed"]
    advice = [said for said in (_surer(false, falls, plan),) if said is not None]
    walked = sum(alert.outcome == "walked_on" for alert in alerts)
    if walked > 0 and plan.observe_s < LONGEST_OBSERVE_S:
        advice.append(
            f"consider a longer wait before asking ({plan.observe_s:.0f} s now, up to {LONGEST_OBSERVE_S:.0f} s in the"
            f" care plan): {_times(walked)} {plan.person or 'the wearer'} walked on just after having been asked."
        )
    for label, when in ((ON_THE_FLOOR, "exercises on the floor"), (TAKEN_OFF, "taking the sensor off")):
        labelled = sum((alert.label or "").casefold() == label for alert in false)
        if labelled > 0:
            advice.append(
                f"consider a pause (“Switch falls off for a while”) before {when}: {_times(labelled)} it was that."
            )
    return advice or [
        "nothing in the care plan would have helped: say what each false alarm was, so that it can be learned from."
    ]


def _surer(false: Sequence[Alert], falls: Sequence[Alert], plan: CarePlan) -> str | None:
    """The lowest threshold that spares somebody at least half of the false questions, with the falls that it costs."""
    for least, words in SURE.items():
        spared = sum(_below(alert, least) for alert in false)
        if least <= plan.least_confidence or 2 * spared < len(false) or spared == 0:
            continue
        missed = sum(_below(alert, least) for alert in falls)
        cost = (
            f" But {missed} of {len(falls)} confirmed falls would not have been asked about either: rather leave it."
            if missed
            else f" None of {len(falls)} confirmed falls would have been missed, but others may be."
            if falls
            else " There is no confirmed fall to say what it would miss."
        )
        spares = f"{spared} of {len(false)} false questions would not have been asked."
        return f"consider asking {words} (care plan): {spares}{cost}"
    return None


def _below(alert: Alert, least: float) -> bool:
    return alert.confidence is not None and alert.confidence < least


def _fewer_calls(calls: Sequence[Alert], plan: CarePlan) -> list[str]:
    false = [alert for alert in calls if judged(alert) == "false_alarms"]
    unanswered = sum(not _was(alert, "help") for alert in false)
    if unanswered > 0 and plan.prompt_s < LONGEST_PROMPT_S:
        return [
            f"consider more time to answer ({plan.prompt_s:.0f} s now, up to {LONGEST_PROMPT_S:.0f} s in the care"
            f" plan): {_times(unanswered)} contacts were called because no answer came in time."
            " Help for a real fall then comes later by as much."
        ]
    return [
        "see whether the wearer hears the question: “Make this device ready” on their own device, and a test alarm."
    ]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
