"""What may come of one attempt to send a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """A service has taken the message and passes it on; whether it arrives, nobody tells us."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver itself has answered that it has the message."""


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not be taken however often it is tried; `why` is a sentence without secrets."""

    why: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """It did not get there this time; `why` is a sentence without secrets. `hangs`: no answer came at all."""

    why: str
    hangs: bool = False


Outcome = Sent | Delivered | Refused | Unreachable


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `key` is the same however often and whichever way it is sent; `facts` are for programs."""

    key: str
    subject: str
    body: str
    facts: dict[str, object]


TRY_AGAIN_STATUSES = frozenset({408, 425, 429})


def of_status(status: int, who: str) -> Outcome:
    """What an HTTP answer means. 408, 425, 429 and 5xx may pass; other refusals need somebody to mend the channel."""
    if 200 <= status < 300:
        return Delivered()
    if status in TRY_AGAIN_STATUSES or status >= 500:
        return Unreachable(f"{who} could not take the message just now (HTTP {status}).")
    if 300 <= status < 400:
        return Refused(f"{who} sends us elsewhere (HTTP {status}); give the channel its final address.")
    return Refused(f"{who} does not take the message (HTTP {status}); check the channel's address and password.")
