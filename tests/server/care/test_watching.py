"""The system watches itself: what it sees of sensors, disk, clock and messages, and who hears of it."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from sensing.drivers.gaitimu import BATTERY_CHANNEL
from sensing.facts import Facts
from sensing.packets import Packet
from sensing.recording import Recording
from server.alerts.care_plan import CarePlan, Channel, Contact
from server.playing import open_for
from tests.server.care.watched import Time, watched, with_gap
from tests.server.people import walker
from tests.server.running import page, running, until


async def test_silence_is_shown_then_told_to_the_person_then_to_the_carer_and_its_end_too(tmp_path: Path) -> None:
    async with watched(tmp_path) as it:
        await it.care_plan()
        session = it.wear(with_gap(walker(20.0), 5.0, 320.0))
        await it.later(4.0)
        assert it.notices == {}
        await it.later(7.0)
        assert it.notices == {"no_data": "screen"}
        await it.later(50.0)
        assert it.notices == {"no_data": "person"}
        assert it.sink.got == []
        await it.later(250.0)
        (first,) = await it.arrived(1)
        assert first["subject"] == "Technical notice: the sensor sends nothing (Anna)"
        assert (first["link"], first["what"]) == (None, "technical")
        assert it.monitor.alerts.open == {}, "no notice is an alert"
        await it.later(12.0)
        it.sends(session, 326.0)
        await it.later(0.0)
        assert it.notices == {"no_data": "carer"}, "it may be gone again in a moment"
        it.sends(session, 335.0)
        await it.later(0.0)
        _, second = await it.arrived(2)
        assert second["subject"] == "Technical notice: all is well again (Anna)"
        assert it.notices == {}


async def test_pages_hear_of_a_notice_when_they_come_and_when_it_changes(tmp_path: Path) -> None:
    async with watched(tmp_path) as it, running(it.monitor) as server:
        it.wear()
        await it.later(12.0)
        async with page(server.live()) as shown:
            assert [(one["kind"], one["level"]) for one in shown.hello["notices"]] == [("no_data", "screen")]
            await it.later(60.0)
            await shown.read_until(lambda p: any(one["notice"]["level"] == "person" for one in p.of("notice")))


async def test_a_session_that_ends_while_nothing_comes_is_not_called_well(tmp_path: Path) -> None:
    async with watched(tmp_path) as it:
        await it.care_plan()
        session = it.wear()
        await it.later(400.0)
        await it.arrived(1)
        await it.monitor.close_session(session, "Nothing came.")
        await it.later(1.0)
        _, second = await it.arrived(2)
        assert second["subject"] == "Technical notice: the session has ended (Anna)"
        assert "a fall is not noticed" in second["text"]


async def test_a_sensor_on_the_table_is_not_worn_and_that_is_no_fall(tmp_path: Path) -> None:
    rate_hz, seconds = 100.0, 200.0
    rng = np.random.default_rng(1)
    time_s = np.arange(round(rate_hz * seconds)) / rate_hz
    acc = np.tile([0.0, 0.0, 9.81], (time_s.size, 1)) + rng.normal(0.0, 0.006, (time_s.size, 3))
    still = Recording("still", Facts("lower_back", rate_hz=rate_hz), rate_hz, time_s, acc, np.zeros_like(acc))
    async with watched(tmp_path) as it:
        it.sends(it.wear(still), seconds)
        await it.later(0.1)
        assert it.notices.get("not_worn") == "person"
        assert it.monitor.alerts.open == {}


async def test_a_low_battery_is_told_and_stays_until_it_is_well_charged(tmp_path: Path) -> None:
    async with watched(tmp_path) as it:
        session = it.wear(walker(100.0))

        async def reads(percent: int, up_to_s: float) -> dict[str, str]:
            it.monitor.receive(session, Packet(session.now_s(), bytes([percent]), BATTERY_CHANNEL))
            it.sends(session, up_to_s)
            await it.later(0.0)
            return it.notices

        assert await reads(16, 6.0) == {}
        assert await reads(15, 7.0) == {"battery": "person"}
        assert await reads(18, 8.0) == {"battery": "person"}
        assert await reads(21, 60.0) == {"battery": "person"}
        assert await reads(21, 75.0) == {}


async def test_a_disk_that_is_nearly_full_is_told_to_the_technical_contacts_of_every_plan_once(tmp_path: Path) -> None:
    async with watched(tmp_path, least_free_bytes=1e18) as it:
        await it.care_plan()
        await it.care_plan("Anna")
        await it.later(1.0)
        assert it.notices == {"disk": "screen"}
        await it.later(700.0)
        await it.later(1.0)
        (only,) = await it.arrived(1)
        assert only["subject"] == "Technical notice: the disk is nearly full"


async def test_a_clock_that_is_set_is_on_the_screen_for_a_while_and_nobody_is_called(tmp_path: Path) -> None:
    async with watched(tmp_path) as it:
        await it.care_plan()
        await it.later(1.0)
        it.time.set_by_s = -3600.0
        await it.later(1.0)
        (notice,) = it.monitor.care.open.values()
        assert (notice.kind, notice.text) == ("clock", "The computer's clock was set back by 60 min.")
        await it.later(2.0)
        await it.later(610.0)
        assert it.notices == {}
        assert it.sink.got == []


async def test_messages_that_do_not_get_out_are_told_to_those_who_can_be_reached(tmp_path: Path) -> None:
    async with watched(tmp_path) as it:
        await it.care_plan()
        bert = Contact("c9", "Bert", channels=(Channel("x", "json://127.0.0.1:9/nobody"),))
        await it.monitor.alerts.set_care(CarePlan("Emil", contacts=(bert,)), None)
        it.monitor.alerts.call("help", "Emil")
        worker = it.monitor.delivery.worker
        for _ in range(60):
            await it.later(10.0)
            await asyncio.sleep(0.01)
            await until(lambda: not worker.under_way)
            if it.sink.got:
                break
        (message, *_) = await it.arrived(1)
        assert message["subject"] == "Technical notice: messages do not get out"
        assert "Bert" in message["text"]


async def test_a_restart_in_the_middle_of_an_alarm_is_told_and_the_notice_says_whose(tmp_path: Path) -> None:
    time = Time()
    async with watched(tmp_path, time) as it:
        it.monitor.alerts.call("help", "Anna")
    time.now_s += 30.0
    async with watched(tmp_path, time) as it:
        await it.care_plan()
        await until(lambda: "restart" in it.notices)  # by the server's own looking
        assert it.notices["restart"] == "carer"
        subjects = [got["subject"] for got in await it.arrived(1)]
        assert "Technical notice: surefoot was restarted during an alarm (Anna)" in subjects


async def test_a_notice_goes_on_over_a_restart_and_nobody_is_told_twice(tmp_path: Path) -> None:
    time = Time()
    async with watched(tmp_path, time, least_free_bytes=1e18) as it:
        await it.care_plan()
        await it.later(1.0)
        await it.later(700.0)
        await it.arrived(1)
        await it.later(1.0)
    async with watched(tmp_path, time, least_free_bytes=1e18) as again:
        await again.later(1.0)
        (notice,) = again.monitor.care.open.values()
        assert (notice.level, [one.state for one in notice.told]) == ("carer", ["delivered"])
        assert again.sink.got == []


@pytest.mark.parametrize("simulated", [False, True])
async def test_what_is_played_again_is_watched_by_nobody(tmp_path: Path, simulated: bool) -> None:
    async with watched(tmp_path) as it:
        open_for(it.monitor, walker(5.0), simulated=simulated).receive_block(next(walker(5.0).blocks(100)))
        await it.later(500.0)
        assert it.notices == {}


async def test_a_simulated_person_is_on_the_screen_and_no_contact_hears_of_it(tmp_path: Path) -> None:
    async with watched(tmp_path) as it:
        await it.care_plan()
        it.wear(simulated=True)
        await it.later(500.0)
        assert it.notices == {"no_data": "carer"}
        await it.later(1.0)
        assert it.sink.got == []
