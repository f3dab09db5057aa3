"""The pre-flight check: what the server can see before a test."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from dsp.body import COLUMNS, UP_X, UP_Z, BodyBlock
from dsp.events import Event
from dsp.pipeline import Output
from sensing.packets import Note, Packet, Record
from server.clinic.posture import LEARNED_STEPS, Posture
from server.clinic.preflight import Check, preflight, ready, refusal
from server.clinic.protocols import BY_ID
from server.monitor import Monitor, SessionOptions
from tests.server.clinic.people import Hands, Worn, worn


@pytest.fixture
async def clock() -> Hands:
    return Hands()


@pytest.fixture
async def monitor(tmp_path: Path, clock: Hands) -> AsyncIterator[Monitor]:
    async with Monitor(tmp_path / "data", options=SessionOptions(clock=clock)) as opened:
        yield opened


def checks(anna: Worn, protocol: str = "tug") -> dict[str, Check]:
    return {check.key: check for check in preflight(anna.session, BY_ID[protocol])}


def test_a_sensor_that_was_never_heard_is_waited_for(monitor: Monitor, clock: Hands) -> None:
    anna = worn(monitor, clock)
    anna.session.on_status({"state": "scanning"})
    found = checks(anna)
    assert {key: found[key].state for key in ("connected", "signal", "still")} == dict.fromkeys(
        ("connected", "signal", "still"), "wait"
    )
    anna.session.on_status({"state": "failed", "reason": "Bluetooth is switched off."})
    assert (checks(anna)["connected"].state, checks(anna)["connected"].text) == (
        "problem",
        "Bluetooth is switched off.",
    )


def test_everything_is_right_after_ten_good_seconds(monitor: Monitor, clock: Hands) -> None:
    anna = worn(monitor, clock)
    anna.wear(9.0)
    assert checks(anna)["signal"].text == "Listening whether all of it arrives: 2 s more."
    assert refusal(list(checks(anna).values())) is not None
    anna.wear(2.0)
    found = list(checks(anna).values())
    assert ready(found)
    assert refusal(found) is None


def without(records: list[Record], every: int) -> list[Record]:
    """Every so manieth packet is lost."""
    packets = [one for one in records if isinstance(one, Packet)]
    lost = set(map(id, packets[::every]))
    return [one for one in records if isinstance(one, Note) or id(one) not in lost]


@pytest.mark.parametrize(("every", "state"), [(5, "wait"), (100, "ok")])
def test_a_signal_with_losses_is_good_enough_up_to_two_percent(
    monitor: Monitor, clock: Hands, every: int, state: str
) -> None:
    anna = worn(monitor, clock, seconds=60.0)
    anna.records = iter(without(list(anna.records), every))
    anna.wear(30.0)
    signal = checks(anna)["signal"]
    assert signal.state == state
    assert ("20 %" in signal.text) == (state == "wait")


def test_after_a_silence_it_takes_ten_seconds_to_be_believed_again(monitor: Monitor, clock: Hands) -> None:
    anna = worn(monitor, clock)
    anna.wear(12.0)
    anna.silence(3.0)
    assert (checks(anna)["connected"].state, checks(anna)["signal"].state) == ("problem", "wait")
    anna.wear(5.0)
    assert (checks(anna)["connected"].state, checks(anna)["signal"].state) == ("ok", "wait")
    anna.wear(6.0)
    assert checks(anna)["signal"].state == "ok"


def test_somebody_who_walks_does_not_hold_still(monitor: Monitor, clock: Hands) -> None:
    anna = worn(monitor, clock, still_s=5.0)
    anna.wear(4.0)
    assert checks(anna)["still"].state == "ok"
    anna.wear(3.0)
    assert checks(anna)["still"].state == "wait"
    assert anna.session.posture.still_s() < 1.0


def test_upright_is_asked_until_somebody_has_walked_and_known_afterwards(monitor: Monitor, clock: Hands) -> None:
    anna = worn(monitor, clock, still_s=3.0, seconds=40.0)
    anna.wear(2.0)
    assert checks(anna)["upright"].state == "ask"
    anna.wear(20.0)
    assert checks(anna)["upright"].state == "ok"
    assert anna.session.posture.lean_rad() == pytest.approx(0.0, abs=0.1)
    anna.session.posture.update(Output([], [held([0.0, 0.0, 1.0])]))
    lying = checks(anna)["upright"]
    assert (lying.state, "90 degrees" in lying.text) == ("wait", True)


def held(up: list[float]) -> BodyBlock:
    """A tenth of a second of stillness with this vertical in the sensor's axes."""
    rows = np.zeros((10, COLUMNS))
    rows[:, UP_X : UP_Z + 1] = up
    return BodyBlock(0, rows)


def test_a_lean_is_measured_against_how_the_sensor_was_held_in_walking() -> None:
    posture = Posture()
    step = Event("step", 0.0, 0.0, fields={"walking": True})
    for _ in range(LEARNED_STEPS):
        assert posture.lean_rad() is None
        posture.update(Output([step], [held([1.0, 0.0, 0.0])]))
    assert posture.lean_rad() == pytest.approx(0.0, abs=1e-6)
    posture.update(Output([], [held([0.8, 0.6, 0.0])]))
    assert posture.lean_rad() == pytest.approx(0.6435, abs=1e-4)


def test_a_battery_that_is_nearly_empty_is_a_problem(monitor: Monitor, clock: Hands) -> None:
    anna = worn(monitor, clock)
    assert checks(anna)["battery"].text == "This sensor does not tell its battery."
    anna.session.intake.battery_percent = 16
    assert checks(anna)["battery"].state == "ok"
    anna.session.intake.battery_percent = 15
    assert (checks(anna)["battery"].state, "15 %" in checks(anna)["battery"].text) == ("problem", True)


@pytest.mark.parametrize(("protocol", "state"), [("tug", "ok"), ("stance", "problem"), ("6mwt", "ok")])
def test_the_place_must_suit_the_test(monitor: Monitor, clock: Hands, protocol: str, state: str) -> None:
    found = checks(worn(monitor, clock, position="pocket"), protocol)["position"]
    assert found.state == state
    assert "pocket" in found.text
