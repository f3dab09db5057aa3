"""`surefoot record`: one sensor into a file, with a line on the terminal instead of a page."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.live import Live
from rich.text import Text

from sensing.ble import SensorTarget
from sensing.recording import Facts
from server.ending import stop_on_signals
from server.live import Wish, watch_sensors
from server.lock import DirectoryLock
from server.monitor import Monitor, SessionOptions
from server.on_air import on_air
from server.page import tell_recovered, warm_kernels
from server.session import Session
from server.settings import Settings
from server.terminal import complain, console, say

NEVER_S = 1e12
LINE_S = 0.25


@dataclass(frozen=True, slots=True)
class RecordWish:
    """What `surefoot record` was told; `virtual` is a recording that a virtual sensor feels, for a rehearsal."""

    out: Path
    sensor: str | None
    facts: Facts
    label: str
    seconds: float | None
    virtual: Path | None


async def record(settings: Settings, wish: RecordWish) -> int:
    """Record until Ctrl-C or for `seconds`; 0 when the file was written, 1 when not."""
    out = await asyncio.to_thread(wish.out.absolute)
    with DirectoryLock(settings.data_dir), stop_on_signals() as stop:
        options = SessionOptions(silence_s=settings.silence_s)
        async with Monitor(settings.data_dir, "record", options=options) as monitor:
            await tell_recovered(monitor)
            await warm_kernels(monitor)
            async with AsyncExitStack() as stack:
                asked = Wish(SensorTarget(wish.sensor), wish.label, wish.facts, copy_to=out)
                radio, clock, wanted = await on_air(stack, settings, asked, wish.virtual)
                watching = asyncio.create_task(
                    watch_sensors(monitor, radio, [wanted], stop, idle_close_s=NEVER_S, clock=clock), name="watch"
                )
                session = await _show(monitor, watching, stop, wish.seconds)
                stop.set()
                await watching
    return await _tell(session, out, settings)


async def _show(
    monitor: Monitor, watching: "asyncio.Task[None]", stop: asyncio.Event, seconds: float | None
) -> Session | None:
    """One line that is renewed until the recording is to end; the session that was shown last."""
    session: Session | None = None
    with Live(console=console, refresh_per_second=4, transient=True) as line:
        while not stop.is_set() and not watching.done():
            session = next(iter(monitor.sessions.values()), session)
            if session is not None:
                line.update(Text(_line(session)))
                if seconds is not None and session.duration_s >= seconds:
                    break
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait({waiting, watching}, timeout=LINE_S, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
    return session


def _line(session: Session) -> str:
    if not session.opened:
        return str(session.status.get("reason") or "Starting the radio.")
    counters = session.counters()
    battery = session.intake.battery_percent
    parts = [
        f"{session.plan.sensor_name}: {session.duration_s:7.1f} s",
        f"{session.tally.numbers(session.now_s()).steps} steps",
        f"{counters['samples']:.0f} samples, {counters.get('lost_samples', 0):.0f} lost",
    ]
    if battery is not None:
        parts.append(f"battery {battery} %")
    if session.state != "streaming":
        parts.append(session.state.replace("_", " "))
    if session.fault:
        parts.append(session.fault)
    return ", ".join(parts)


async def _tell(session: Session | None, out: Path, settings: Settings) -> int:
    if session is None or not session.opened or session.last_sample_s is None:
        reason = str(session.status.get("reason")) if session is not None else "the radio never started."
        complain(f"Nothing was recorded: {reason}")
        return 1
    if not await asyncio.to_thread(out.exists):
        kept = settings.data_dir / "sessions" / session.plan.id
        complain(f"{out} could not be written; what was recorded is in {kept}.")
        return 1
    lost = session.counters().get("lost_samples", 0)
    steps = session.tally.numbers(session.last_sample_s).steps
    say(f"Wrote {out}: {session.duration_s:.1f} s, {steps} steps, {lost:.0f} samples lost.")
    return 0
