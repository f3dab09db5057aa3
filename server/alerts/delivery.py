"""Everything on the way out of one server: the worker, the links in its messages, the dead-man's switch."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from server.alerts import services, words
from server.alerts.alert import Alert
from server.alerts.channels import is_webhook
from server.alerts.dead_man import DeadMan
from server.alerts.keeper import Alerts
from server.alerts.link_page import LinkView
from server.alerts.links import hash_of, link_key
from server.alerts.policy import NotNowError, Said
from server.alerts.worker import Keeper, Times, Worker
from server.storage.alerts import NoSuchAlertError, alert_by_id
from server.storage.outbox import message_of_link
from server.storage.store import Store


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody who holds a link may know: whom it was for, until when it is good, and how the alarm stands."""

    alert_id: str
    contact: str
    until: str
    view: LinkView


class Delivery:
    """Brings out what `alerts` decides."""

    def __init__(self, directory: Path, store: Store, alerts: Alerts, keeper: Keeper | None = None) -> None:
        """`keeper` decides on the messages where others than the alerts write some too.

        Raises OSError when the links' secret cannot be kept.
        """
        self.dead_man_url: str | None = None
        self._store = store
        self._alerts = alerts
        times = Times(lambda: alerts.now().s, lambda: alerts.now().wall)
        self.worker = Worker(store, keeper or alerts, link_key(directory), times=times)
        self.dead_man = DeadMan(store, self._dead_man_urls, self._unwell)
        alerts.hand_over = self.worker.hand_over

    @property
    def public_url(self) -> str:
        """How receivers of messages reach this server."""
        return self.worker.public_url

    @public_url.setter
    def public_url(self, url: str) -> None:
        self.worker.public_url = url

    @property
    def fault(self) -> str | None:
        """A sentence while messages do not get out, or the outside does not hear that all is well."""
        return self.worker.fault or self.dead_man.fault

    async def run_for_ever(self) -> None:
        """The worker's work."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.worker.run_for_ever())
            urls = [ch.url for plan in self._alerts.plans() for one in plan.contacts for ch in one.channels]
            if not all(is_webhook(url) for url in urls):
                group.create_task(asyncio.to_thread(services.warm))

    async def held(self, token: str) -> Held | None:
        """What a link opens; None for one that was never given out."""
        link_hash = hash_of(token)
        link = self.worker.message_of_link(link_hash)
        if link is None:
            link = await asyncio.to_thread(self._store.read, partial(message_of_link, link_hash=link_hash))
        if link is None:
            return None
        alert = await self._alert(link["alert_id"])
        return None if alert is None else _held(link, alert)

    async def take(self, held: Held) -> None:
        """Whoever holds the link takes the alarm; nothing happens where it is too late for that."""
        try:
            await self._alerts.happened(held.alert_id, "acknowledged", Said(by=held.contact, via="link"))
        except NotNowError:
            return  # the page says how it stands

    async def _alert(self, alert_id: str) -> Alert | None:
        present = self._alerts.present(alert_id)
        if present is not None:
            return present
        try:
            return await asyncio.to_thread(self._store.read, partial(alert_by_id, alert_id=alert_id))
        except NoSuchAlertError:
            return None

    def _dead_man_urls(self) -> set[str]:
        own = {self.dead_man_url} if self.dead_man_url else set()
        return own | {plan.dead_man_url for plan in self._alerts.plans() if plan.dead_man_url}

    def _unwell(self) -> str | None:
        return None if self.worker.alive else "Messages would not get out."


def _held(link: Mapping[str, Any], alert: Alert) -> Held:
    contact = str(link["contact_name"])
    if alert.kind == "test":  # each of those who are told proves it for one
        proven = any(one.name == contact and one.state == "acknowledged" for one in alert.told)
        taken_by = contact if proven else None
    else:
        taken_by = (alert.acknowledged or {}).get("by")
    view = LinkView(
        kind=alert.kind,
        person=alert.person,
        at=f"at {words.clock_of(alert.at)}",
        text=words.standing(alert, None),
        taken_by=taken_by,
        over=not alert.open,
    )
    return Held(alert.id, contact, str(link["link_until"]), view)
