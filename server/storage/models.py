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
    freezes: Mapped[bool] = mapped_column(default=False)  # whether freezing of gait is looked for


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


class AlertRow(Base):
    """One alert, as server.alerts.alert has it: `body` is its JSON, the other columns are what is looked for."""

    __tablename__ = "alerts"
    __table_args__ = (Index("alerts_of_person", "person_key", "at"), Index("alerts_in_state", "state", "at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]  # fall | help | test
    person: Mapped[str]
    person_key: Mapped[str]
    session_id: Mapped[str | None]
    at: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str | None]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class OutboxRow(Base):
    """One message to one contact, written with the change of the alert that it tells of. Times ISO 8601 in UTC.

    `key` is the same at every attempt and on every channel: whoever gets a message twice can see that it is one.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_in_state", "state"), Index("outbox_of_alert", "alert_id"))

    key: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[str]
    contact_id: Mapped[str]
    contact_name: Mapped[str]
    channel_no: Mapped[int]
    what: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[str]  # pending | sending | sent | delivered | acknowledged | failed | dropped
    tries: Mapped[int]
    next_try: Mapped[str | None]
    created_at: Mapped[str]
    sent_at: Mapped[str | None]
    late: Mapped[bool]
    error: Mapped[str | None]
    link_hash: Mapped[str | None] = mapped_column(unique=True)
    link_until: Mapped[str | None]


class CareRow(Base):
    """Who is told about one person, and how (server.alerts.care_plan). The empty key stands for everybody else."""

    __tablename__ = "care_plans"

    person_key: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str]
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)
    snooze: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class NoticeRow(Base):
    """One notice, as server.care.notice has it: `body` is its JSON, the other columns are what is looked for."""

    __tablename__ = "notices"
    __table_args__ = (Index("notices_of_person", "person_key", "at"), Index("notices_open", "over_at", "at"))

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    person_key: Mapped[str]
    at: Mapped[str]
    over_at: Mapped[str | None]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class StumbleAnswerRow(Base):
    """What the wearer says of one possible stumble (server.care.stumbles names them)."""

    __tablename__ = "stumble_answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    answer: Mapped[str]  # yes | no | unsure
    at: Mapped[str]


class FactRow(Base):
    """About the database itself: its identity, and up to which number sequence numbers were handed out."""

    __tablename__ = "store"

    name: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
