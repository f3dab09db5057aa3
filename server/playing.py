"""Plays what was recorded into a session: a raw log's packets, or a recording's samples."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sensing.block import SampleBlock
from sensing.rawlog import RawLogError, read_raw_log, segments
from sensing.recording import Recording, read_recording
from sensing.replay import play_blocks, play_records
from server.closing import RECORDING_NAME
from server.monitor import SESSIONS_DIR, Monitor
from server.plan import SessionPlan
from server.session import Session

BLOCK_S = 0.08  # as often as a sensor sends


class NothingToPlayError(Exception):
    """What was named cannot be played; the text is a sentence with the remedy."""


def source_of(named: str, data_dir: Path) -> Path:
    """The file or folder that a path or a session's id means. Raises NothingToPlayError."""
    path = Path(named)
    session = data_dir / SESSIONS_DIR / named
    for candidate in (path, session):
        if candidate.is_dir():
            if segments(candidate):
                return candidate
            if (candidate / RECORDING_NAME).is_file():
                return candidate / RECORDING_NAME
    if path.is_file():
        return path.parent if path.suffix == ".seg" else path
    raise NothingToPlayError(
        f"{named} is neither a recording, nor the folder of a raw log, nor a session in {data_dir}. "
        "`surefoot sessions` lists the sessions."
    )


async def play(monitor: Monitor, source: Path, speed: float | None, *, keep_live: bool = False) -> Session:
    """Plays one source to its end; the session is closed then, unless `keep_live`.

    Raises NothingToPlayError, RecordingError or RawLogError.
    """
    if await asyncio.to_thread(source.is_dir):
        session = await _play_log(monitor, source, speed)
    else:
        session = await _play_recording(monitor, await asyncio.to_thread(read_recording, source), speed)
    if not keep_live:
        await monitor.close_session(session, "The recording has ended.")
    return session


def open_for(
    monitor: Monitor, recording: Recording, *, simulated: bool, speed: float = 1.0, shown: bool = True
) -> Session:
    """A session for the samples of a recording."""
    facts = recording.facts
    return monitor.open_session(
        label_of(recording),
        facts,
        facts.sensor or "recording",
        simulated=simulated or bool(facts.extra.get("simulated")),
        speed=speed,
        shown=shown,
        as_recorded=True,
    )


def label_of(recording: Recording) -> str:
    """Who it is, for the page: the facts' `label`, else the recording's name."""
    stated = recording.facts.extra.get("label")
    return stated if isinstance(stated, str) else recording.name.replace("_", " ").capitalize()


async def import_recording(monitor: Monitor, recording: Recording, *, simulated: bool) -> None:
    """A finished session out of a recording, at once; it ends now, unless the facts say when it began."""
    session = open_for(monitor, recording, simulated=simulated, shown=False)
    session.started_at = _start_of(recording)
    for number, block in enumerate(in_blocks(recording)):
        session.receive_block(block)
        if number % 64 == 0:
            await asyncio.sleep(0)
    await monitor.close_session(session, "Imported.")


def _start_of(recording: Recording) -> datetime:
    if recording.facts.started_at is not None:
        with suppress(ValueError):
            stated = datetime.fromisoformat(recording.facts.started_at)
            return stated if stated.tzinfo is not None else stated.replace(tzinfo=UTC)
    return datetime.now(UTC) - timedelta(seconds=recording.duration_s)


async def _play_recording(monitor: Monitor, recording: Recording, speed: float | None) -> Session:
    session = open_for(monitor, recording, simulated=False, speed=speed or 1.0)
    session.on_status({"state": "streaming", "reason": "playing a recording", "driver": "recording"})
    async for block in play_blocks(in_blocks(recording), speed):
        if session.closing:
            break
        session.receive_block(block)
    return session


async def _play_log(monitor: Monitor, source: Path, speed: float | None) -> Session:
    raw = await asyncio.to_thread(read_raw_log, source)
    stated = raw.header.get("plan")
    if not isinstance(stated, dict):
        raise RawLogError(f"the raw log in {source} does not say what the session was; play its recording instead")
    plan = SessionPlan.from_json(stated)
    began = raw.header.get("started_at")  # for whoever asks when this was, as a recording's facts say
    session = monitor.open_session(
        plan.label,
        replace(plan.facts, started_at=plan.facts.started_at or (str(began) if began else None)),
        plan.sensor_name,
        sensor_address=plan.sensor_address,
        driver=plan.driver,
        simulated=plan.simulated,
        speed=speed or 1.0,
        as_recorded=True,
    )
    session.on_status({"state": "streaming", "reason": "playing a raw log"})
    async for record in play_records(raw.records, speed):
        if session.closing:
            break
        monitor.receive(session, record)
    return session


def in_blocks(recording: Recording) -> Iterator[SampleBlock]:
    """Cut as a sensor would send it."""
    return recording.blocks(max(1, round(BLOCK_S * recording.rate_hz)))
