"""The alerts that are open and what happens to them: the one owner of every alert."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import structlog
from sqlalchemy import Connection

from dsp.events import Event
from dsp.falls.aftermath import Fallen
from server.alerts import policy
from server.alerts.alert import Alert, Kind, ToldState
from server.alerts.care_plan import CarePlan, Snooze, iso
from server.alerts.clock import AlertClock, Mark, Sources
from server.alerts.policy import Happening, Now, Said, Step
from server.alerts.shapes import alert_shape
from server.hub import Hub
from server.models_alerts import AlertShape
from server.names import name_key
from server.session import Session
from server.storage.alerts import (
    alert_by_id,
    alerts_of_session,
    care_plans,
    keep_alert,
    keep_care,
    mark_acknowledged,
    open_alerts,
    outbox_row,
)
from server.storage.facts import fact, set_fact
from server.storage.store import Store
from server.ticking import ticks
from server.wire import message

log = structlog.get_logger("alerts")

TICK_S = 0.2
MARKS_EVERY = 150  # ticks between two notes of the clock, half a minute
MOST_LATELY = 50  # alerts that are over and still at hand
ONE_FALL_S = 30.0  # two falls of one person within this are one: a second sensor, or a second blow
SAME_S = 0.1  # a retraction names the fall's own time
OLD_S = 24 * 3600.0  # what is found so late after a restart is kept, and nobody is called
DISK_PATIENCE_S = 1.0  # a message does not wait longer for the disk
CLOCK_FACT = "alert_clock"


@dataclass(frozen=True, slots=True)
class AlertOptions:
    """Where the keeper's time comes from."""

    sources: Sources | None = None
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)


