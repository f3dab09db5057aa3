import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sensing.packets import Record
from sensing.rawlog import read_raw_log, segments
from sensing.recording import Facts, read_recording
from server.analyze import result_of
from server.closing import RECORDING_NAME
from server.demo import SAMPLES
from server.monitor import SESSIONS_DIR, Monitor
from server.packing import records_of
from server.recovery import recover
from tests.server.people import walker
from tests.server.running import page


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(records_of(walker(30.0)))


async def crashed(tmp_path: Path, records: list[Record], *, flushed: int, copy_to: Path | None = None) -> str:
    """A data directory as a power cut leaves it: a copy of the files as they were after `flushed` records."""
    async with Monitor(tmp_path / "running") as monitor:
        monitor._handing_over.end()  # what the system has and the disk has not is gone
        session = monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 1", copy_to=copy_to)
        for record in records[:flushed]:
            monitor.receive(session, record)
        await monitor.store.flush()
        for record in records[flushed:]:
            monitor.receive(session, record)
        shutil.copytree(tmp_path / "running", tmp_path / "crashed")
    return session.plan.id


async def test_after_a_crash_the_session_is_there_again_with_everything_that_was_flushed(
    tmp_path: Path, records: list[Record]
) -> None:
    session_id = await crashed(tmp_path, records, flushed=200)
    async with Monitor(tmp_path / "crashed") as monitor:
        before = monitor.store.events(session_id=session_id)
        (result,) = await recover(monitor)
        assert result.kept
        assert "has been recovered" in result.sentence
        row = monitor.store.session(session_id)
        assert row is not None
        assert (row.state, row.torn) == ("recovered", None)
        assert row.duration_s == pytest.approx(19.89, abs=0.02)
        assert row.ended_at is not None
        recording = read_recording(monitor.directory_of(session_id) / RECORDING_NAME)
        stored = monitor.store.events(session_id=session_id)
        assert [dict(one.event) for one in stored] == result_of(recording)["events"]
        assert stored[: len(before)] == before, "what pages have seen keeps its number"
        assert len({one.seq for one in stored}) == len(stored)
        assert await recover(monitor) == [], "recovering once is enough"


async def test_a_torn_tail_is_reported_and_everything_before_it_is_kept(tmp_path: Path, records: list[Record]) -> None:
    session_id = await crashed(tmp_path, records, flushed=200)
    (segment,) = segments(tmp_path / "crashed" / SESSIONS_DIR / session_id)
    with segment.open("r+b") as file:
        file.truncate(segment.stat().st_size - 7)
    async with Monitor(tmp_path / "crashed") as monitor:
        (result,) = await recover(monitor)
        row = monitor.store.session(session_id)
        assert row is not None
        assert row.torn is not None
        assert "torn tail" in row.torn["damage"][0]
        assert "damaged bytes" in result.sentence
        assert row.duration_s == pytest.approx(19.79, abs=0.02)


async def test_events_that_the_raw_log_does_not_bear_out_are_dropped(tmp_path: Path, records: list[Record]) -> None:
    """After a power cut the database may have got further than the raw log; the recording then decides."""
    session_id = await crashed(tmp_path, records, flushed=250)
    (segment,) = segments(tmp_path / "crashed" / SESSIONS_DIR / session_id)
    with segment.open("r+b") as file:
        file.truncate(segment.stat().st_size // 2)
    async with Monitor(tmp_path / "crashed") as monitor:
        before = len(monitor.store.events(session_id=session_id))
        await recover(monitor)
        after = [dict(one.event) for one in monitor.store.events(session_id=session_id)]
        assert len(after) < before
        recording = read_recording(monitor.directory_of(session_id) / RECORDING_NAME)
        assert after == result_of(recording)["events"]


async def test_a_session_that_the_database_never_heard_of_is_found_by_its_raw_log(
    tmp_path: Path, records: list[Record]
) -> None:
    session_id = await crashed(tmp_path, records, flushed=200)
    (tmp_path / "new").mkdir()
    shutil.move(tmp_path / "crashed" / SESSIONS_DIR, tmp_path / "new" / SESSIONS_DIR)
    async with Monitor(tmp_path / "new") as monitor:
        (result,) = await recover(monitor)
        assert result.session_id == session_id
        assert monitor.store.sessions(10)[1][0].label == "Anna"


async def test_the_file_that_record_was_asked_for_is_written_by_the_recovery(
    tmp_path: Path, records: list[Record]
) -> None:
    await crashed(tmp_path, records, flushed=100, copy_to=tmp_path / "wanted" / "anna.csv")
    async with Monitor(tmp_path / "crashed") as monitor:
        await recover(monitor)
    assert read_recording(tmp_path / "wanted" / "anna.csv").duration_s == pytest.approx(9.89, abs=0.02)


async def test_a_log_that_cannot_be_read_is_reported_and_the_others_are_recovered(
    tmp_path: Path, records: list[Record]
) -> None:
    session_id = await crashed(tmp_path, records, flushed=100)
    broken = tmp_path / "crashed" / SESSIONS_DIR / "20200101-000000-000000"
    broken.mkdir()
    (broken / "raw-000001.seg").write_bytes(b"nothing of ours")
    async with Monitor(tmp_path / "crashed") as monitor:
        results = {one.session_id: one for one in await recover(monitor)}
        assert not results[broken.name].kept
        assert "cannot be recovered" in results[broken.name].sentence
        assert results[session_id].kept
        assert (broken / "raw-000001.seg").exists()


def surefoot(*arguments: object, **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "server.cli", *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, **more})


