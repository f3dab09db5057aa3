"""Whether what somebody wants to do is a test that there is, completed with what the protocol itself settles."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from server.clinic.protocol import Protocol, Variant
from server.clinic.protocols import BY_ID
from server.clinic.run import Chosen

SHORTEST_COURSE_M, LONGEST_COURSE_M = 5.0, 200.0  # a corridor to walk up and down
LONGEST_TEXT = 500
STANDARD = "standard"  # as if no variant had been chosen


class ChoiceError(ValueError):
    """Something chosen that is not offered; the text is a sentence."""


def checked(wish: Chosen) -> Chosen:
    """The choice, completed. Raises ChoiceError."""
    protocol = BY_ID.get(wish.protocol)
    if protocol is None:
        raise ChoiceError(f"There is no test {wish.protocol}; there are: {', '.join(BY_ID)}.")
    variants = dict(wish.variants)
    variant = _variant(protocol, wish.variant or variants.get("variant"))
    if variant is not None:
        variants["variant"] = variant
    return replace(
        wish,
        stance=_stance(protocol, wish.stance),
        course_length_m=_course_m(protocol, wish.course_length_m),
        hold_s=_hold_s(protocol, wish.hold_s),
        variant=variant,
        variants=_variants(protocol, variants),
    )


def _stance(protocol: Protocol, stance: str | None) -> str | None:
    ids = [one.id for one in protocol.stances]
    if stance is None and not ids:
        return None
    if stance not in ids:
        offered = f"choose one of: {', '.join(ids)}" if ids else "leave it out"
        raise ChoiceError(f"{protocol.name} has no stance {stance}; {offered}.")
    return stance


def _course_m(protocol: Protocol, course_m: float | None) -> float | None:
    choices = protocol.course_choices_m
    if not choices:
        if course_m is not None:
            raise ChoiceError(f"{protocol.name} has no course; leave its length out.")
        return None
    if protocol.needs_course:
        if course_m is not None and course_m not in choices:
            raise ChoiceError(f"{protocol.name} has a course of {_listed(choices)} m, not {course_m:g} m.")
        return course_m or choices[0]
    if course_m is not None and not SHORTEST_COURSE_M <= course_m <= LONGEST_COURSE_M:
        raise ChoiceError(f"A course is {SHORTEST_COURSE_M:g} to {LONGEST_COURSE_M:g} m long, not {course_m:g} m.")
    return course_m


def _hold_s(protocol: Protocol, hold_s: float | None) -> float | None:
    choices = protocol.hold_choices_s
    if not choices:
        if hold_s is not None:
            raise ChoiceError(f"{protocol.name} is not held for a time; leave it out.")
        return None
    if hold_s is not None and hold_s not in choices:
        raise ChoiceError(f"{protocol.name} is held for {_listed(choices)} s, not {hold_s:g} s.")
    return hold_s or choices[0]


def _variant(protocol: Protocol, variant: Any) -> str | None:
    """What changes the measurement, and not only its context."""
    if variant in (None, STANDARD):
        return None
    offered = next((one.choices for one in protocol.variants if one.key == "variant"), ())
    if variant not in [choice.value for choice in offered]:
        raise ChoiceError(f"{protocol.name} has no variant {variant}.")
    return str(variant)


def _variants(protocol: Protocol, given: Mapping[str, Any]) -> dict[str, Any]:
    offered = {variant.key: variant for variant in protocol.variants}
    kept = {key: value for key, value in given.items() if value not in (None, "")}
    for key, value in kept.items():
        if key not in offered:
            raise ChoiceError(f"{protocol.name} does not ask for {key}.")
        if not _fits(offered[key], value):
            raise ChoiceError(f"{offered[key].label}: {value!r} cannot be used.")
    return kept


def _fits(variant: Variant, value: Any) -> bool:
    if variant.kind == "choice":
        return value in [choice.value for choice in variant.choices]
    if variant.kind == "yes_no":
        return isinstance(value, bool)
    if variant.kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e4
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def answered(questions: Mapping[str, Any], protocol: Protocol, *, before: bool) -> dict[str, Any]:
    """Answers as they are kept; what was not answered is left out. Raises ChoiceError."""
    asked = {question.key: question for question in (protocol.before if before else protocol.after)}
    kept = {key: value for key, value in questions.items() if value is not None}
    for key, value in kept.items():
        question = asked.get(key)
        if question is None:
            raise ChoiceError(f"{protocol.name} does not ask {key} {'before' if before else 'after'} the test.")
        if question.kind == "yes_no":
            fits = isinstance(value, bool)
        else:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            fits = number and (question.low or 0) <= value <= (question.high or 0)
        if not fits:
            raise ChoiceError(f"{question.label} {value!r} is no answer to that.")
    return kept


def _listed(numbers: tuple[float, ...]) -> str:
    return " or ".join(f"{number:g}" for number in numbers)