class Alerts:
    """Plain code on one event loop; what it decides is written and brought out behind it."""

    def __init__(
        self, store: Store, hub: Hub, sessions: Mapping[str, Session], options: AlertOptions | None = None
    ) -> None:
        self.open: dict[str, Alert] = {}
        self.hand_over: Callable[[Iterable[Mapping[str, Any]]], None] = lambda rows: None  # set by who delivers
        self._store = store
        self._hub = hub
        self._sessions = sessions
        self._options = options or AlertOptions()
        self._clock = AlertClock(self._options.sources)
        self._care: dict[str, tuple[CarePlan, Snooze | None]] = {}
        self._lately: dict[str, Alert] = {}  # by id: those that ended last, the newest at the end
        self._work: set[asyncio.Task[None]] = set()
        self._ticks = 0

    async def take_up(self) -> None:
        """At the start: the alerts that were open when the program ended go on."""
        self._care = await asyncio.to_thread(self._store.read, care_plans)
        kept = await asyncio.to_thread(self._store.read, partial(fact, name=CLOCK_FACT))
        if kept is not None:
            alert_s, boot, boot_s, wall_s = kept.split(" ")
            last = Mark(float(alert_s), boot or None, float(boot_s), float(wall_s))
            self._clock = AlertClock(self._options.sources, last)
        for alert in await asyncio.to_thread(self._store.read, open_alerts):
            self.open[alert.id] = alert
        if self.open:
            log.warning("alerts are open from before the restart", alerts=list(self.open))

    async def end(self) -> None:
        """Everything decided is written."""
        self._store.put(self._mark())
        while self._work:
            await asyncio.gather(*self._work)

    # --- what the sensor shows ---

    def event(self, session: Session, event: Event) -> None:
        """An event of a session in progress: a fall, or that it was none. What is played again calls nobody."""
        if session.played:
            return
        if event.kind == "fall":
            self._fall(session, event, self._wall_of(session, event.time_s), found_late=False)
        elif event.kind == "retraction" and event.fields.get("of_kind") == "fall":
            of_s = event.fields.get("of_time_s")
            for alert in list(self.open.values()):
                if alert.session_id == session.plan.id and _near(alert.time_s, of_s, SAME_S):
                    self._walks_on(alert)

    def recovered(self, session: Session, events: Iterable[Event]) -> None:
        """The events of a session that a crash cut short: falls that nobody was asked about become alerts now."""
        events = list(events)
        taken_back = [event.fields.get("of_time_s") for event in events if event.fields.get("of_kind") == "fall"]
        known = self._store.read(partial(alerts_of_session, session_id=session.plan.id))
        for event in events:
            if event.kind != "fall" or any(_near(event.time_s, back, SAME_S) for back in taken_back):
                continue
            if not any(_near(event.time_s, alert.time_s, ONE_FALL_S) for alert in known):
                self._fall(session, event, self._started(session) + timedelta(seconds=event.time_s), found_late=True)

    def _fall(self, session: Session, event: Event, at: datetime, *, found_late: bool) -> None:
        plan, now = session.plan, self.now()
        age_s = max(0.0, (now.wall - at).total_seconds())
        earlier = [alert for alert in [*self.open.values(), *self._lately.values()] if alert.kind == "fall"]
        for alert in earlier:
            same = name_key(alert.person) == name_key(plan.label)
            if same and abs(now.s - age_s - alert.happened_s) < ONE_FALL_S and alert.simulated == plan.simulated:
                return
        new = Alert(
            id=f"{plan.id}-fall-{round(event.time_s * 1000)}",
            kind="fall",
            person=plan.label,
            at=iso(at),
            happened_s=now.s - age_s,
            state="observing",
            since=now.iso,
            since_s=now.s,
            due_s=None,
            session_id=plan.id,
            position=plan.facts.position,
            time_s=event.time_s,
            simulated=plan.simulated,
            found_after_restart=found_late,
            confidence=_number(event.fields.get("confidence")),
            impact_mps2=_number(event.fields.get("impact_mps2")),
            lying_s=_number(event.fields.get("lying_s")),
        )
        care, snooze = self.care(plan.label)
        if found_late and age_s > OLD_S:
            care = replace(care, least_confidence=2.0)  # nobody is asked about yesterday
        self._become(policy.opened(new, care, now, snooze))

    def _walks_on(self, alert: Alert) -> None:
        said = any(line.what == "walked_on" for line in alert.history)
        if alert.open and not said:
            self._become(policy.happened(alert, self.care(alert.person)[0], "walked_on", self.now()))

    # --- what people do ---

    def call(self, kind: Kind, person: str, session: Session | None = None) -> Alert:
        """The wearer calls for help, or somebody tests the chain. A call that is open already is that one."""
        now = self.now()
        for alert in self.open.values():
            if alert.kind == kind and name_key(alert.person) == name_key(person):
                return alert
        new = Alert(
            id=f"{kind}-{now.wall:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}",
            kind=kind,
            person=person,
            at=now.iso,
            happened_s=now.s,
            state="observing",
            since=now.iso,
            since_s=now.s,
            due_s=None,
            session_id=session.plan.id if session else None,
            position=session.plan.facts.position if session else None,
            time_s=round(session.now_s(), 3) if session else None,
            simulated=session.plan.simulated if session else False,
        )
        return self._become(policy.opened(new, self.care(person)[0], now))

    async def happened(self, alert_id: str, what: Happening, said: Said) -> Alert:
        """Raises NoSuchAlertError, policy.NotNowError."""
        alert = self.open.get(alert_id)
        if alert is None:
            alert = await asyncio.to_thread(self._store.read, partial(alert_by_id, alert_id=alert_id))
            alert = self.open.get(alert_id, alert)  # it may have been opened again meanwhile
        step = policy.happened(alert, self.care(alert.person)[0], what, self.now(), said)
        if what == "acknowledged":
            for one in step.alert.told:
                if one.name == said.by and one.key is not None:
                    self._store.put(partial(mark_acknowledged, key=one.key))
        changed = self._become(step)
        await self.written()
        return changed

    async def written(self) -> None:
        """What was decided until now is on the disk when this returns, unless the disk is slow or refuses.

        Whoever is answered before that, and is not called again, would believe what a crash takes away.
        """
        if self._work:
            await asyncio.wait(set(self._work), timeout=DISK_PATIENCE_S)

    def care(self, person: str) -> tuple[CarePlan, Snooze | None]:
        """What is settled for a person: their own plan, else everybody's, else none."""
        own = self._care.get(name_key(person))
        if own is not None:
            return own
        plan, _ = self._care.get("", (CarePlan(), None))
        return replace(plan, person=person), None

    def plans(self) -> list[CarePlan]:
        """Every care plan that somebody has written."""
        return [plan for plan, _ in self._care.values()]

    def has_own_care(self, person: str) -> bool:
        return name_key(person) in self._care

    async def set_care(self, plan: CarePlan, snooze: Snooze | None) -> None:
        """Raises StorageError."""
        self._store.put(self._mark())  # a pause's end is a time of the alert clock, which must go on after a crash
        await self._store.change(partial(keep_care, plan=plan, snooze=snooze))
        self._care[name_key(plan.person)] = (plan, snooze)
        now = self.now()
        if snooze is None or snooze.left_s(now.s, now.wall) <= 0.0:
            self._wake(plan)

    def _wake(self, plan: CarePlan) -> None:
        for alert in list(self.open.values()):
            if plan.person and name_key(alert.person) == name_key(plan.person):
                step = policy.woken(alert, plan, self.now())
                if step.alert != alert:
                    self._become(step)

    def shape(self, alert: Alert) -> AlertShape:
        """As pages see it at this moment."""
        return alert_shape(alert, self.now(), self.care(alert.person)[0])

    # --- what whoever delivers asks and tells ---

    def bring_out(self, rows: list[dict[str, Any]], name: str) -> None:
        """What was put is written; the messages go out then, or without the disk where it is slow or refuses."""
        task = asyncio.get_running_loop().create_task(self._bring_out(rows), name=f"bring out {name}")
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    def present(self, alert_id: str) -> Alert | None:
        """An alert that is open, or was lately."""
        return self.open.get(alert_id) or self._lately.get(alert_id)

    def addresses_of(self, alert_id: str, contact_id: str) -> Sequence[str]:
        """The contact's channels at this moment, the best first."""
        alert = self.present(alert_id) or self._store.read(partial(alert_by_id, alert_id=alert_id))
        contact = self.care(alert.person)[0].contact(contact_id)
        return [channel.url for channel in contact.channels] if contact is not None else []

    def wanted(self, key: str, alert_id: str, what: str) -> bool:
        """Whether the message still is of use."""
        alert = self.open.get(alert_id)
        if alert is None:
            return what in ("ok", "taken", "settled")
        return policy.wanted(alert, cast(Any, what))

    def delivered(self, key: str, state: str, detail: str | None, channel: str | None = None) -> None:
        """What became of an attempt, and through which kind of channel."""
        alert_id = key.split("/", 1)[0]
        alert = self.present(alert_id)
        if alert is None or state == "sending":
            return
        told = cast(ToldState, "skipped" if state == "dropped" else state)
        changed = policy.reported(alert, self.care(alert.person)[0], self.now(), key, told, detail, channel)
        if changed != alert:
            self._become(Step(changed))

    # --- time ---

    def now(self) -> Now:
        return Now(self._clock.now_s(), self._options.wall())

    async def follow_for_ever(self) -> None:
        """Brings the open alerts forward."""
        async for _ in ticks(TICK_S):
            self.tick()

    def tick(self) -> None:
        """What time and the sensor have brought."""
        self._ticks += 1
        if self._ticks % MARKS_EVERY == 0 and self.open:
            self._store.put(self._mark())
        for alert in list(self.open.values()):
            care, now = self.care(alert.person)[0], self.now()
            alert = self._felt(alert, care, now)
            step = policy.advanced(alert, care, now)
            if step.alert != self.open.get(alert.id) or step.messages:
                self._become(step)

    def _felt(self, alert: Alert, care: CarePlan, now: Now) -> Alert:
        fallen = self._fallen(alert)
        if fallen is None:
            return policy.felt(alert, care, now, alert.still_s)
        if fallen.walks_s is not None and alert.state in ("observing", "prompting"):
            step = policy.happened(alert, care, "walked_on", now)
            return step.alert
        rounded = None if fallen.still_s is None else float(int(fallen.still_s // 10.0) * 10)
        lying = None if fallen.lying_s is None else float(int(fallen.lying_s // 10.0) * 10)
        alert = replace(alert, lying_s=lying, still_s=rounded, got_up_s=fallen.got_up_s)
        return policy.felt(alert, care, now, fallen.still_s)

    def _fallen(self, alert: Alert) -> Fallen | None:
        session = self._sessions.get(alert.session_id or "")
        if session is None or alert.kind != "fall":
            return None
        fallen = session.fallen()
        return fallen if fallen is not None and _near(fallen.time_s, alert.time_s, ONE_FALL_S) else None

    # --- inside ---

    def _become(self, step: Step) -> Alert:
        """Remembers, writes and tells what an alert has become; its messages go out even if the disk refuses."""
        alert, now = step.alert, self.now()
        if alert.open:
            self.open[alert.id] = alert
        else:
            self.open.pop(alert.id, None)
            self._lately[alert.id] = alert
            while len(self._lately) > MOST_LATELY:
                self._lately.pop(next(iter(self._lately)))
        rows = [outbox_row(one, now.iso) for one in step.messages]
        self._store.put(partial(keep_alert, alert=alert, rows=rows))
        self._store.put(self._mark())
        self.bring_out(rows, alert.id)
        self._hub.event(message("alert", {"alert": self.shape(alert).model_dump()}))
        if step.messages:
            log.warning("messages", alert=alert.id, state=alert.state, keys=[one.key for one in step.messages])
        return alert

    async def _bring_out(self, rows: list[dict[str, Any]]) -> None:
        flushing = asyncio.ensure_future(self._store.flush())
        await asyncio.wait({flushing}, timeout=DISK_PATIENCE_S)
        if rows:
            self.hand_over(rows)
        await flushing

    def _mark(self) -> Callable[[Connection], None]:
        mark = self._clock.mark()
        text = f"{mark.alert_s!r} {mark.boot or ''} {mark.boot_s!r} {mark.wall_s!r}"
        return partial(set_fact, name=CLOCK_FACT, text=text)

    def _wall_of(self, session: Session, time_s: float) -> datetime:
        return self._options.wall() - timedelta(seconds=max(0.0, session.now_s() - time_s))

    def _started(self, session: Session) -> datetime:
        return session.started_at or self._options.wall()


def _near(a: Any, b: Any, within: float) -> bool:
    return isinstance(a, float | int) and isinstance(b, float | int) and abs(a - b) < within


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None
