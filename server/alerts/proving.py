"""What one attempt came to, on one channel or on all of them at once (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.alerts.outcome import Delivered, Outcome, Refused, Sent, Unreachable


@dataclass(frozen=True, slots=True)
class Went:
    """What came of an attempt, the kind of channel it went through, and what else is to be said of it."""

    outcome: Outcome
    channel: str | None
    detail: str | None = None


def proven(went: Sequence[Went]) -> Went:
    """One message that went through several channels: it has arrived when it has on one of them."""
    said = " ".join(f"{one.channel}: {_said(one.outcome)}" for one in went)
    worked = [one for one in went if isinstance(one.outcome, Sent | Delivered)]
    names = ", ".join(dict.fromkeys(str(one.channel) for one in worked or went))
    for kind in (Delivered, Sent):
        if any(isinstance(one.outcome, kind) for one in worked):
            return Went(kind(), names, said)
    refused = all(isinstance(one.outcome, Refused) for one in went)
    return Went(Refused(said) if refused else Unreachable(said), names)


def _said(outcome: Outcome) -> str:
    if isinstance(outcome, Delivered):
        return "arrived."
    return "on its way." if isinstance(outcome, Sent) else outcome.why
