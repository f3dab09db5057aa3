import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from server.alerts.care_plan import iso
from server.alerts.channels import Channels
from server.alerts.links import hash_of
from server.bench.sink import Sink
from server.storage.store import Store
from tests.server.alerts.mail import post_office, text_of
from tests.server.alerts.outboxes import NOON, Book, Hand, desk, insert_messages, row


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(tmp_path) as opened:
        yield opened


async def test_a_message_is_out_and_noted_as_delivered(store: Store) -> None:
    message = row()
    with Sink() as sink:
        async with desk(store, Book({"bea": [sink.url()]})) as at:
            await at.write(message)
            await at.until(lambda: bool(at.book.reports))
            assert at.book.states(message["key"]) == ["delivered"]
            kept = at.kept(message["key"])
    assert (kept["state"], kept["tries"], kept["late"], kept["sent_at"]) == ("delivered", 1, False, iso(NOON))
    (got,) = sink.got
    assert got.key == message["key"]
    assert message["body"] in got.content["text"]
    link = got.content["link"]
    assert link.startswith("http://surefoot.example/a/")
    token = link.rpartition("/")[2]
    assert kept["link_hash"] == hash_of(token)
    assert token not in str(kept), "only the hash is kept"


async def test_a_service_that_only_takes_it_on_is_sent_not_delivered(store: Store) -> None:
    with post_office() as post:
        async with desk(store, Book({"bea": [post.url]})) as at:
            await at.write(row())
            await at.until(lambda: bool(at.book.reports))
            assert at.book.states(row()["key"]) == ["sent"]
    assert "open this page and tap the button" in text_of(post.got[0])


async def test_a_failing_channel_gets_two_tries_and_then_the_next_one_takes_over_and_it_is_said(store: Store) -> None:
    with Sink(status=503) as bad, Sink() as good:
        async with desk(store, Book({"bea": [bad.url(), good.url()]})) as at:
            await at.write(row())
            await at.forward(5, lambda: bool(good.accepted))
            await at.settle()
            assert at.book.states(row()["key"]) == ["pending", "pending", "delivered"]
            said = at.book.reports[1][2]
            assert said is not None
            assert "503" in said
            assert "next way" in said
            assert at.hand.now_s <= 1002.0, "within seconds"
    assert len(bad.got) == 2
    assert {one.key for one in bad.got + good.got} == {row()["key"]}


async def test_a_channel_that_refuses_gets_no_second_try(store: Store) -> None:
    with Sink(status=404) as bad, Sink() as good:
        async with desk(store, Book({"bea": [bad.url(), good.url()]})) as at:
            await at.write(row())
            await at.until(lambda: bool(good.accepted))
            await at.settle()
            assert at.hand.now_s == 1000.0, "at once"
    assert len(bad.got) == 1


async def test_a_channel_that_hangs_costs_one_wait_and_not_two(store: Store) -> None:
    with Sink(hangs_s=60.0) as dead, Sink() as good:
        async with desk(store, Book({"bea": [dead.url(), good.url()]}), channels=Channels(0.2)) as at:
            await at.write(row())
            await at.until(lambda: bool(good.accepted))
            assert at.book.states(row()["key"]).count("pending") == 1


async def test_a_name_with_a_line_break_stays_one_line_of_a_subject(store: Store) -> None:
    with post_office() as post:
        async with desk(store, Book({"bea": [post.url]})) as at:
            await at.write(row() | {"subject": "Anna\r\nBcc: everybody@example.org may have fallen"})
            await at.until(lambda: bool(at.book.reports))
            assert at.book.states(row()["key"]) == ["sent"]
    assert post.got[0]["bcc"] is None
    assert post.got[0]["subject"] == "Anna Bcc: everybody@example.org may have fallen"


async def test_who_is_asked_how_it_ended_is_given_the_page_for_it(store: Store) -> None:
    with Sink() as sink:
        async with desk(store, Book({"bea": [sink.url()]})) as at:
            await at.write(row(what="open"))
            await at.until(lambda: bool(at.book.reports))
    assert "http://surefoot.example/alerts/anna-fall-1" in sink.got[0].content["text"]
    assert sink.got[0].content["link"] is None


async def test_ten_minutes_without_a_network_only_make_a_message_late(store: Store) -> None:
    with Sink() as gone:
        port = gone.port
    message = row()
    async with desk(store, Book({"bea": [gone.url()]})) as at:
        await at.write(message)
        await at.settle()
        await at.forward(600, lambda: False)
        assert at.book.states(message["key"])[-1] == "failed"
        assert at.kept(message["key"])["state"] == "failed"
        assert at.worker.fault is not None
        assert "Bea" in at.worker.fault
        tries = at.kept(message["key"])["tries"]
        assert 10 <= tries <= 25, "neither giving up nor hammering"
        with Sink(port=port) as back:
            await at.forward(61, lambda: bool(back.accepted))
            await at.settle()
            assert at.book.reports[-1][1:] == ("delivered", "late")
            kept = at.kept(message["key"])
            assert at.worker.fault is None
    assert (kept["state"], kept["late"]) == ("delivered", True)
    assert "THIS MESSAGE IS LATE" in back.got[0].content["text"]
    assert back.got[0].key == message["key"]


async def test_a_dead_channel_holds_nobody_else_up(store: Store) -> None:
    with Sink(hangs_s=60.0) as dead, Sink() as well:
        people = [f"person{number}" for number in range(10)]
        book = Book({who: [dead.url()] for who in people} | {"bea": [well.url()]})
        async with desk(store, book, channels=Channels(60.0)) as at:
            await at.write(*(row(who) for who in people))
            await at.until(lambda: at.worker.under_way == len(people))
            await at.write(row("bea"))
            await at.until(lambda: bool(well.accepted))


