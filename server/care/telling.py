"""Who hears of a notice, and when: contacts by their care plan, outside quiet hours, once each. Pure."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from server.alerts.alert import Message, What
from server.alerts.care_plan import CarePlan, Contact
from server.alerts.policy import Now
from server.care import words
from server.care.notice import REACHED, Notice, ToldOf
from server.care.quiet import is_quiet
from server.names import name_key

BETWEEN = "  "  # no name's key has two spaces in a row


def told_now(notice: Notice, plans: Sequence[CarePlan], now: Now) -> tuple[Notice, list[Message]]:
    """The notice with whoever is told of it now, and the messages.

    plans: the person's, or everybody's where it concerns the whole server. That it is over is told to those whom the
    first message has reached, and to nobody else.
    """
    if notice.open:
        return _of_trouble(notice, plans, now)
    return _of_its_end(notice, plans, now)


def settled(notice: Notice) -> bool:
    """Whether nothing is left to be told of a notice that is over."""
    return not notice.open and all(one.over or one.state == "dropped" or notice.kind == "advice" for one in notice.told)


def _of_trouble(notice: Notice, plans: Sequence[CarePlan], now: Now) -> tuple[Notice, list[Message]]:
    if notice.level != "carer":
        return notice, []
    messages = []
    for plan, contact in _whom(notice, plans, now):
        key = f"{notice.id}/{_what(notice)}/{_short(address(plan, contact.id))}/0"
        subject, body = words.trouble(notice, contact.name, now.wall)
        messages.append(_message(notice, key, plan, contact.id, contact.name, subject, body))
        told = ToldOf(contact.id, name_key(plan.person), contact.name, now.iso, key)
        notice = replace(notice, told=(*notice.told, told))
    return notice, messages


def _of_its_end(notice: Notice, plans: Sequence[CarePlan], now: Now) -> tuple[Notice, list[Message]]:
    by_key = {name_key(plan.person): plan for plan in plans}
    messages, told = [], []
    for one in notice.told:
        plan = by_key.get(one.plan_of)
        if one.over or one.state not in REACHED or notice.kind == "advice" or (plan and is_quiet(plan, now.wall)):
            told.append(one)
            continue
        told.append(replace(one, over=True))
        if plan is not None:  # else nobody knows any more how to reach them
            subject, body = words.ended(notice, one.name, now.wall)
            key = f"{one.key.rsplit('/', 1)[0]}/1"
            messages.append(_message(notice, key, plan, one.contact_id, one.name, subject, body))
    return replace(notice, told=tuple(told)), messages


def _whom(notice: Notice, plans: Iterable[CarePlan], now: Now) -> Iterator[tuple[CarePlan, Contact]]:
    """Whoever is to be told and has not been; nobody twice because two plans name them."""
    known = {name_key(one.name) for one in notice.told}
    for plan in plans:
        if is_quiet(plan, now.wall):
            continue
        for contact in plan.contacts_told(simulated=notice.simulated):
            wanted = is_therapist(contact) if notice.kind == "advice" else contact.technical
            if wanted and name_key(contact.name) not in known and not contact.is_away(now.wall):
                known.add(name_key(contact.name))
                yield plan, contact


def is_therapist(contact: Contact) -> bool:
    """By the word for their part: therapist, physiotherapist, physical therapy ..."""
    return "therap" in contact.role.casefold()


def _what(notice: Notice) -> What:
    return "advice" if notice.kind == "advice" else "technical"


def address(plan: CarePlan, contact_id: str) -> str:
    """Names a contact among those of all plans; contacts' ids are of one plan."""
    return f"{contact_id}{BETWEEN}{name_key(plan.person)}"


def contact_at(named: str) -> tuple[str, str]:
    """(contact's id, key of the plan's person): the inverse of `address`."""
    contact_id, _, plan_of = named.rpartition(BETWEEN)
    return contact_id, plan_of


def _short(named: str) -> str:
    """In characters that go into any header."""
    return hashlib.sha256(named.encode()).hexdigest()[:12]


def _message(notice: Notice, key: str, plan: CarePlan, contact_id: str, name: str, subject: str, body: str) -> Message:
    return Message(key, notice.id, address(plan, contact_id), name, _what(notice), subject, body)
