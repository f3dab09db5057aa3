"""A record's blocks, where one that cannot be decoded must not end a session."""

import structlog

from sensing.block import SampleBlock
from sensing.intake import Intake
from sensing.packets import Record

log = structlog.get_logger("decoding")


def decoded(intake: Intake, record: Record) -> list[SampleBlock]:
    """The blocks of a record; one that the driver fails on is reported and left out, live as in a recovery."""
    try:
        return intake.receive(record)
    except Exception:
        log.exception("record cannot be decoded", sensor=intake.sensor_id, record=repr(record)[:300])
        return []
