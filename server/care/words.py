"""Every sentence of a notice: plain and calm, with what can be done. None of them may read like an alarm."""

from collections.abc import Mapping
from datetime import datetime

from server.alerts.words import clock_of, letter
from server.care.notice import Notice, NoticeKind

WHAT_TO_DO: Mapping[NoticeKind, str] = {
    "no_data": "Please see whether the sensor is on, charged and near the computer.",
    "not_worn": "Please put the sensor on again when you are up.",
    "battery": "Please charge the sensor, or change its battery.",
    "disk": "Please free some space on the computer that Surefoot runs on.",
    "unwritten": "Please free some space on the computer that Surefoot runs on; nothing is lost until it is restarted.",
    "clock": "Nothing needs to be done: running countdowns do not follow the clock that was set.",
    "delivery": "Please check the address and the network, and send a test alarm.",
    "restart": "Please look at the list of alarms.",
    "advice": "This is a note, not an alarm.",
}
TITLES: Mapping[NoticeKind, str] = {
    "no_data": "The sensor sends nothing",
    "not_worn": "The sensor is not worn",
    "battery": "The sensor's battery is low",
    "disk": "The disk is nearly full",
    "unwritten": "The disk takes nothing more",
    "clock": "The computer's clock was set",
    "delivery": "Messages do not get out",
    "restart": "Surefoot was restarted during an alarm",
    "advice": "More stumbles than usual",
}
UNWATCHED = "Meanwhile a fall would not be noticed."
BLIND: frozenset[NoticeKind] = frozenset({"no_data", "not_worn"})


def no_data(person: str) -> str:
    return f"No data come from the sensor of {person}. {UNWATCHED}"


def not_worn(person: str) -> str:
    return f"The sensor of {person} lies still, as if nobody wore it. {UNWATCHED}"


def battery(person: str, percent: float) -> str:
    return f"The battery of the sensor of {person} is at {percent:.0f} %."


def disk(free_bytes: float) -> str:
    return f"The disk has {free_bytes / 1e9:.1f} GB left. When it is full, nothing more is recorded."


def clock(by_s: float) -> str:
    size = f"{abs(by_s):.0f} s" if abs(by_s) < 120 else f"{abs(by_s) / 60:.0f} min"
    return f"The computer's clock was set {'forward' if by_s > 0 else 'back'} by {size}."


def restart(person: str) -> str:
    return f"Surefoot was restarted while an alarm for {person} was open. The alarm goes on."


def what_to_do(notice: Notice) -> str:
    return WHAT_TO_DO[notice.kind]


def standing(notice: Notice) -> str:
    """How it stands, in a sentence or two."""
    if notice.open:
        return notice.text
    if notice.ended == "session_ended":
        return f"{notice.text} The session has ended since."
    return f"It is over: {TITLES[notice.kind][0].lower()}{TITLES[notice.kind][1:]} no longer."


def trouble(notice: Notice, name: str, now: datetime) -> tuple[str, str]:
    """(subject, body) for one contact."""
    title = TITLES[notice.kind]
    if notice.kind == "advice":
        subject = f"Note on {notice.person}: {title[0].lower()}{title[1:]}"
        return _marked(notice, subject, [notice.text, WHAT_TO_DO["advice"]], name, now)
    subject = f"Technical notice: {title[0].lower()}{title[1:]}{_of(notice)}"
    since = f"It began at {clock_of(notice.at)}. "
    body = f"{notice.text}\n{since}{WHAT_TO_DO[notice.kind]}"
    return _marked(notice, subject, ["This is a technical notice, not an alarm.", body], name, now)


def ended(notice: Notice, name: str, now: datetime) -> tuple[str, str]:
    """(subject, body) that tells one contact that it is over."""
    title = TITLES[notice.kind]
    told = f"At {clock_of(notice.at)} it was: {title[0].lower()}{title[1:]}{_of(notice)}."
    if notice.ended == "session_ended":
        more = " Until the sensor is used again, a fall is not noticed." if notice.kind in BLIND else ""
        subject, line = "the session has ended", f"The session has ended.{more}"
    else:
        subject, line = "all is well again", "All is well again, and nothing needs to be done."
    return _marked(notice, f"Technical notice: {subject}{_of(notice)}", [line, told], name, now)


def _marked(notice: Notice, subject: str, parts: list[str], name: str, now: datetime) -> tuple[str, str]:
    return letter(subject, "\n\n".join(parts), name, now, simulated=notice.simulated)


def _of(notice: Notice) -> str:
    return f" ({notice.person})" if notice.person else ""
