"""What the commands with a page or a radio do."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from server.outset import Options, guarded
from server.settings import Settings

if TYPE_CHECKING:
    from sensing.facts import Facts


@dataclass(frozen=True, slots=True)
class WatchWish:
    """What `surefoot live` was told: sensors, positions and labels in the same order."""

    sensors: Sequence[str]
    positions: Sequence[str]
    labels: Sequence[str]
    height_m: float | None


def run_serve(options: Options, *, browser: bool) -> int:
    async def work(settings: Settings) -> int:
        from server.page import monitor_with_page

        return await monitor_with_page(settings, "serve", browser=browser)

    return guarded(options, work)


def run_live(options: Options, wish: WatchWish, *, browser: bool) -> int:
    async def work(settings: Settings) -> int:
        from sensing.ble import Radio, SensorTarget
        from sensing.drivers.base import Wanted
        from server.live import Wish, watch_sensors
        from server.monitor import Monitor
        from server.page import monitor_with_page, warm_kernels

        names: Sequence[str | None] = list(wish.sensors) or [None]
        wishes = [
            Wish(
                SensorTarget(name, None),
                _in_order(wish.labels, index) or f"Person {index + 1}",
                facts_of(_in_order(wish.positions, index, last=True) or "lower_back", wish.height_m),
            )
            for index, name in enumerate(names)
        ]

        async def feed(monitor: Monitor, stop: asyncio.Event) -> None:
            await warm_kernels(monitor)
            radio = Radio(wanted=Wanted(rate_hz=settings.rate_hz))
            await watch_sensors(monitor, radio, wishes, stop, idle_close_s=settings.idle_close_s)

        return await monitor_with_page(settings, "live", feed, browser=browser)

    return guarded(options, work)


def run_demo(options: Options, recordings: Sequence[Path], *, with_samples: bool, browser: bool) -> int:
    async def work(settings: Settings) -> int:
        from sensing.recording import read_recording
        from server.demo import demo_feed
        from server.page import monitor_with_page

        people = [await asyncio.to_thread(read_recording, path) for path in recordings]
        own = options.get("data_dir") is not None
        feed = demo_feed(people, with_samples=with_samples, idle_close_s=settings.idle_close_s)
        with tempfile.TemporaryDirectory(prefix="surefoot-demo-", ignore_cleanup_errors=True) as temporary:
            directory = settings.data_dir / "demo" if own else Path(temporary)
            return await monitor_with_page(
                settings, "demo", feed, data_dir=directory, browser=browser, next_port=options.get("port") is None
            )

    return guarded(options, work, keeps=options.get("data_dir") is not None)


def run_replay(options: Options, what: str, speed: float, *, keep: bool, browser: bool) -> int:
    async def work(settings: Settings) -> int:
        from server.monitor import Monitor
        from server.page import monitor_with_page, warm_kernels
        from server.playing import play, source_of
        from server.terminal import say

        source = source_of(what, settings.data_dir)

        async def feed(monitor: Monitor, stop: asyncio.Event) -> None:
            await warm_kernels(monitor)
            playing = asyncio.create_task(play(monitor, source, speed), name="play")
            stopping = asyncio.create_task(stop.wait(), name="stop")
            await asyncio.wait({playing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if playing.done():
                playing.result()
                say("The replay has ended; the page stays up until Ctrl-C.")
                return
            playing.cancel()
            await asyncio.wait({playing})

        with tempfile.TemporaryDirectory(prefix="surefoot-replay-", ignore_cleanup_errors=True) as temporary:
            directory = settings.data_dir if keep else Path(temporary)
            return await monitor_with_page(
                settings, "replay", feed, data_dir=directory, browser=browser, next_port=options.get("port") is None
            )

    return guarded(options, work, keeps=keep)


def run_record(
    options: Options,
    out: Path,
    sensor: str | None,
    position: str,
    label: str,
    height_m: float | None,
    seconds: float | None,
    virtual: Path | None,
    *,
    overwrite: bool,
) -> int:
    from sensing.recording import ENDINGS
    from server.terminal import complain

    if not out.name.endswith(tuple(ENDINGS)):
        complain(f"{out} must end in {', '.join(ENDINGS)}.")
        return 2
    if out.exists() and not overwrite:
        complain(f"{out} is there already. Choose another name, or replace it with --overwrite.")
        return 2
    if virtual is not None and not virtual.is_file():
        complain(f"{virtual}: there is no such recording.")
        return 2

    async def work(settings: Settings) -> int:
        from server.recording_run import RecordWish, record

        wish = RecordWish(out, sensor, facts_of(position, height_m), label, seconds, virtual)
        return await record(settings, wish)

    return guarded(options, work)


def run_scan(options: Options, seconds: float) -> int:
    async def work(_settings: Settings) -> int:
        from rich.table import Table

        from sensing.ble import FoundSensor, Radio, RadioError
        from server.terminal import complain, console, say

        found: list[FoundSensor] = []
        try:
            async with Radio() as radio:
                with console.status(f"Listening for {seconds:g} s …") as line:

                    def heard(sensor: FoundSensor) -> None:
                        line.update(f"Listening for {seconds:g} s … {sensor.name}")

                    found = await radio.scan(seconds, heard)
        except RadioError as error:
            complain(str(error))
            return 1
        if not found:
            say(f"No sensor heard in {seconds:g} s. Wake it (press, shake or wet it), end other apps that hold it.")
            return 1
        table = Table("Name", "Address", "Kind", "Signal (dBm)")
        for sensor in sorted(found, key=lambda one: -(one.rssi or -999)):
            table.add_row(sensor.name, sensor.address, sensor.driver_name or "unknown", str(sensor.rssi))
        from rich.console import Console

        Console().print(table)
        return 0

    return guarded(options, work, keeps=False)


def _in_order(given: Sequence[str], index: int, *, last: bool = False) -> str | None:
    if index < len(given):
        return given[index]
    return given[-1] if last and given else None


def facts_of(position: str, height_m: float | None) -> "Facts":
    from sensing.facts import Facts

    return Facts.from_json({"position": position} | ({"person": {"height_m": height_m}} if height_m else {}))
