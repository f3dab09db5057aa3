"""Tests that nobody set up on this server, out of the events of a session: found by the detectors, or played again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from sensing.facts import StatedTest
from server.clinic.protocols import BY_ID
from server.clinic.run import Chosen, Run
from server.clinic.running import Course
from server.plan import SessionPlan

log = structlog.get_logger("finding")

KINDS = frozenset(protocol.event for protocol in BY_ID.values())
SAME_CUE_S = 0.0005  # a cue is kept to the millisecond


def same_cue(one_s: float | None, other_s: object) -> bool:
    """Whether two times are the same "go"."""
    return one_s is not None and isinstance(other_s, int | float) and abs(one_s - other_s) <= SAME_CUE_S


def found_run(plan: SessionPlan, start_text: str, tests: Sequence[StatedTest], event: Mapping[str, Any]) -> Run | None:
    """The run that an event stands for.

    None where its protocol is not in the catalogue; where somebody broke off what was done then, which is no result
    whatever the detectors made of it; and for quiet standing that nobody asked for, since nobody knows how the feet
    stood and whether it was to be held: its sway is in the event. The id is made of the session, the kind and the
    time, so that the same event gives the same run again.
    """
    protocol = str(event["kind"] if event["kind"] in BY_ID else event.get("protocol"))
    if protocol not in BY_ID:
        log.warning("a test of an unknown protocol", session=plan.id, protocol=protocol)
        return None
    prompted = bool(event.get("prompted"))
    if not prompted and (_broken_off(tests, event) or _mere_standing(event)):
        return None
    cue_s = event.get("cue_s")
    test = next((one for one in reversed(tests) if prompted and same_cue(one.cue_s, cue_s)), None)
    started_at = datetime.fromisoformat(start_text)
    state = "invalid" if event.get("verdict") == "invalid" else "done"
    return Run(
        id=f"{plan.id}-{event['kind'].replace('_', '-')}-{round(1000 * event['time_s'])}",
        session_id=plan.id,
        person=plan.label,
        position=plan.facts.position,
        chosen=_chosen(protocol, event, test),
        created_at=(started_at + timedelta(seconds=event["time_s"])).isoformat(timespec="milliseconds"),
        course=Course(state, event["emitted_s"], cue_s, None if test is None else test.end_cue_s),  # type: ignore[arg-type]
        found=not prompted,
        event=event,
    )


def _chosen(protocol: str, event: Mapping[str, Any], test: StatedTest | None) -> Chosen:
    if test is not None:
        return Chosen(protocol, test.stance, test.course_length_m, test.hold_s, test.variant)
    return Chosen(
        protocol,
        stance=event.get("condition"),
        course_length_m=event.get("course_length_m"),
        hold_s=event.get("hold_s"),
        variant=event.get("variant"),
    )


def _mere_standing(event: Mapping[str, Any]) -> bool:
    return event["kind"] == "stance" and event.get("condition") is None


def _broken_off(tests: Sequence[StatedTest], event: Mapping[str, Any]) -> bool:
    """Whether the event lies over a test that was set up and broken off."""
    end_s = event.get("end_s", event["time_s"])
    return any(
        test.aborted
        and test.cue_s is not None
        and test.set_s is not None
        and test.cue_s < end_s
        and event["time_s"] < test.set_s
        for test in tests
    )
