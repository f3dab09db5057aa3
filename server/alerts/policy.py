"""How an alert goes on: a table of transitions, and what time alone brings. Pure: no clock, no table, no channel.

Times are seconds of the alert clock. What `TRANSITIONS` does not name is refused. All waits are design, clinical
reference §10.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from server.alerts import words
from server.alerts.alert import Alert, Line, Message, Outcome, State, Told, ToldState, What
from server.alerts.care_plan import CarePlan, Contact, Snooze, iso

Happening = Literal[
    "due",  # its time has come
    "walked_on",  # the wearer walks again
    "ok",  # the wearer: I am OK
    "help",  # the wearer: I need help
    "acknowledged",  # somebody takes it
    "again",  # somebody: tell the others as well
    "resolved",  # somebody: this is how it ended
]

TRANSITIONS: Mapping[tuple[State, Happening], State] = {
    ("observing", "due"): "prompting",
    ("observing", "walked_on"): "resolved",
    ("observing", "ok"): "resolved",
    ("observing", "help"): "escalating",
    ("observing", "acknowledged"): "acknowledged",
    ("observing", "resolved"): "resolved",
    ("prompting", "due"): "escalating",
    ("prompting", "walked_on"): "resolved",
    ("prompting", "ok"): "resolved",
    ("prompting", "help"): "escalating",
    ("prompting", "acknowledged"): "acknowledged",
    ("prompting", "resolved"): "resolved",
    ("escalating", "due"): "escalating",
    ("escalating", "walked_on"): "escalating",
    ("escalating", "ok"): "resolved",
    ("escalating", "help"): "escalating",
    ("escalating", "acknowledged"): "acknowledged",
    ("escalating", "again"): "escalating",
    ("escalating", "resolved"): "resolved",
    ("acknowledged", "due"): "acknowledged",
    ("acknowledged", "walked_on"): "acknowledged",
    ("acknowledged", "ok"): "resolved",
    ("acknowledged", "help"): "acknowledged",
    ("acknowledged", "acknowledged"): "acknowledged",
    ("acknowledged", "again"): "escalating",
    ("acknowledged", "resolved"): "resolved",
    ("resolved", "ok"): "resolved",
    ("resolved", "help"): "escalating",
    ("resolved", "resolved"): "resolved",
}

ROUNDS = 3  # after so many turns of everybody the next ones come a quarter of an hour apart, for ever
LATER_S = 900.0
NOBODY_S = 60.0  # whether there is somebody to tell by now
SETTLED_WITHIN_S = 1800.0  # who took it is asked then whether it is settled ...
MOST_ASKED = 2  # ... and after so many times without an answer everybody is told again
TRIED_FOR_S = 12 * 3600.0  # a message that is not out after so long gets a successor
TEST_S = 1800.0  # a test waits so long for those who acknowledge it
STILL_S = 60.0  # lying still for so long makes it loud at once
MOST_HISTORY = 400


class NotNowError(Exception):
    """What was asked for does not fit how far the alert has come; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class Now:
    """This moment, on the alert clock and on the wall."""

    s: float
    wall: datetime

    @property
    def iso(self) -> str:
        return iso(self.wall)