async def test_packets_outlive_the_program_before_anything_is_flushed(tmp_path: Path, records: list[Record]) -> None:
    async with Monitor(tmp_path) as monitor:
        session = monitor.open_session("Anna", Facts("lower_back"), "GaitIMU 1")
        for record in records[:200]:
            monitor.receive(session, record)
        async with asyncio.timeout(20.0):
            while read_raw_log(session.directory).count < 200:  # noqa: ASYNC110 - a thread writes, and tells nobody
                await asyncio.sleep(0.01)
        assert list(read_raw_log(session.directory).records) == records[:200]


async def test_kill_9_during_a_recording_loses_nothing_that_a_page_has_heard_of(tmp_path: Path) -> None:
    """A real process on a virtual radio; a page watches how far it came. One packet may still have been on its way."""
    process = surefoot(
        "demo", "--no-browser", "--port", 0, "--data-dir", tmp_path, "--recording", SAMPLES / "tug_lower_back.parquet"
    )
    try:
        assert process.stderr is not None
        line = await asyncio.to_thread(process.stderr.readline)
        url = line.split()[-1]
        async with page(url.replace("http", "ws") + "api/live?after=0") as opened:
            await opened.read_until(lambda p: any(s["stream"]["time_s"] > 6 for s in p.of("stream")))
            process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
    session_id = opened.of("stream")[-1]["stream"]["session_id"]
    reached_s = max(one["stream"]["last_sample_s"] or 0.0 for one in opened.of("stream"))
    async with Monitor(tmp_path / "demo") as monitor:
        (result,) = await recover(monitor)
        assert result.session_id == session_id
        recording = read_recording(monitor.directory_of(session_id) / RECORDING_NAME)
        assert recording.time_s[-1] > reached_s - 0.2
        assert recording.gaps == []
        stored = [dict(one.event) for one in monitor.store.events(session_id=session_id)]
        assert stored == result_of(recording)["events"]
        seen = [one["event"] for one in opened.of("event") if one["event"]["emitted_s"] < reached_s - 0.2]
        assert stored[: len(seen)] == seen


async def test_after_kill_9_of_surefoot_record_the_next_start_writes_the_file(tmp_path: Path) -> None:
    out, data = tmp_path / "anna.parquet", tmp_path / "data"
    sample = SAMPLES / "tug_lower_back.parquet"
    first = surefoot("record", out, "--virtual", sample, "--data-dir", data)
    try:
        while not any(path.stat().st_size > 20_000 for path in data.glob("sessions/*/raw-*.seg")):
            assert first.poll() is None
            await asyncio.sleep(0.1)
        first.send_signal(signal.SIGKILL)
    finally:
        first.kill()
        await asyncio.to_thread(first.wait)
    assert not out.exists()
    second = surefoot("record", tmp_path / "b.csv", "--virtual", sample, "--data-dir", data, "--seconds", 1)
    _, said = await asyncio.to_thread(second.communicate)
    assert second.returncode == 0, said
    assert "has been recovered" in said
    assert read_recording(out).duration_s > 2.0
    assert read_recording(tmp_path / "b.csv").duration_s >= 1.0
    assert json.loads((tmp_path / "b.json").read_text())["simulated"] is True
