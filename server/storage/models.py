"""The tables, as SQLAlchemy models."""

from typing import Any, ClassVar

from sqlalchemy import JSON, Double, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Parent of every table."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {float: Double()}


class SessionRow(Base):
    """One wearing of one sensor. Times of day are ISO 8601 text in UTC, durations seconds."""

    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_of_person", "person_key", "started_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str]
    person_key: Mapped[str] = mapped_column(server_default="")  # the label as server.names.name_key spells it
    position: Mapped[str]
    sensor_name: Mapped[str]
    sensor_address: Mapped[str | None]
    driver: Mapped[str | None]
    started_at: Mapped[str] = mapped_column(index=True)
    ended_at: Mapped[str | None]
    state: Mapped[str]  # live | finished | recovered
    simulated: Mapped[bool]
    test: Mapped[str]
    duration_s: Mapped[float]
    steps: Mapped[int]
    walking_s: Mapped[float]
    bouts: Mapped[int]
    gap_count: Mapped[int]
    rate_hz: Mapped[float | None]
    has_gyroscope: Mapped[bool | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    counters: Mapped[dict[str, Any]] = mapped_column(JSON)
    clock: Mapped[dict[str, Any]] = mapped_column(JSON)
    gaps: Mapped[list[Any]] = mapped_column(JSON)
    torn: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # what a recovery found at the end of the raw log


class PersonRow(Base):
    """Somebody whose facts are kept from one session to the next. Their sessions are those with the same key."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    height_m: Mapped[float | None]
    sensor_height_m: Mapped[float | None]  # at the lower back
    age_years: Mapped[float | None]
    sex: Mapped[str | None]
    condition: Mapped[str | None]
    calibrations: Mapped[dict[str, Any]] = mapped_column(JSON)  # by position, as server.calibration makes them


class EventRow(Base):
    """One event of the contract. `seq` grows over all sessions; `ordinal` is its place within its session."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("session_id", "ordinal"), Index("events_of_kind", "session_id", "kind", "seq"))

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    ordinal: Mapped[int]
    kind: Mapped[str]
    time_s: Mapped[float]
    emitted_s: Mapped[float]
    event: Mapped[dict[str, Any]] = mapped_column(JSON)


class RunRow(Base):
    """One run of a test of the clinic, as server.clinic.run has it. Times are seconds of its session.

    No foreign key: a run may be prepared before its session has a first sample, and with it a row.
    """

    __tablename__ = "tests"
    __table_args__ = (
        Index("tests_of_session", "session_id"),
        Index("tests_of_person", "person_key", "protocol", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str]
    person: Mapped[str]
    person_key: Mapped[str]
    position: Mapped[str]
    protocol: Mapped[str]
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[str]
    started_by: Mapped[str | None]  # patient | therapist; nobody for what was found
    found: Mapped[bool]
    state: Mapped[str]  # server.clinic.running.State
    since_s: Mapped[float]
    cue_s: Mapped[float | None]
    end_cue_s: Mapped[float | None]
    problem: Mapped[str | None]
    event: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    notes: Mapped[list[Any]] = mapped_column(JSON)
    invalidated: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class FactRow(Base):
    """About the database itself: its identity, and up to which number sequence numbers were handed out."""

    __tablename__ = "store"

    name: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
