"""A calibration walk measured anew from what was recorded, as if nothing had been calibrated yet."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from dsp.events import Event
from dsp.gait.parameters import record_of
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import SampleBlock
from sensing.facts import Facts
from sensing.rawlog import read_raw_log, segments
from sensing.recording import read_recording
from server.calibration import CalibrationError, KnownWalk, Measured, measured_walk, with_walk
from server.closing import RECORDING_NAME, decoded_blocks
from server.people import completed
from server.plan import SessionPlan, wearing_of
from server.storage.people import StoredPerson, keep_calibration, person_by_id

LEAD_S = 60.0  # seen before the walk: which way is up and forward is learned by then
AFTER_S = 5.0  # a walk is over 3 s after its last contact, a step is sent 0.75 s after it
PROVISIONAL_HEIGHT_M = 1.70  # where nobody knows how tall somebody is, the factor makes up for it
BLOCK_SAMPLES = 8192


@dataclass(frozen=True, slots=True)
class Source:
    """Something that was recorded. `label` says who it was, where that is known."""

    name: str
    label: str | None
    facts: Facts
    blocks: Iterable[SampleBlock]


def source_at(path: Path) -> Source:
    """A recording, or the folder of a session as far as it is on the disk: its raw log, or the recording without one.

    Raises CalibrationError where there is neither, RawLogError, RecordingError.
    """
    if path.is_dir() and segments(path):
        raw = read_raw_log(path)
        stated = raw.header.get("plan")
        if not isinstance(stated, dict):
            raise CalibrationError(f"The raw log in {path} does not say what the session was.")
        plan = SessionPlan.from_json(stated)
        return Source(plan.id, plan.label, plan.facts, decoded_blocks(plan, raw.records))
    file = path / RECORDING_NAME if path.is_dir() else path
    if not file.is_file():
        raise CalibrationError("Nothing is on the disk of this session, so the walk cannot be measured.")
    recording = read_recording(file)
    name = file.parent.name if file.name == RECORDING_NAME else recording.name
    return Source(name, None, recording.facts, recording.blocks(BLOCK_SAMPLES))


def uncalibrated(facts: Facts, person: StoredPerson) -> Wearing:
    """The wearing that a person's walks are measured with.

    At the lower back the sensor's height is that of the walks before, so that all of them can be compared; else what
    the heights say, else what they would say of somebody 1.70 m tall: the factor then belongs to that height.
    """
    wearing = replace(wearing_of(completed(facts, person)), calibration=None)
    if wearing.position != "lower_back":
        return wearing
    stored = person.calibrations.get("lower_back")
    height_m = stored["pendulum_m"] if stored is not None else pendulum_m(wearing)
    provisional = Wearing("lower_back", height_m=PROVISIONAL_HEIGHT_M)
    return replace(wearing, height_m=None, sensor_height_m=height_m or pendulum_m(provisional))


def pendulum_m(wearing: Wearing) -> float | None:
    """The sensor height that lengths are worked out with, None where there is none."""
    return round(float(record_of(wearing)["pendulum_m"][0]), 4) or None


def measure(blocks: Iterable[SampleBlock], wearing: Wearing, start_s: float | None, end_s: float | None) -> Measured:
    """What the detectors find between the two times. Raises CalibrationError."""
    if start_s is not None and end_s is not None and end_s <= start_s:
        raise CalibrationError("The walk ends before it begins; exchange start and end.")
    events = events_between(blocks, wearing, start_s, end_s)
    return measured_walk(events, start_s, end_s, one_leg=wearing.side is not None)


def events_between(
    blocks: Iterable[SampleBlock], wearing: Wearing, start_s: float | None, end_s: float | None
) -> list[Event]:
    """The events of a part of a recording, and of what is needed around it."""
    pipeline = Pipeline(wearing)
    events: list[Event] = []
    for block in blocks:
        if start_s is not None and block.time_s[-1] < start_s - LEAD_S:
            continue
        if end_s is not None and block.time_s[0] > end_s + AFTER_S:
            break
        events += pipeline.update(block).events
    return events + pipeline.finish().events


def keep_walk(
    connection: Connection, person: StoredPerson, wearing: Wearing, source: str, found: Measured, distance_m: float
) -> StoredPerson:
    """Adds a measured walk to the person's calibration of that position. Raises CalibrationError."""
    walk = KnownWalk(
        source=source,
        start_s=found.start_s,
        end_s=found.end_s,
        distance_m=distance_m,
        measured_m=round(found.measured_m, 3),
        strides=found.strides,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    newest = person_by_id(connection, person.id) or person
    calibration = with_walk(newest.calibrations.get(wearing.position), walk, pendulum_m(wearing))
    return keep_calibration(connection, person.id, wearing.position, calibration)
