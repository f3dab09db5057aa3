"""`surefoot test`: somebody is led through a test on the terminal, over a real server."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from typer.testing import CliRunner

from server.cli import app
from server.clinic.client import Client, RefusedError, UnreachableError
from server.clinic.guide import FAILED, NOT_VALID, UNUSABLE, VALID, Errand, Guide, Keys
from server.clinic.run import Chosen
from server.demo import SAMPLES
from server.monitor import Monitor, SessionOptions
from tests.server.clinic.people import Hands, Worn, worn
from tests.server.running import Running, running

PATIENCE_S = 30.0
Meanwhile = Callable[[Worn], None]


@asynccontextmanager
async def watched(tmp_path: Path, **facts: Any) -> AsyncIterator[tuple[Running, Worn]]:
    clock = Hands()
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as monitor, running(monitor) as server:
        anna = worn(monitor, clock, **facts)
        anna.wear(12.0)
        yield server, anna


async def led(server: Running, anna: Worn, guide: Guide, meanwhile: Meanwhile = lambda _: None) -> int:
    """The guide's status; meanwhile the sensor sends, ten times as fast as life."""
    leading = asyncio.create_task(guide.lead())
    async with asyncio.timeout(PATIENCE_S):
        while not leading.done():
            if anna.session.plan.id in anna.monitor.tests.under_way:
                anna.wear(0.2)
                meanwhile(anna)
            await asyncio.sleep(0.02)
    return leading.result()


def guide_of(server: Running, keys: Keys | None = None, **errand: Any) -> Guide:
    wish = Errand(Chosen("tug"), **{"unasked": True, "wait_s": 3.0, **errand})
    return Guide(Client(server.url), wish, asyncio.Event(), keys or Keys([]))


async def test_a_test_is_led_through_with_its_cues_and_its_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with watched(tmp_path) as (server, anna):
        assert await led(server, anna, guide_of(server)) == VALID
    said = capsys.readouterr()
    assert "Timed Up and Go" in said.out
    assert "6.0 s (timed from the word go)" in said.out
    order = [said.err.index(text) for text in ("Sit on the chair", "Get ready.", "Three, two, one", "Go!", "Stand up,")]
    assert order == sorted(order)


async def test_enter_begins_and_enter_ends_the_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    presses: SimpleQueue[str] = SimpleQueue()
    pressed: list[str] = []

    def press(anna: Worn) -> None:
        course = next((run.course for run in anna.monitor.tests.under_way.values()), None)
        if course is None:
            return
        long_enough = course.cue_s is not None and anna.session.now_s() > course.cue_s + 3.0
        if course.state == "preflight" or (course.state == "running" and long_enough):
            pressed.append(course.state)
            presses.put("\n")

    def lines() -> Iterator[str]:
        while True:
            yield presses.get()

    async with watched(tmp_path) as (server, anna):
        guide = guide_of(server, Keys(lines()), unasked=False)
        assert await led(server, anna, guide, press) == VALID
    assert set(pressed) == {"preflight", "running"}
    value_s = float(capsys.readouterr().out.split("Go, 3 m: ")[1].split(" s")[0])
    assert 3.0 <= value_s < 6.0


async def test_ctrl_c_breaks_the_test_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with watched(tmp_path) as (server, anna):
        guide = guide_of(server)

        def interrupt(anna: Worn) -> None:
            if any(run.course.state == "running" for run in anna.monitor.tests.under_way.values()):
                guide.stop.set()

        assert await led(server, anna, guide, interrupt) == NOT_VALID
    assert "no result. The test was broken off." in capsys.readouterr().out


async def test_what_is_not_right_in_time_is_named_and_nothing_is_begun(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with watched(tmp_path, position="ankle_left") as (server, anna):
        assert await led(server, anna, guide_of(server, wait_s=0.6)) == FAILED
        assert anna.monitor.tests.under_way == {}
    assert "For this test wear the sensor at the lower back" in capsys.readouterr().err


async def test_nobody_to_ask_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with watched(tmp_path) as (server, anna):
        assert await led(server, anna, guide_of(server, unasked=False)) == FAILED
    assert "give --yes" in capsys.readouterr().err


async def test_an_invalid_test_has_no_number_and_a_status_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def drop(anna: Worn) -> None:
        if any(run.course.state == "running" for run in anna.monitor.tests.under_way.values()):
            anna.silence(6.0)

    async with watched(tmp_path) as (server, anna):
        assert await led(server, anna, guide_of(server), drop) == NOT_VALID
    assert "no result. The sensor was silent for more than five seconds." in capsys.readouterr().out


async def test_who_does_it_must_be_clear(tmp_path: Path) -> None:
    async with watched(tmp_path) as (server, anna):
        worn(anna.monitor, anna.clock, label="Bert").wear(1.0)
        with pytest.raises(RefusedError, match="Say who does the test with --person: Anna, Bert"):
            await guide_of(server).lead()
        assert await led(server, anna, guide_of(server, person=" ANNA")) == VALID
    async with Monitor(tmp_path / "empty") as monitor, running(monitor) as server:
        with pytest.raises(RefusedError, match="No sensor is looked after there"):
            await guide_of(server).lead()


async def test_a_server_that_ends_in_the_middle_is_said(tmp_path: Path) -> None:
    async with watched(tmp_path) as (server, anna):
        run = anna.monitor.tests.prepare(anna.session, Chosen("tug"), "patient", {})
        told = Client(server.url).runs(run.id)
        assert (await anext(told))["id"] == run.id
    with pytest.raises(UnreachableError, match=r"has gone|has ended"):
        await anext(told)
    with pytest.raises(UnreachableError, match="No Surefoot answers"):
        await Client(server.url).get("/api/status")


async def test_the_token_opens_the_way(tmp_path: Path) -> None:
    token = "a-token-that-is-long-enough"
    async with Monitor(tmp_path / "data") as monitor, running(monitor, token) as server:
        with pytest.raises(RefusedError, match="Log in first"):
            await Client(server.url).get("/api/status")
        assert (await Client(server.url, token).get("/api/status"))["sensors"] == 0


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("hop",), "There is no test hop"),
        (("tug", "--course-length", "5"), "3 or 7 m"),
        (("stance",), "has no stance None"),
        (("tug", "--sensor", "x", "--person", "y"), "leave --url and --person out"),
        (("tug", "--virtual", "nowhere.parquet"), "there is no such recording"),
    ],
)
def test_unusable_arguments_end_with_2_and_a_sentence(arguments: tuple[str, ...], complaint: str) -> None:
    result = CliRunner().invoke(app, ["test", *arguments], env={"NO_COLOR": "1", "COLUMNS": "200"})
    assert result.exit_code == UNUSABLE
    assert complaint in result.output


@pytest.mark.slow
def test_a_rehearsal_with_a_recording_needs_no_sensor_and_no_other_surefoot(tmp_path: Path) -> None:
    sample = SAMPLES / "tandem_stance_lower_back.parquet"
    asked = ["stance", "--stance", "tandem_left", "--hold", "10", "--yes", "--virtual", str(sample)]
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", "test", *asked, "--data-dir", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == VALID, done.stderr
    assert "Standing balance, tandem left: 10.0 s" in done.stdout
