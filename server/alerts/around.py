"""Where the samples around an alert are: in the session's memory, in its raw log, or in its recording."""

import asyncio
from functools import partial

from sensing.block import SampleBlock
from sensing.facts import Facts
from sensing.rawlog import RawLogError
from sensing.recording import RecordingError, read_recording
from server.alerts.alert import Alert
from server.alerts.signal import BEFORE_S, SETTLING_S, signal_of
from server.closing import RECORDING_NAME, logged_blocks
from server.models_alerts import SignalShape
from server.monitor import Monitor
from server.plan import wearing_of
from server.session import Session

SAMPLES = 1000  # a block


class NoSignalError(LookupError):
    """There are no samples around this alert; the text is a sentence."""


async def signal_around(monitor: Monitor, alert: Alert) -> SignalShape:
    """Raises NoSignalError."""
    if alert.session_id is None or alert.time_s is None:
        raise NoSignalError("No sensor was in use when this alert was raised.")
    session = monitor.sessions.get(alert.session_id)
    await monitor.store.flush()
    stored = await asyncio.to_thread(partial(monitor.store.events, session_id=alert.session_id))
    events = [dict(one.event) for one in stored]
    if session is not None:
        blocks, facts = await _of_session(session, alert.time_s), session.plan.facts
    else:
        blocks, facts = await asyncio.to_thread(_recorded, monitor, alert.session_id)
    return await asyncio.to_thread(signal_of, blocks, wearing_of(facts), alert.time_s, events)


async def _of_session(session: Session, impact_s: float) -> list[SampleBlock]:
    recent = session.recent()
    if (recent and recent[0].time_s[0] <= impact_s - BEFORE_S - SETTLING_S) or not session.from_packets:
        return recent
    await asyncio.to_thread(session.flush)
    try:
        return await asyncio.to_thread(logged_blocks, session.plan, session.directory)
    except (OSError, RawLogError):
        return recent  # what the disk has lost is still in memory for two minutes


def _recorded(monitor: Monitor, session_id: str) -> tuple[list[SampleBlock], Facts]:
    path = monitor.directory_of(session_id) / RECORDING_NAME
    try:
        recording = read_recording(path)
    except (OSError, RecordingError) as error:
        raise NoSignalError("The recording of that session is not on the disk.") from error
    return list(recording.blocks(SAMPLES)), recording.facts
