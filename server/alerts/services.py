"""Channels through apprise: e-mail, SMS gateways, chat and push, each by its URL."""

import logging
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from server.alerts.outcome import Delivered, Message, Outcome, Refused, Sent, Unreachable, of_status

if TYPE_CHECKING:
    from apprise import Apprise, NotifyBase

STATUS = re.compile(r"error=(\d{3})\b")  # how apprise's services report an HTTP answer


def warm() -> None:
    """Import apprise before it is needed: the first alarm does not wait for that."""
    load("json://localhost")


def load(url: str) -> "tuple[Apprise, NotifyBase] | None":
    """The service that a URL names, None when apprise does not know it. Imports apprise: half a second once."""
    from apprise import Apprise, AppriseAsset

    _keep_quiet()
    asset = AppriseAsset(
        app_id="Surefoot",
        app_desc="Surefoot",
        app_url="",
        image_url_mask="",  # no picture is fetched from elsewhere
        async_mode=False,  # we have threads of our own, one for each message
        secure_logging=True,
        storage_mode="memory",
    )
    service = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        return None
    many = Apprise(asset=asset)
    many.add(service)
    return many, service


def described(url: str) -> tuple[str, str] | None:
    """(kind, URL with its secrets masked), None when apprise does not know it."""
    loaded = load(url)
    if loaded is None:
        return None
    service = loaded[1]
    return str(service.service_name or urlsplit(url).scheme), _short(str(service.url(privacy=True)))  # type: ignore[no-untyped-call]


def send(url: str, message: Message, limit_s: float) -> Outcome:
    """One attempt; blocks for about `limit_s` at most."""
    loaded = load(url)
    if loaded is None:
        return Refused("This is no address that messages can be sent to; correct the channel.")
    notifier, service = loaded
    service.socket_connect_timeout = min(service.socket_connect_timeout, limit_s)
    service.socket_read_timeout = limit_s
    kind = str(service.service_name or "The service")
    with notifier.notify(body=message.body, title=message.subject, timeout=limit_s) as result:
        if result:
            return Sent()
        hangs = result.timeout_count > 0
        statuses = [int(found[1]) for line in result.logs() if (found := STATUS.search(str(line)))]
    if not statuses:
        return Unreachable(f"{kind} could not be reached, or did not take the message.", hangs)
    said = of_status(statuses[-1], kind)
    return Unreachable(f"{kind} did not take the message.") if isinstance(said, Delivered) else said


def _short(masked: str) -> str:
    """Without apprise's own options behind the question mark."""
    return masked.partition("?")[0]


def _keep_quiet() -> None:
    """Apprise's log lines name recipients, and its debug lines what is sent: they reach nobody but apprise itself."""
    for name in ("apprise", "urllib3", "requests"):
        logging.getLogger(name).propagate = False
