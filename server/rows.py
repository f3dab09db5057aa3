"""What the database is told about a session: when it begins, and when it has ended."""

from datetime import datetime, timedelta
from typing import Any

from sensing.packets import Json
from sensing.recording import Facts, Recording
from server.names import name_key
from server.plan import SessionPlan
from server.session import Session
from server.stream_shape import clock_of


def row_at_start(plan: SessionPlan, started_at: str) -> dict[str, Any]:
    """The database row of a session that has just begun."""
    facts: dict[str, Json] = plan.facts.to_json()
    return {
        "id": plan.id,
        "label": plan.label,
        "person_key": name_key(plan.label),
        "position": plan.facts.position,
        "sensor_name": plan.sensor_name,
        "sensor_address": plan.sensor_address,
        "driver": plan.driver,
        "started_at": started_at,
        "ended_at": None,
        "state": "live",
        "simulated": plan.simulated,
        "test": tested(plan.facts),
        "duration_s": 0.0,
        "steps": 0,
        "walking_s": 0.0,
        "bouts": 0,
        "gap_count": 0,
        "rate_hz": None,
        "has_gyroscope": None,
        "facts": facts,
        "counters": {},
        "clock": {},
        "gaps": [],
        "torn": None,
    }


def row_at_end(session: Session, recording: Recording | None, state: str) -> dict[str, Any]:
    """What changes in the database row of a session that has ended."""
    last_s = session.last_sample_s or 0.0
    ended_at = datetime.fromisoformat(session.start_text) + timedelta(seconds=last_s)
    numbers = session.tally.numbers(last_s)
    return {
        "ended_at": ended_at.isoformat(),
        "state": state,
        "duration_s": session.duration_s,
        "steps": numbers.steps,
        "walking_s": numbers.walking_s,
        "bouts": numbers.bouts,
        "counters": session.counters(),
        "clock": clock_of(session),
        **recording_row(recording),
    }


def recording_row(recording: Recording | None) -> dict[str, Any]:
    """What the database says about the recording."""
    if recording is None:
        return {"gap_count": 0, "gaps": [], "rate_hz": None, "has_gyroscope": None}
    return {
        "gap_count": len(recording.gaps),
        "gaps": [[start_s, end_s] for start_s, end_s in recording.gaps],
        "rate_hz": recording.rate_hz,
        "has_gyroscope": recording.gyr_radps is not None,
        "facts": recording.facts.to_json(),
        "test": tested(recording.facts),
    }


def tested(facts: Facts) -> str:
    """Which test a session was of: the one it was recorded for, else the last that was set up in it."""
    if facts.test is not None:
        return facts.test
    tests = facts.tests or ()
    broken_off = {test.cue_s for test in tests if test.aborted}
    done = [test.protocol for test in tests if test.cue_s not in broken_off]
    return done[-1] if done else "none"
