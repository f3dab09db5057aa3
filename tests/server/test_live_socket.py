import asyncio
import itertools
import socket
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from sensing.packets import Record
from sensing.recording import Facts
from server.hub import OVERFLOW_CODE, HubSizes
from server.monitor import Monitor
from server.packing import records_of
from server.session import Session
from server.wire import unpack_waveform
from tests.server.people import walker
from tests.server.running import TIMEOUT_S, Page, page, running


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(records_of(walker(30.0)))


def open_anna(monitor: Monitor) -> Session:
    session = monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 1", driver="gaitimu")
    session.on_status({"state": "streaming", "name": "GaitIMU 1", "address": "F0:01", "driver": "gaitimu", "rssi": -51})
    return session


def feed(monitor: Monitor, session: Session, records: list[Record]) -> None:
    for record in records:
        monitor.receive(session, record)


async def test_a_page_gets_hello_then_streams_events_waveforms_and_beats(
    monitor: Monitor, records: list[Record]
) -> None:
    async with running(monitor) as server:
        session = open_anna(monitor)
        async with page(server.live()) as opened:
            assert opened.hello["type"] == "hello"
            assert opened.hello["protocol"] == 1
            assert opened.hello["resumed_from"] is None
            assert [s["session_id"] for s in opened.hello["streams"]] == [session.plan.id]
            feed(monitor, session, records)
            await opened.read_until(lambda p: len(p.of("beat")) >= 2 and len(p.of("stream")) >= 2)
            await monitor.close_session(session, "over")
            await opened.read_until(lambda p: bool(p.of("gone")))
        events = opened.of("event")
        assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
        assert {e["stream_no"] for e in events} == {session.stream_no}
        assert sum(e["event"]["kind"] == "step" for e in events) > 20
        frames = [unpack_waveform(frame) for frame in opened.frames]
        assert [f.frame_no for f in frames] == list(range(len(frames)))
        assert sum(len(f.acc_body_mps2) for f in frames) > 2900
        last = opened.of("stream")[-1]["stream"]
        assert last["state"] == "streaming"
        assert last["sensor"] == {"name": "GaitIMU 1", "address": "F0:01", "driver": "gaitimu"}
        assert last["counters"]["samples"] == 3000
        assert last["loss_fraction"] == 0.0
        assert last["has_gyroscope"] is True
        assert last["numbers"]["steps"] > 20
        assert last["numbers"]["cadence_spm"] == pytest.approx(108, abs=4)
        assert last["numbers"]["bout"]["steps"] > 20
        assert last["frame"]["confidence"] >= 0.5
        assert opened.of("gone")[0]["reason"] == "over"


async def test_a_page_that_comes_back_misses_no_event_and_gets_none_twice(
    monitor: Monitor, records: list[Record]
) -> None:
    async with running(monitor) as server:
        session = open_anna(monitor)
        seen: list[int] = []
        cuts = [0, 120, 160, 200, 260, len(records)]
        for start, end in itertools.pairwise(cuts):
            async with page(server.live(seen[-1] if seen else 0)) as opened:
                feed(monitor, session, records[start:end])
                await opened.read_until(lambda p: bool(p.seqs) and p.seqs[-1] == monitor.store.last_seq)
            assert opened.hello["resumed_from"] == (seen[-1] if seen else 0)
            seen += opened.seqs
            feed(monitor, session, [])
        assert seen == list(range(1, monitor.store.last_seq + 1))


async def test_events_while_the_page_catches_up_come_after_those_it_missed(
    monitor: Monitor, records: list[Record]
) -> None:
    async with running(monitor) as server:
        session = open_anna(monitor)
        feed(monitor, session, records[: len(records) // 2])
        rest = asyncio.create_task(trickle(monitor, session, records[len(records) // 2 :]))
        async with page(server.live(0)) as opened:
            await rest
            await opened.read_until(lambda p: p.seqs[-1:] == [monitor.store.last_seq])
        assert opened.seqs == list(range(1, monitor.store.last_seq + 1))


async def trickle(monitor: Monitor, session: Session, records: list[Record]) -> None:
    for record in records:
        monitor.receive(session, record)
        await asyncio.sleep(0)


async def test_a_number_from_another_database_starts_afresh(monitor: Monitor, records: list[Record]) -> None:
    async with running(monitor) as server:
        session = open_anna(monitor)
        feed(monitor, session, records)
        async with page(server.live(10**12)) as opened:
            assert opened.hello["resumed_from"] is None
            assert opened.hello["store_id"] == monitor.store.store_id


async def test_a_slow_page_loses_waveforms_then_is_closed_with_1013_and_resumes_without_a_loss(
    tmp_path: Path, records: list[Record]
) -> None:
    async with Monitor(tmp_path, sizes=HubSizes(events=20, waveforms=8)) as monitor, running(monitor) as server:
        session = open_anna(monitor)
        # a page whose computer reads nothing: its buffers are small, so the server's sends begin to wait
        small = socket.create_connection(("127.0.0.1", server.port))
        small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        async with connect(server.live(0), sock=small, compression=None, max_queue=1) as lazy:
            opened = Page(lazy)
            await opened.read_until(lambda p: bool(p.messages))
            async with asyncio.timeout(TIMEOUT_S):  # until what the system buffers is full, however much that is
                while monitor.metrics.dropped_waveforms._value.get() < 50:
                    monitor.hub.waveform(bytes(60_000))
                    await asyncio.sleep(0.002)
            async with page(server.live(0)) as quick:
                for start in range(0, len(records), 5):
                    feed(monitor, session, records[start : start + 5])
                    await asyncio.sleep(0.001)
                await quick.read_until(lambda p: p.seqs[-1:] == [monitor.store.last_seq])
            assert quick.seqs == list(range(1, monitor.store.last_seq + 1)), "a slow neighbour costs the quick nothing"
            with pytest.raises(ConnectionClosedError) as closed:
                await opened.read_until(lambda p: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == OVERFLOW_CODE
        assert opened.seqs == list(range(1, len(opened.seqs) + 1))
        assert len(opened.seqs) < monitor.store.last_seq
        assert monitor.metrics.overflowed_clients._value.get() == 1
        assert monitor.metrics.dropped_waveforms._value.get() > 0
        async with page(server.live(opened.seqs[-1] if opened.seqs else 0)) as again:
            await again.read_until(lambda p: p.seqs[-1:] == [monitor.store.last_seq])
        assert opened.seqs + again.seqs == list(range(1, monitor.store.last_seq + 1))


async def test_a_state_change_is_told_at_once_and_once_per_second(monitor: Monitor) -> None:
    async with running(monitor) as server, page(server.live()) as opened:
        session = open_anna(monitor)
        session.on_status({"state": "backing_off", "reason": "out of reach", "retry_in_s": 4.0})
        await opened.read_until(lambda p: len(p.of("stream")) >= 3)
        states = [one["stream"]["state"] for one in opened.of("stream")]
        assert states[0] == "streaming"
        assert states[-1] == "backing_off"
        assert opened.of("stream")[-1]["stream"]["retry_in_s"] == 4.0


async def test_nonsense_in_the_query_counts_as_not_given(monitor: Monitor) -> None:
    async with running(monitor) as server:
        for text in ("x", "-1", "1e3", "9" * 30, ""):
            async with connect(f"ws://127.0.0.1:{server.port}/api/live?after={text}") as socket_:
                assert '"resumed_from":null' in str(await socket_.recv())
