"""What must be right before a test begins: what the server can see, and what it has to ask."""

import math
from dataclasses import dataclass
from typing import Literal

from dsp.clinic.verdict import LOST_ATTENTION
from server.clinic.protocol import Protocol
from server.session import Session

CheckState = Literal["ok", "wait", "problem", "ask"]

LISTENED_S = 10.0
STILL_S = 2.0
LEAN_DEG = 35.0  # a back against a chair leans about 20 degrees; beyond this somebody lies or bends
LEAST_BATTERY_PERCENT = 15  # below it an alarm is due (clinical reference §10)
WAITING = frozenset({"scanning", "connecting", "configuring"})


@dataclass(frozen=True, slots=True)
class Check:
    """One line: how it stands, and what to do about it in words."""

    key: str
    label: str
    state: CheckState
    text: str


def preflight(session: Session, protocol: Protocol) -> list[Check]:
    """Every check in the order in which somebody would go through them."""
    return [
        _connected(session),
        _signal(session),
        _position(session, protocol),
        _upright(session),
        _still(session),
        _battery(session),
        Check("floor", "Floor", "ask", "Is the way free of carpets, cables and other things to trip over?"),
        Check("near", "Company", "ask", "Is somebody near, or something to hold on to?"),
    ]


def ready(checks: list[Check]) -> bool:
    """Whether nothing that the server can see is against it."""
    return all(check.state in ("ok", "ask") for check in checks)


def refusal(checks: list[Check]) -> str | None:
    """Why a test cannot begin at all: without a signal from the right place nothing could be measured."""
    needed = [check for check in checks if check.key in ("connected", "signal", "position")]
    return next((check.text for check in needed if check.state != "ok"), None)


def _connected(session: Session) -> Check:
    label, state = "Sensor", session.state
    if state == "streaming" and session.opened:
        return Check("connected", label, "ok", "The sensor is connected.")
    if state in WAITING:
        return Check("connected", label, "wait", "Looking for the sensor.")
    reason = session.status.get("reason") if state != "no_data" else None
    return Check("connected", label, "problem", str(reason or "The sensor is silent. Move it, and stay near."))


def _signal(session: Session) -> Check:
    label, last_s = "Signal", session.last_sample_s
    if last_s is None or session.silent:
        return Check("signal", label, "wait", "Nothing comes from the sensor yet.")
    heard_s = last_s - (session.first_sample_s or 0.0)
    if heard_s < LISTENED_S:
        left_s = math.ceil(LISTENED_S - heard_s)
        return Check("signal", label, "wait", f"Listening whether all of it arrives: {left_s} s more.")
    lost = sum(samples for at_s, samples in session.holes if at_s > last_s - LISTENED_S)
    share = lost / (LISTENED_S * (session.rate_hz or 1.0))
    if share > LOST_ATTENTION:
        percent = f"{min(100.0, 100.0 * share):.0f} %"
        return Check(
            "signal", label, "wait", f"{percent} was lost in the last ten seconds. Go nearer, and wait a little."
        )
    text = "Nothing was lost in the last ten seconds." if not lost else "Nearly all of the signal arrives."
    return Check("signal", label, "ok", text)


def _position(session: Session, protocol: Protocol) -> Check:
    worn = session.plan.facts.position
    if worn in protocol.positions:
        return Check("position", "Place", "ok", f"The sensor is worn at the {_place(worn)}.")
    places = " or the ".join(_place(one) for one in protocol.positions)
    text = f"For this test wear the sensor at the {places}; it is set up for the {_place(worn)}."
    return Check("position", "Place", "problem", text)


def _upright(session: Session) -> Check:
    lean_rad = session.posture.lean_rad()
    if lean_rad is None:
        text = "Sit or stand upright. The sensor has not seen you walk yet, so it cannot tell."
        return Check("upright", "Upright", "ask", text)
    lean_deg = math.degrees(lean_rad)
    if lean_deg <= LEAN_DEG:
        return Check("upright", "Upright", "ok", "You are upright.")
    text = f"Sit or stand upright: the sensor is tilted by {lean_deg:.0f} degrees. Has it slipped?"
    return Check("upright", "Upright", "wait", text)


def _still(session: Session) -> Check:
    if session.posture.still_s() >= STILL_S:
        return Check("still", "Still", "ok", "You hold still.")
    return Check("still", "Still", "wait", "Hold still for two seconds.")


def _battery(session: Session) -> Check:
    percent = session.intake.battery_percent
    if percent is None:
        return Check("battery", "Battery", "ok", "This sensor does not tell its battery.")
    if percent > LEAST_BATTERY_PERCENT:
        return Check("battery", "Battery", "ok", f"The battery has {percent} %.")
    return Check("battery", "Battery", "problem", f"The battery has only {percent} %. Change or charge it first.")


def _place(position: str) -> str:
    return position.replace("_", " ")
