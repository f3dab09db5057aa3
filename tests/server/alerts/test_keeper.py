"""The owner of the alerts on a real store: falls become alerts, and alerts outlive the program."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dsp.events import Event
from sensing.facts import Facts
from sensing.packets import Note
from server.alerts.care_plan import CarePlan, Channel, Contact, Snooze, iso
from server.alerts.clock import Sources
from server.alerts.keeper import AlertOptions
from server.alerts.policy import Said
from server.bench.sink import Sink
from server.monitor import Monitor, SessionOptions
from server.session import Session
from server.storage.alerts import alerts_where, messages_of


class Clock:
    """The machine's own clock, moved by a test."""

    def __init__(self) -> None:
        self.boot_s = 100.0

    def options(self) -> SessionOptions:
        return SessionOptions(alerts=AlertOptions(Sources("boot", lambda: self.boot_s, lambda: 1e9 + self.boot_s)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ward(tmp_path: Path, clock: Clock) -> AsyncIterator[Monitor]:
    async with Monitor(tmp_path / "data", options=clock.options()) as monitor:
        await monitor.alerts.set_care(CarePlan("Dora", contacts=(Contact("a", "Anna"), Contact("b", "Ben"))), None)
        yield monitor


def worn(monitor: Monitor, name: str = "Dora", simulated: bool = False) -> Session:
    session = monitor.open_session(name, Facts("lower_back"), "sensor", simulated=simulated)
    session.receive(Note(0.0, "stream", {}))
    return session


def falls(monitor: Monitor, session: Session, time_s: float = 1.0, confidence: float = 0.9) -> None:
    fields = {"confidence": confidence, "impact_mps2": 40.0, "lying_s": None}
    monitor.event(session, session.events, Event("fall", time_s, time_s + 2.7, fields=fields))
    session.events += 1


async def test_a_fall_becomes_an_alert_that_is_kept_with_its_event(ward: Monitor) -> None:
    session = worn(ward)
    falls(ward, session)
    (alert,) = ward.alerts.open.values()
    assert (alert.state, alert.person, alert.time_s, alert.impact_mps2) == ("observing", "Dora", 1.0, 40.0)
    await ward.store.flush()
    total, (kept,) = ward.store.read(alerts_where)
    assert (total, kept) == (1, alert)
    assert [one.event["kind"] for one in ward.store.events(session_id=session.plan.id)] == ["fall"]


async def test_a_second_blow_or_a_second_sensor_within_half_a_minute_is_the_same_fall(ward: Monitor) -> None:
    session, other = worn(ward), worn(ward, "  DORA ")
    falls(ward, session, 1.0)
    falls(ward, session, 9.0)
    falls(ward, other, 2.0)
    assert len(ward.alerts.open) == 1
    falls(ward, worn(ward, "Erik"), 1.0)
    assert {alert.person for alert in ward.alerts.open.values()} == {"Dora", "Erik"}


async def test_a_fall_that_is_taken_back_is_over_and_told_nobody(ward: Monitor) -> None:
    session = worn(ward)
    falls(ward, session)
    back = {"of_kind": "fall", "of_time_s": 1.0, "why": "walked on"}
    ward.event(session, 1, Event("retraction", 6.0, 6.0, fields=back))
    assert ward.alerts.open == {}
    await ward.store.flush()
    _, (alert,) = ward.store.read(alerts_where)
    assert alert.outcome == "walked_on"
    assert ward.store.read(lambda connection: messages_of(connection, alert.id)) == []


async def test_without_an_answer_the_contacts_are_told_in_order(ward: Monitor, clock: Clock) -> None:
    falls(ward, worn(ward))
    ward.alerts.tick()
    clock.boot_s += 12.0
    ward.alerts.tick()
    assert next(iter(ward.alerts.open.values())).state == "prompting"
    clock.boot_s += 30.0
    ward.alerts.tick()
    (alert,) = ward.alerts.open.values()
    assert (alert.state, [one.name for one in alert.told]) == ("escalating", ["Anna"])
    await ward.store.flush()
    (message,) = ward.store.read(lambda connection: messages_of(connection, alert.id))
    assert (message["contact_name"], message["what"]) == ("Anna", "fall")


async def test_a_snooze_of_one_mutes_no_other_and_keeps_what_happened(ward: Monitor) -> None:
    now = ward.alerts.now()
    until = iso(now.wall.replace(year=now.wall.year + 1))
    await ward.alerts.set_care(CarePlan("Dora", contacts=(Contact("a", "Anna"),)), Snooze(until, "Anna", "", now.iso))
    falls(ward, worn(ward))
    falls(ward, worn(ward, "Erik"))
    states = {alert.person: [line.what for line in alert.history] for alert in ward.alerts.open.values()}
    assert "snoozed" in states["Dora"]
    assert "snoozed" not in states["Erik"]


async def test_ending_a_snooze_early_ends_it_for_the_fall_that_it_has_kept_back(ward: Monitor, clock: Clock) -> None:
    plan, now = ward.alerts.care("Dora")[0], ward.alerts.now()
    await ward.alerts.set_care(plan, Snooze(iso(now.wall.replace(year=now.wall.year + 1)), "Anna", "", now.iso))
    falls(ward, worn(ward))
    clock.boot_s += 60.0
    ward.alerts.tick()
    (alert,) = ward.alerts.open.values()
    assert alert.state == "observing"
    await ward.alerts.set_care(ward.alerts.care("Erik")[0], None)
    assert alert.id in ward.alerts.open, "another's plan ends nothing"
    await ward.alerts.set_care(plan, None)
    ended = ward.alerts.present(alert.id)
    assert ended is not None
    assert (ended.state, ended.outcome) == ("resolved", "not_told"), "nobody lies there"


async def test_an_hour_back_on_the_wall_in_mid_countdown_leaves_the_countdown_right(tmp_path: Path) -> None:
    """To a real receiver: not an hour late, not too soon, and not called late."""
    clock, wall = Clock(), datetime(2026, 10, 25, 2, 59, 50, tzinfo=UTC)
    back = timedelta(0)

    def on_the_wall() -> datetime:
        return wall + timedelta(seconds=clock.boot_s - 100.0) - back

    sources = Sources("boot", lambda: clock.boot_s, lambda: on_the_wall().timestamp())
    options = SessionOptions(alerts=AlertOptions(sources, on_the_wall))
    with Sink() as sink:
        async with Monitor(tmp_path / "data", options=options) as monitor:
            contact = Contact("a", "Anna", channels=(Channel("1", sink.url()),))
            await monitor.alerts.set_care(CarePlan("Dora", contacts=(contact,)), None)
            falls(monitor, worn(monitor))
            clock.boot_s += 12.0
            monitor.alerts.tick()
            (alert,) = monitor.alerts.open.values()
            assert alert.state == "prompting"
            left_s = monitor.alerts.shape(alert).next_in_s
            back = timedelta(hours=1)
            assert monitor.alerts.shape(alert).next_in_s == left_s
            assert left_s is not None
            clock.boot_s += left_s - 0.5
            monitor.alerts.tick()
            await asyncio.sleep(0.3)
            assert monitor.alerts.open[alert.id].state == "prompting"
            assert sink.got == []
            clock.boot_s += 1.0
            monitor.alerts.tick()
            assert await asyncio.to_thread(sink.wait_for, 1, 20.0)
            async with asyncio.timeout(20.0):
                while monitor.alerts.open[alert.id].told[0].state != "delivered":  # noqa: ASYNC110 - the worker's turn
                    await asyncio.sleep(0.01)
            assert not monitor.alerts.open[alert.id].told[0].late


async def test_an_alert_goes_on_after_a_restart_where_it_was(tmp_path: Path, clock: Clock) -> None:
    async with Monitor(tmp_path / "data", options=clock.options()) as monitor:
        await monitor.alerts.set_care(CarePlan("Dora", contacts=(Contact("a", "Anna"),)), None)
        falls(monitor, worn(monitor))
        clock.boot_s += 12.0
        monitor.alerts.tick()
    clock.boot_s += 20.0
    async with Monitor(tmp_path / "data", options=clock.options()) as monitor:
        (alert,) = monitor.alerts.open.values()
        monitor.alerts.tick()
        assert next(iter(monitor.alerts.open.values())).state == "prompting"
        clock.boot_s += 10.0
        monitor.alerts.tick()
        assert next(iter(monitor.alerts.open.values())).state == "escalating"
        assert monitor.alerts.care("dora")[0].contacts[0].name == "Anna"
        taken = await monitor.alerts.happened(alert.id, "acknowledged", Said(by="Anna"))
        assert taken.state == "acknowledged"


async def test_a_fall_that_only_the_recovery_finds_becomes_an_alert_once(ward: Monitor) -> None:
    session = worn(ward)
    event = Event("fall", 1.0, 3.7, fields={"confidence": 0.8, "impact_mps2": 30.0, "lying_s": None})
    ward.alerts.recovered(session, [event])
    await ward.store.flush()
    ward.alerts.recovered(session, [event])
    (alert,) = ward.alerts.open.values()
    assert alert.found_after_restart
    back = Event("retraction", 6.0, 6.0, fields={"of_kind": "fall", "of_time_s": 500.0, "why": "walked on"})
    other = Event("fall", 500.0, 503.0, fields={"confidence": 0.8, "impact_mps2": 30.0, "lying_s": None})
    ward.alerts.recovered(session, [other, back])
    assert len(ward.alerts.open) == 1


async def test_two_calls_for_help_of_one_person_are_one(ward: Monitor) -> None:
    first = ward.alerts.call("help", "Dora")
    assert ward.alerts.call("help", " dora").id == first.id
    await asyncio.sleep(0)
    assert len(ward.alerts.open) == 1
