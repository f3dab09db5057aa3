"""One outbox, two who decide: what is asked about a message goes to the alerts or to the notices, by its name."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.alerts.keeper import Alerts
from server.care.keeper import Care

NOTICES = "notice-"


@dataclass(frozen=True, slots=True)
class Post:
    """What the worker of the outbox asks (server.alerts.worker.Keeper)."""

    alerts: Alerts
    care: Care

    def addresses_of(self, alert_id: str, contact_id: str) -> Sequence[str]:
        if alert_id.startswith(NOTICES):
            return self.care.addresses_of(contact_id)
        return self.alerts.addresses_of(alert_id, contact_id)

    def wanted(self, key: str, alert_id: str, what: str) -> bool:
        if alert_id.startswith(NOTICES):
            return self.care.wanted(key, alert_id)
        return self.alerts.wanted(key, alert_id, what)

    def delivered(self, key: str, state: str, detail: str | None, channel: str | None) -> None:
        (self.care if key.startswith(NOTICES) else self.alerts).delivered(key, state, detail, channel)
