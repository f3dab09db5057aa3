"""The ways out: which kinds of channel there are, and one attempt through any of them that never takes too long."""

from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import structlog

from server.alerts import services, webhook
from server.alerts.outcome import Message, Outcome, Unreachable
from server.alerts.threads import within

log = structlog.get_logger("channels")

LIMIT_S = 15.0  # for one attempt: a mail server that greets slowly takes 10 s, a caller waits for no more
GRACE_S = 5.0  # what an attempt may take longer than its own limits say before it is left alone
MOST_AT_ONCE = 64  # threads; only attempts that hang for ever could fill them


@dataclass(frozen=True, slots=True)
class Described:
    """A channel as a page may show it: its kind, and its address without secrets."""

    kind: str
    shown: str


def problem_with(url: str) -> str | None:
    """Why this URL is no channel, as a sentence; None when it is one. Blocks for half a second the first time."""
    if is_webhook(url):
        try:
            webhook.parse(url)
        except webhook.WebhookError as error:
            return str(error)
        return None
    if services.described(url) is None:
        return "This is no address that messages can be sent to (for example mailto://user:password@host)."
    return None


def described(url: str) -> Described:
    """Without secrets. Blocks for half a second the first time."""
    if is_webhook(url):
        try:
            hook = webhook.parse(url)
        except webhook.WebhookError:
            return Described("Webhook", "an address that cannot be used")
        return Described("Webhook", f"{hook.scheme}://{hook.who}{urlsplit(hook.target).path}")
    known = services.described(url)
    return Described("Unknown", "an address that cannot be used") if known is None else Described(*known)


class Channels:
    """Sends, each message in a thread of its own: one that hangs holds no other up, and is left alone in the end."""

    def __init__(self, limit_s: float = LIMIT_S, grace_s: float = GRACE_S) -> None:
        self._limit_s = limit_s
        self._grace_s = grace_s
        self._under_way = 0

    async def send(self, url: str, message: Message) -> Outcome:
        """One attempt, over after `limit_s` + `grace_s` at the latest. Never raises for what a channel does."""
        if self._under_way >= MOST_AT_ONCE:
            return Unreachable("Too many messages hang already; this one waits.")

        def ended() -> None:
            self._under_way -= 1

        self._under_way += 1
        attempt = partial(_attempted, url, message, self._limit_s)
        try:
            return await within(self._limit_s + self._grace_s, attempt, ended)
        except TimeoutError:
            return Unreachable("There was no answer in time.", hangs=True)


def _attempted(url: str, message: Message, limit_s: float) -> Outcome:
    try:
        if is_webhook(url):
            return webhook.send(url, message, limit_s)
        return services.send(url, message, limit_s)
    except Exception as error:  # noqa: BLE001 - a hundred services' own code: whatever it raises, this message did not go
        log.error("a channel's own code failed", error=type(error).__name__)  # its text may hold secrets
        return Unreachable("The channel failed inside Surefoot.")


def is_webhook(url: str) -> bool:
    """Whether it is our own kind of channel, which needs nobody else's code."""
    return url.partition("://")[0].lower() in webhook.SCHEMES
