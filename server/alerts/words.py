"""Every sentence of an alert: plain, with a name and a time of day, and with what is to be done."""

from collections.abc import Mapping
from datetime import datetime

from server.alerts.alert import Alert, Told, What
from server.alerts.budget import Budget
from server.alerts.care_plan import Snooze

UNSURE = "It looked a little like a fall, not enough to disturb anybody. It is kept here."
SNOOZED = "Nobody was told: alarms were switched off at that time, and the wearer was up again."
WALKS = "The wearer walks again."
AWAY = "Away."
OUTCOMES: Mapping[str, str] = {
    "false_alarm": "it was not a fall",
    "fall_no_injury": "a fall without injury",
    "fall_help_given": "a fall, and help was given",
    "walked_on": "walked on",
    "not_told": "nobody was told",
    "test_done": "the test is over",
}
ENDS_OF_CALLS: Mapping[str, str] = {
    "false_alarm": "no help was needed",
    "fall_no_injury": "a fall without injury",
    "fall_help_given": "help was given",
}
REFUSALS: Mapping[tuple[str, str], str] = {
    ("observing", "again"): "Nobody has been told yet.",
    ("prompting", "again"): "Nobody has been told yet.",
    ("resolved", "acknowledged"): "This alert is over already.",
    ("resolved", "again"): "This alert is over already.",
    ("resolved", "walked_on"): "This alert is over already.",
    ("resolved", "due"): "This alert is over already.",
}


def clock_of(at: str) -> str:
    """The time of day, here."""
    return datetime.fromisoformat(at).astimezone().strftime("%H:%M")


def refusal(alert: Alert, what: str) -> str:
    return REFUSALS.get((alert.state, what), "That does not fit this alert any more.")


def opened(alert: Alert) -> str:
    if alert.kind == "help":
        return f"{alert.person} asks for help."
    if alert.kind == "test":
        return "A test of the alarm: nobody has fallen."
    late = " It was found after a restart of the program." if alert.found_after_restart else ""
    return f"Perhaps {alert.person} has fallen.{late}"


def snoozed(snooze: Snooze) -> str:
    why = f" ({snooze.why})" if snooze.why else ""
    return f"Alarms are switched off until {clock_of(snooze.until)} by {snooze.by}{why}."


def prompting(alert: Alert) -> str:
    return f"{alert.person} is asked: are you OK?"


def telling(name: str) -> str:
    return f"{name} is being told."


def skipping(name: str) -> str:
    return f"{name} is away and is passed over."


def nobody(alert: Alert, somebody_is_away: bool) -> str:
    if alert.simulated:
        return "A simulated person: nobody is told."
    if somebody_is_away:
        return "Everybody who could be told is away. It is tried again every minute."
    return "There is nobody to tell. Add a contact in the care plan; it is tried again every minute."


def reported(told: Told) -> str:
    late = ", late" if told.late else ""
    if told.detail is not None and told.state in ("delivered", "sent"):
        return f"Told {told.name}{late}. {told.detail}"
    if told.state == "delivered":
        return f"The message to {told.name} has arrived{late}."
    if told.state == "sent":
        return f"The message to {told.name} is on its way{late}; nobody says whether it arrives."
    return f"{told.name} cannot be reached: {told.detail or 'no channel works.'} It is tried again."


def taken(by: str, via: str) -> str:
    return f"{by} takes it{', by the link in the message' if via == 'link' else ''}."


def again(by: str) -> str:
    return f"{by} wants the others told as well."


def wearer_ok(alert: Alert, fell: bool | None) -> str:
    fallen = " A fall, without injury." if fell else ""
    return f"{alert.person} says: I am OK.{fallen}"


def wearer_help(alert: Alert) -> str:
    return f"{alert.person} says: I need help."


def asked(alert: Alert) -> str:
    return f"{_taker(alert)} is asked whether it is settled."


def unsettled(alert: Alert) -> str:
    return f"{_taker(alert)} has not said how it ended. The others are told again."


def settled(alert: Alert, by: str, outcome: str) -> str:
    return f"{by} says: {_ended(alert, outcome)}."


def _ended(alert: Alert, outcome: str) -> str:
    """What became of it; a call for help need not have been a fall."""
    return (alert.kind == "help" and ENDS_OF_CALLS.get(outcome)) or OUTCOMES.get(outcome, "over")


def test_done(alert: Alert) -> str:
    asked_for = [one for one in alert.told if one.key is not None]
    answered = sum(one.state == "acknowledged" for one in asked_for)
    return f"The test is over: {answered} of {len(asked_for)} have answered."