@dataclass(frozen=True, slots=True)
class Step:
    """What an alert has become, and the messages that this brings, in order."""

    alert: Alert
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Who said or did something, through which page or link, and what belongs to it."""

    by: str = ""
    via: str = "page"
    fell: bool | None = None
    outcome: Outcome | None = None
    label: str | None = None
    note: str | None = None


def opened(alert: Alert, plan: CarePlan, now: Now, snooze: Snooze | None = None) -> Step:
    """A new alert, `observing` since `now`, goes where it belongs."""
    alert = _noted(alert, now, "opened", words.opened(alert))
    if alert.kind != "fall":
        return _escalate(alert, plan, now)
    if alert.confidence is not None and alert.confidence < plan.least_confidence:
        return Step(_resolved(alert, now, "not_told", "Surefoot", words.UNSURE))
    left_s = 0.0 if snooze is None else snooze.left_s(now.s, now.wall)
    if snooze is not None and left_s > 0.0:
        alert = _noted(alert, now, "snoozed", words.snoozed(snooze))
        return Step(replace(alert, due_s=now.s + left_s))
    return advanced(replace(alert, due_s=alert.happened_s + plan.observe_s), plan, now)


def woken(alert: Alert, plan: CarePlan, now: Now) -> Step:
    """The snooze is over before its time: a fall that it has kept back is asked about now, or let be."""
    kept_back = alert.state == "observing" and any(line.what == "snoozed" for line in alert.history)
    due_s = max(now.s, alert.happened_s + plan.observe_s)
    return advanced(replace(alert, due_s=due_s), plan, now) if kept_back else Step(alert)


def advanced(alert: Alert, plan: CarePlan, now: Now) -> Step:
    """What time has brought by now, each thing once, however late this is asked."""
    messages: tuple[Message, ...] = ()
    while alert.open and alert.due_s is not None and alert.due_s <= now.s:
        step = _due(alert, plan, now)
        alert, messages = step.alert, messages + step.messages
    return Step(alert, messages)


def happened(alert: Alert, plan: CarePlan, what: Happening, now: Now, said: Said | None = None) -> Step:
    """What somebody says or the sensor shows. Raises NotNowError where the table has no place for it."""
    said = said or Said()
    target = TRANSITIONS.get((alert.state, what))
    if target is None:
        raise NotNowError(words.refusal(alert, what))
    if what == "walked_on":
        return Step(_walks_on(alert, now, target))
    if what == "ok":
        return _ok(alert, now, said)
    if what == "help":
        return _help(alert, plan, now, target)
    if what == "acknowledged":
        return _taken(alert, now, said)
    if what == "again":
        return _escalate(_noted(alert, now, "again", words.again(said.by)), plan, now)
    if what == "resolved":
        return _settled(alert, now, said)
    return advanced(replace(alert, due_s=now.s), plan, now)


def felt(alert: Alert, plan: CarePlan, now: Now, still_s: float | None) -> Alert:
    """The alert, loud where it must be: lying still for a minute, or half of the time to answer gone."""
    still = still_s is not None and still_s >= STILL_S
    half = alert.state == "prompting" and now.s - alert.since_s >= 0.5 * plan.prompt_s
    return replace(alert, loud=alert.state in ("prompting", "escalating") and (still or half))


def reported(
    alert: Alert,
    plan: CarePlan,
    now: Now,
    key: str,
    state: ToldState,
    detail: str | None,
    channel: str | None = None,
) -> Alert:
    """What became of a message; whom nothing reaches is not waited for, while there are others who know nothing."""
    told = tuple(
        replace(
            one,
            state=state,
            detail=None if detail == "late" else detail,
            at=now.iso,
            late=detail == "late",
            channel=channel or one.channel,
        )
        if one.key == key and one.state != "acknowledged"
        else one
        for one in alert.told
    )
    if told == alert.told:
        return alert
    changed = replace(alert, told=told)
    whom = next(one for one in told if one.key == key)
    if state in ("sent", "delivered", "failed"):
        changed = _noted(changed, now, state, words.reported(whom))
    last = key == _key(alert, alert.kind, whom.contact_id, alert.turn - 1)
    if state == "failed" and last and alert.turn < len(plan.contacts) and changed.state == "escalating":
        return replace(changed, due_s=now.s)
    return changed


def wanted(alert: Alert, what: What) -> bool:
    """Whether a message that is not out yet still is of use."""
    if what in ("fall", "help"):
        return alert.state == "escalating"
    if what == "test":
        return alert.open
    return what != "open" or alert.state == "acknowledged"


# --- what each transition does ---


def _due(alert: Alert, plan: CarePlan, now: Now) -> Step:
    if alert.state == "observing":
        if any(line.what == "snoozed" for line in alert.history) and (alert.got_up_s is not None or not alert.lying_s):
            return Step(_resolved(alert, now, "not_told", "Surefoot", words.SNOOZED))
        at_s = now.s if now.s - (alert.due_s or now.s) > plan.prompt_s else (alert.due_s or now.s)
        prompting = replace(_become(alert, now, "prompting"), since_s=at_s, due_s=at_s + plan.prompt_s)
        return Step(_noted(prompting, now, "prompting", words.prompting(prompting)))
    if alert.kind == "test":
        return Step(_resolved(alert, now, "test_done", "Surefoot", words.test_done(alert)))
    if alert.state == "acknowledged":
        return _ask_again(alert, plan, now)
    return _escalate(alert, plan, now)


def _escalate(alert: Alert, plan: CarePlan, now: Now) -> Step:
    """The next contact's turn; in a test everybody's at once."""
    if alert.state != "escalating":
        alert = replace(_become(alert, now, "escalating"), outcome=None, resolved=None, acknowledged=None)
    contacts = plan.contacts_told(simulated=alert.simulated)
    reachable = [one for one in contacts if not one.is_away(now.wall)]
    if not reachable:
        return Step(_nobody(alert, contacts, now))
    messages: tuple[Message, ...] = ()
    if alert.kind == "test":
        for contact in reachable:
            alert, message = _tell(alert, contact, now, 0)
            messages = (*messages, message)
        return Step(replace(alert, turn=len(contacts), due_s=now.s + TEST_S), messages)
    turn = alert.turn
    while contacts[turn % len(contacts)].is_away(now.wall):
        alert = _skipped(alert, contacts[turn % len(contacts)], now)
        turn += 1
    contact = contacts[turn % len(contacts)]
    if not _on_its_way(alert, contact, now):
        alert, message = _tell(alert, contact, now, turn)
        messages = (message,)
    last_of_round = (turn + 1) % len(contacts) == 0
    wait_s = max(contact.wait_s, LATER_S) if last_of_round and turn // len(contacts) >= ROUNDS - 1 else contact.wait_s
    return Step(replace(alert, turn=turn + 1, due_s=now.s + wait_s), messages)


def _on_its_way(alert: Alert, contact: Contact, now: Now) -> bool:
    """Whether the last message to a contact is still being tried: a second one would only be one too many."""
    told = next((one for one in alert.told if one.contact_id == contact.id), None)
    return told is not None and told.state in ("pending", "failed") and now.s - told.asked_s < TRIED_FOR_S


def _nobody(alert: Alert, contacts: tuple[Contact, ...], now: Now) -> Alert:
    alert = replace(alert, due_s=now.s + NOBODY_S)
    for contact in contacts:
        alert = _skipped(alert, contact, now)
    if alert.history and alert.history[-1].what == "nobody":
        return alert
    return _noted(alert, now, "nobody", words.nobody(alert, bool(contacts)))


def _tell(alert: Alert, contact: Contact, now: Now, turn: int) -> tuple[Alert, Message]:
    message = _message(alert, contact.id, contact.name, alert.kind, turn, now)
    told = Told(contact.id, contact.name, contact.role, "pending", at=now.iso, key=message.key, asked_s=now.s)
    return _noted(_with(alert, told), now, "told", words.telling(contact.name)), message


def _skipped(alert: Alert, contact: Contact, now: Now) -> Alert:
    told = Told(contact.id, contact.name, contact.role, "skipped", at=now.iso, detail=words.AWAY)
    known = next((one for one in alert.told if one.contact_id == contact.id), None)
    if known is not None and known.state != "waiting":
        return alert
    return _noted(_with(alert, told), now, "skipped", words.skipping(contact.name))


def _with(alert: Alert, told: Told) -> Alert:
    kept = [one for one in alert.told if one.contact_id != told.contact_id]
    return replace(alert, told=(*kept, told))


def _message(alert: Alert, contact_id: str, name: str, what: What, turn: int, now: Now) -> Message:
    subject, body = words.message(alert, what, name, now.wall)
    return Message(_key(alert, what, contact_id, turn), alert.id, contact_id, name, what, subject, body)


def _key(alert: Alert, what: What, contact_id: str, number: int) -> str:
    return f"{alert.id}/{what}/{contact_id}/{number}"


def _to_the_told(alert: Alert, what: What, now: Now, but: str = "") -> tuple[Message, ...]:
    """One message to everybody whom an earlier one was for."""
    whom = [one for one in alert.told if one.key is not None and one.name != but]
    return tuple(_message(alert, one.contact_id, one.name, what, len(alert.history), now) for one in whom)


def _walks_on(alert: Alert, now: Now, target: State) -> Alert:
    if target == "resolved":
        return _resolved(alert, now, "walked_on", "Surefoot", words.WALKS)
    return _noted(alert, now, "walked_on", words.WALKS)


def _ok(alert: Alert, now: Now, said: Said) -> Step:
    outcome: Outcome = "fall_no_injury" if said.fell else "false_alarm"
    was_open = alert.open
    alert = replace(alert, fell=said.fell)
    answered = _resolved(alert, now, outcome, alert.person, words.wearer_ok(alert, said.fell))
    return Step(answered, _to_the_told(answered, "ok", now) if was_open else ())


def _help(alert: Alert, plan: CarePlan, now: Now, target: State) -> Step:
    alert = _noted(alert, now, "help", words.wearer_help(alert))
    if target == "acknowledged" or alert.state == "escalating":
        return Step(alert)  # somebody has it, or the next one's turn comes anyway
    return _escalate(alert, plan, now)


def _taken(alert: Alert, now: Now, said: Said) -> Step:
    told = tuple(
        replace(one, state="acknowledged", at=now.iso, detail=None) if one.name == said.by else one
        for one in alert.told
    )
    alert = _noted(replace(alert, told=told), now, "acknowledged", words.taken(said.by, said.via))
    if alert.kind == "test":  # each proves the chain for one
        waiting = any(one.key is not None and one.state != "acknowledged" for one in told)
        return Step(alert if waiting else _resolved(alert, now, "test_done", said.by, words.test_done(alert)))
    mark = {"by": said.by, "at": now.iso, "via": said.via}
    taken = replace(_become(alert, now, "acknowledged"), acknowledged=mark, due_s=now.s + SETTLED_WITHIN_S, asked=0)
    return Step(taken, _to_the_told(taken, "taken", now, but=said.by))


def _ask_again(alert: Alert, plan: CarePlan, now: Now) -> Step:
    """Who took it has not said how it ended."""
    if alert.asked >= MOST_ASKED:
        return _escalate(_noted(alert, now, "unsettled", words.unsettled(alert)), plan, now)
    alert = replace(alert, asked=alert.asked + 1, due_s=now.s + SETTLED_WITHIN_S)
    by = (alert.acknowledged or {}).get("by")
    whom = next((one for one in alert.told if one.name == by), None)
    alert = _noted(alert, now, "asked", words.asked(alert))
    if whom is None:
        return Step(alert)
    return Step(alert, (_message(alert, whom.contact_id, whom.name, "open", len(alert.history), now),))


def _settled(alert: Alert, now: Now, said: Said) -> Step:
    outcome = said.outcome or alert.outcome or "false_alarm"
    was_open = alert.open
    label = said.label or (alert.label if outcome == alert.outcome else None)  # a label says what a false alarm was
    alert = replace(alert, label=label, note=said.note or alert.note)
    settled = _resolved(alert, now, outcome, said.by, words.settled(alert, said.by, outcome))
    return Step(settled, _to_the_told(settled, "settled", now, but=said.by) if was_open else ())


def _resolved(alert: Alert, now: Now, outcome: Outcome, by: str, why: str) -> Alert:
    mark = {"by": by, "at": now.iso, "why": why}
    done = replace(_become(alert, now, "resolved"), outcome=outcome, resolved=mark, due_s=None, loud=False)
    return _noted(done, now, "resolved", why)


def _become(alert: Alert, now: Now, state: State) -> Alert:
    return replace(alert, state=state, since=now.iso, since_s=now.s)


def _noted(alert: Alert, now: Now, what: str, text: str) -> Alert:
    return replace(alert, history=(*alert.history, Line(now.iso, what, text))[-MOST_HISTORY:])
