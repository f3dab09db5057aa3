"""What is kept about a person goes into the facts of their sessions, so that the recording says it too."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from sensing.facts import Facts, merged
from sensing.packets import Json
from server.storage.people import StoredPerson, person_named
from server.storage.store import Store

log = structlog.get_logger("people")

KEPT = ("height_m", "age_years", "sex", "condition")
AT_THE_PELVIS = ("lower_back", "waist")  # where a sensor's height over the floor is that of the lower back
CARRIED = ("factor", "pendulum_m", "error_share", "walked_m", "at")


def known_wearer(store: Store, label: str, facts: Facts) -> tuple[str, Facts]:
    """The label and the facts of a new session, completed where the label names somebody who is known.

    A database that cannot be read must not keep anybody from being recorded: the facts stay as they are then.
    """
    try:
        person = store.read(lambda connection: person_named(connection, label))
    except SQLAlchemyError:
        log.exception("people cannot be read; a session begins without what is known of its wearer", label=label)
        return label, facts
    return (label, facts) if person is None else (person.name, completed(facts, person))


def completed(facts: Facts, person: StoredPerson) -> Facts:
    """The facts with what is kept about the person where they do not say otherwise."""
    kept: dict[str, Json] = {name: getattr(person, name) for name in KEPT}
    kept["freezes"] = person.freezes or None
    if facts.position in AT_THE_PELVIS:
        kept["sensor_height_m"] = person.sensor_height_m
    calibration = person.calibrations.get(facts.position)
    stated = (facts.person and facts.person.stride_calibration) or {}
    if calibration is not None and facts.position not in stated:
        carried: Json = {name: calibration[name] for name in CARRIED}
        kept["stride_calibration"] = {facts.position: carried}
    known: Json = {name: value for name, value in kept.items() if value is not None}
    return Facts.from_json(merged({"person": known}, facts.to_json())) if known else facts