def _taker(alert: Alert) -> str:
    return str((alert.acknowledged or {}).get("by") or "Whoever took it")


def message(alert: Alert, what: What, name: str, now: datetime) -> tuple[str, str]:
    """(subject, body) of a message to one contact."""
    return letter(*_message(alert, what), name, now, simulated=alert.simulated)


def letter(subject: str, body: str, name: str, now: datetime, *, simulated: bool) -> tuple[str, str]:
    """(subject, body) as whatever goes out to a contact is addressed, marked and signed."""
    if simulated:
        subject, body = f"[Demo] {subject}", f"THIS IS A DEMONSTRATION with a simulated person.\n\n{body}"
    return subject, f"Hello {name},\n\n{body}\n\nSurefoot, {now.astimezone().strftime('%H:%M')}"


def _message(alert: Alert, what: What) -> tuple[str, str]:
    who, at = alert.person, clock_of(alert.at)
    if what == "fall":
        lying = " Since then there was hardly any movement." if alert.loud else ""
        said = "asked for help" if alert.fell is None and _said_help(alert) else "has not answered"
        return (
            f"{who} may have fallen",
            f"The sensor of {who} felt what may be a fall at {at}. {who} was asked and {said}.{lying}\n"
            f"Please call or go to {who} now. If you think that somebody is in danger, call the emergency number.",
        )
    if what == "help":
        return (
            f"{who} needs help",
            f"{who} pressed “I need help” at {at}.\nPlease call or go to {who} now."
            " If you think that somebody is in danger, call the emergency number.",
        )
    if what == "test":
        return (
            f"THIS IS A TEST: alarm for {who}",
            f"THIS IS A TEST of the alarm for {who}. Nobody has fallen.\n"
            "Please confirm that this message has reached you.",
        )
    if what == "ok":
        return f"{who} is OK", f"{who} says: “I am OK.” You need not do anything about the alarm of {at}."
    if what == "taken":
        return f"{_taker(alert)} takes care of {who}", f"{_taker(alert)} has taken the alarm of {at} for {who}."
    if what == "settled":
        ended = _ended(alert, alert.outcome or "")
        return f"Settled: {who}", f"The alarm of {at} for {who} is over: {ended}."
    return (
        f"How is {who}?",
        f"You took the alarm of {at} for {who}. Is it settled? Please say in Surefoot how it ended;"
        " otherwise the others are told again.",
    )


def _said_help(alert: Alert) -> bool:
    return any(line.what == "help" for line in alert.history)


def standing(alert: Alert, next_in_s: float | None) -> str:
    """How it stands, in a sentence."""
    if alert.state == "observing":
        return f"Perhaps {alert.person} has fallen. Surefoot waits a moment whether {alert.person} goes on."
    if alert.state == "prompting":
        return f"{alert.person} is being asked: are you OK? Without an answer help is called in {next_in_s or 0:.0f} s."
    if alert.state == "escalating":
        names = [one.name for one in alert.told if one.key is not None]
        return f"Nobody has taken it yet. Told: {', '.join(names)}." if names else alert.history[-1].text
    if alert.state == "acknowledged":
        return f"{_taker(alert)} takes care of {alert.person}."
    return str((alert.resolved or {}).get("why") or "Over.")


def budget(budget: Budget) -> str:
    """How often somebody was disturbed for nothing, and whether that is more than it should be."""
    week = budget.weeks[0]
    above = {
        (True, True): "Above the budget of false questions and of false calls.",
        (True, False): "Above the budget of false questions.",
        (False, True): "Above the budget of false calls.",
    }.get((budget.too_many_prompts, budget.too_many_calls), "Within the budget.")
    asked = called = ""
    if week.prompts:
        asked = f"Asked {_times(week.prompts)} in the last 7 days, {_of_them(week.prompts, week.false, week.unclear)}."
    if budget.calls:
        of_them = _of_them(budget.calls, budget.false_calls, budget.unclear_calls)
        called = f"Contacts called {_times(budget.calls)} in the last 28 days, {of_them}."
    return f"{above} {asked or 'Not asked in the last 7 days.'} {called or 'No contact called in the last 28 days.'}"


def _of_them(all_in_all: int, false: int, unclear: int) -> str:
    if all_in_all == 1:
        return "for nothing" if false else "unclear why" if unclear else "for a fall"
    return f"{false} of them false" + (f", {unclear} unclear" if unclear else "")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
