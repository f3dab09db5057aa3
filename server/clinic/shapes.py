"""Protocols and runs in the shapes that pages are sent."""

from typing import Any

from server.clinic.preflight import Check, ready
from server.clinic.protocol import Protocol, Question
from server.clinic.protocols import PROTOCOLS, instruction
from server.clinic.run import Run
from server.clinic.saying import instruction_key, next_say_at_s
from server.models_tests import (
    CheckShape,
    ChoiceShape,
    Instruction,
    Invalidation,
    Preflight,
    ProtocolList,
    ProtocolShape,
    QuestionShape,
    StanceShape,
    TestNote,
    TestRun,
    VariantShape,
)
from server.session import Session


def protocol_list() -> ProtocolList:
    """The catalogue."""
    return ProtocolList(items=[protocol_shape(protocol) for protocol in PROTOCOLS])


def protocol_shape(protocol: Protocol) -> ProtocolShape:
    return ProtocolShape(
        id=protocol.id,
        name=protocol.name,
        plain_name=protocol.plain_name,
        about=protocol.about,
        positions=list(protocol.positions),
        needs_course=protocol.needs_course,
        course_choices_m=list(protocol.course_choices_m) or None,
        stances=[StanceShape(id=s.id, name=s.name, plain_name=s.plain_name) for s in protocol.stances] or None,
        hold_choices_s=list(protocol.hold_choices_s) or None,
        countdown_s=protocol.countdown_s,
        limit_s=protocol.limit_s,
        variants=[
            VariantShape(
                key=variant.key,
                label=variant.label,
                kind=variant.kind,
                choices=[ChoiceShape(value=one.value, label=one.label) for one in variant.choices] or None,
                unit=variant.unit,
            )
            for variant in protocol.variants
        ],
        instructions=[
            Instruction(key=key, text=said.text, say=said.say) for key, said in protocol.instructions.items()
        ],
        stop_rules=list(protocol.stop_rules),
        before=[_question(question) for question in protocol.before],
        after=[_question(question) for question in protocol.after],
    )


def preflight_shape(checks: list[Check]) -> Preflight:
    shapes = [CheckShape.model_validate(check, from_attributes=True) for check in checks]
    return Preflight(ready=ready(checks), checks=shapes)


def run_shape(run: Run, session: Session | None, result: dict[str, Any] | None) -> TestRun:
    """A run at this moment; `session` is the one in progress that it is of."""
    protocol, course, chosen = run.protocol, run.course, run.chosen
    now_s = None if session is None else session.now_s()
    progress = None if session is None or course.final else _progress(run, session)
    at_s = course.since_s if now_s is None else now_s
    limit_s = run.timing.limit_s
    key = instruction_key(protocol, course, limit_s, at_s, resting=bool((progress or {}).get("resting")))
    said = instruction(protocol, key, chosen.variants, chosen.stance)
    return TestRun(
        id=run.id,
        session_id=run.session_id,
        stream_no=None if session is None else session.stream_no,
        person=run.person,
        position=run.position,
        protocol=protocol.id,
        name=protocol.name,
        plain_name=protocol.plain_name,
        stance=chosen.stance,
        course_length_m=chosen.course_length_m,
        hold_s=chosen.hold_s,
        variant=chosen.variant,
        variants=dict(chosen.variants),
        started_by=run.started_by,
        created_at=run.created_at,
        state=course.state,
        since_s=course.since_s,
        cue_s=course.cue_s,
        end_cue_s=course.end_cue_s,
        now_s=now_s,
        instruction=Instruction(key=key, text=said.text, say=said.say),
        next_say_at_s=next_say_at_s(protocol, course, limit_s, at_s),
        progress=progress,
        problem=course.problem,
        event=None if run.event is None else dict(run.event),
        verdict=run.verdict,  # type: ignore[arg-type]  # checked by the model
        reasons=run.reasons,
        before=dict(run.before),
        after=dict(run.after),
        notes=[TestNote(**note) for note in run.notes],
        invalidated=None if run.invalidated is None else Invalidation(**run.invalidated),
        result=result,
        found=run.found,
    )


def _progress(run: Run, session: Session) -> dict[str, Any] | None:
    """What the detectors tell of this run; one that they found by themselves meanwhile is another one."""
    found = session.progress()
    return dict(found) if found is not None and found.get("prompted") else None


def _question(question: Question) -> QuestionShape:
    return QuestionShape(
        key=question.key,
        label=question.label,
        kind=question.kind,
        min=question.low,
        max=question.high,
        words=dict(question.words) or None,
    )