async def test_what_was_being_sent_when_the_program_ended_is_sent_again_under_the_same_key(store: Store) -> None:
    message = row()
    with Sink(hangs_s=60.0) as dead:
        async with desk(store, Book({"bea": [dead.url()]}), channels=Channels(60.0)) as at:
            await at.write(message)
            await at.until(lambda: at.kept(message["key"])["state"] == "sending")
    with Sink() as sink:
        async with desk(store, Book({"bea": [sink.url()]})) as at:
            await at.until(lambda: bool(at.book.reports))
            assert at.kept(message["key"])["tries"] == 2
    assert [one.key for one in sink.got] == [message["key"]]


async def test_what_is_out_is_not_sent_again_after_a_restart(store: Store) -> None:
    with Sink() as sink:
        book = Book({"bea": [sink.url()], "carl": [sink.url()]})
        async with desk(store, book) as at:
            await at.write(row())
            await at.until(lambda: bool(at.book.reports))
        async with desk(store, book) as at:
            await at.write(row("carl"))
            await at.until(lambda: len(at.book.reports) == 2)
    assert [one.key for one in sink.got] == [row()["key"], row("carl")["key"]]


async def test_the_same_message_handed_over_twice_goes_out_once(store: Store) -> None:
    with Sink() as sink:
        async with desk(store, Book({"bea": [sink.url()]})) as at:
            await at.write(row())
            at.worker.hand_over([row()])
            await at.until(lambda: bool(at.book.reports))
            at.worker.hand_over([row()])
            await at.settle()
    assert len(sink.got) == 1


async def test_what_nobody_needs_any_more_is_dropped(store: Store) -> None:
    with Sink() as sink:
        async with desk(store, Book({"bea": [sink.url()]}, over={"anna-fall-1"})) as at:
            await at.write(row())
            await at.until(lambda: bool(at.book.reports))
            assert at.kept(row()["key"])["state"] == "dropped"
    assert sink.got == []


async def test_a_message_that_is_a_day_old_is_given_up_and_it_is_said(store: Store) -> None:
    with Sink() as sink:
        hand = Hand(1000.0 + 25 * 3600.0)
        async with desk(store, Book({"bea": [sink.url()]}), hand) as at:
            await at.write(row())
            await at.until(lambda: bool(at.book.reports))
            key, state, detail = at.book.reports[0]
            assert (key, state) == (row()["key"], "failed")
            assert detail is not None
            assert detail.startswith("Given up")
    assert sink.got == []


async def test_somebody_without_any_channel_is_a_fault_that_is_said(store: Store) -> None:
    async with desk(store, Book()) as at:
        await at.write(row())
        await at.until(lambda: bool(at.book.reports))
        assert at.worker.fault is not None
        assert "care plan" in at.worker.fault


async def test_a_disk_that_refuses_stops_no_message_and_what_became_of_it_is_noted_when_it_can(store: Store) -> None:
    message = row()
    with Sink() as sink:
        async with desk(store, Book({"bea": [sink.url()]})) as at:
            await at.settle()
            blocker = sqlite3.connect(store.path, isolation_level=None)
            blocker.execute("ALTER TABLE outbox RENAME TO elsewhere")
            store.put(partial(insert_messages, rows=[message]))
            at.worker.hand_over([message])
            await at.until(lambda: bool(at.book.reports))
            assert at.book.states(message["key"]) == ["delivered"]
            blocker.execute("ALTER TABLE elsewhere RENAME TO outbox")
            blocker.close()
            async with asyncio.timeout(20.0):
                await store.flush()
                while at.kept(message["key"])["state"] != "delivered":
                    await asyncio.sleep(0.02)
                    await store.flush()
    assert len(sink.accepted) == 1


async def test_a_locked_database_holds_a_message_up_for_a_second_at_most(store: Store) -> None:
    blocker = sqlite3.connect(store.path, isolation_level=None)
    with Sink() as sink:
        async with desk(store, Book({"bea": [sink.url()]})) as at:
            await asyncio.sleep(0.05)
            blocker.execute("BEGIN IMMEDIATE")
            await at.write(row(), kept=False)
            await at.until(lambda: bool(sink.accepted), 5.0)
            blocker.execute("ROLLBACK")
            blocker.close()
            await at.until(lambda: bool(at.book.reports))
            assert at.book.states(row()["key"]) == ["delivered"]


async def test_a_test_goes_through_every_channel_and_says_of_each_whether_it_works(store: Store) -> None:
    with Sink() as good, Sink(status=404) as bad, post_office() as post:
        book = Book({"bea": [bad.url(), good.url(), post.url]})
        async with desk(store, book) as at:
            await at.write(row(what="test"))
            await at.until(lambda: bool(book.reports))
    ((_, state, detail),) = book.reports
    assert state == "delivered"
    assert detail is not None
    assert re.fullmatch(r"Webhook: .*HTTP 404.* Webhook: arrived\. E-Mail: on its way\.", detail)
    assert book.channels == ["Webhook, E-Mail"]
    assert len(good.got) == len(bad.got) == len(post.got) == 1


async def test_a_test_that_reaches_nobody_is_tried_again(store: Store) -> None:
    with Sink(status=503) as bad:
        async with desk(store, Book({"bea": [bad.url("/1"), bad.url("/2")]})) as at:
            await at.write(row(what="test"))
            await at.forward(10, lambda: len(at.book.reports) >= 3)
            assert at.book.states(row(what="test")["key"])[:3] == ["pending", "failed", "failed"]
    assert {one.path for one in bad.got} == {"/1", "/2"}
