"""The shapes of the JSON that the server sends, as the OpenAPI description shows them."""

from typing import Any, Literal

from pydantic import Field

from sensing.block import Position
from server.number_models import LiveNumbers
from server.shape import Shape as Shape

StreamState = Literal[
    "scanning",
    "connecting",
    "configuring",
    "streaming",
    "stalled",
    "backing_off",
    "stopped",
    "failed",
    "no_data",
]
SessionState = Literal["live", "finished", "recovered"]


class Problem(Shape):
    """Why a request was not answered."""

    detail: str = Field(examples=["There is no session 20261121-090000-1f2e."])


class Radio(Shape):
    """What the radio is doing; `off` where this server has none."""

    state: Literal["off", "starting", "running", "failed"]
    reason: str | None = Field(None, description="a sentence with the remedy when it failed")


class Status(Shape):
    """The server at a glance."""

    version: str = Field(examples=["0.1.0"])
    store_id: str = Field(description="identity of the database; another one has other sequence numbers")
    started_at: str = Field(examples=["2026-11-21T09:00:00+00:00"])
    mode: Literal["serve", "live", "demo", "replay", "record"]
    radio: Radio
    sensors: int = Field(description="how many sensors are looked after", examples=[3])
    clients: int = Field(description="how many live pages are connected", examples=[1])
    last_seq: int = Field(description="sequence number of the newest event", examples=[4711])
    storage_fault: str | None = Field(None, description="a sentence when the disk refuses to be written")


class SensorClock(Shape):
    """How the sensor's clock runs against the session's."""

    kind: str | None = Field(None, description="`device` when samples carry the sensor's time, else `host`")
    skew_ppm: float | None = None
    residual_s: float | None = None


class Sensor(Shape):
    """A sensor that is looked after, connected or not."""

    session_id: str | None
    name: str | None = Field(examples=["Movesense 174430000051"])
    address: str | None
    driver: str | None = Field(examples=["movesense"])
    state: StreamState
    reason: str | None = Field(examples=["The sensor has sent nothing for 2 s; subscribing again."])
    since_s: float = Field(description="seconds it has been in this state")
    attempt: int
    retry_in_s: float | None
    rssi: int | None
    battery_percent: int | None
    last_sample_age_s: float | None
    counters: dict[str, float]
    clock: SensorClock


class SessionSummary(Shape):
    """One wearing of one sensor, in the list."""

    id: str = Field(examples=["20261121-090000-1f2e"])
    label: str = Field(description="who wears it, in the operator's words", examples=["Anna"])
    position: Position
    sensor_name: str
    driver: str | None
    started_at: str
    ended_at: str | None
    duration_s: float
    state: SessionState
    steps: int
    walking_s: float
    bouts: int
    gaps: int
    simulated: bool
    test: str = Field(examples=["none"])


class SessionPage(Shape):
    """Part of the list of sessions, latest first."""

    total: int
    items: list[SessionSummary]


class Gap(Shape):
    """A hole in the signal."""

    start_s: float
    end_s: float


class SessionDetail(SessionSummary):
    """Everything that is known about a session."""

    facts: dict[str, Any]
    counters: dict[str, float]
    clock: SensorClock
    gap_list: list[Gap]
    rate_hz: float | None
    has_gyroscope: bool | None
    torn: dict[str, Any] | None = Field(description="what a recovery found at the end of the raw log")


class NumberedEvent(Shape):
    """An event of the contract with its sequence number."""

    seq: int
    session_id: str
    event: dict[str, Any] = Field(
        examples=[{"kind": "step", "time_s": 12.31, "emitted_s": 12.72, "side": None, "walking": True}]
    )


class EventPage(Shape):
    """Events in the order of their sequence numbers."""

    events: list[NumberedEvent]
    last_seq: int = Field(description="ask again with after=last_seq for what follows")


class Login(Shape):
    """What is sent to log in."""

    token: str


class Allowed(Shape):
    """Whether a log-in is needed, and whether this caller has one."""

    needed: bool
    allowed: bool


class OperatorNote(Shape):
    """Something the operator says while a session runs; it is written into the raw log at this moment."""

    kind: Literal["remark"]
    text: str = Field(max_length=200)


class StreamSensor(Shape):
    """Which sensor a stream comes from."""

    name: str | None
    address: str | None
    driver: str | None


class BodyFrame(Shape):
    """How well the directions of the body are known."""

    confidence: float
    text: str


class Stream(Shape):
    """A session in progress, as the live page shows it."""

    stream_no: int
    session_id: str
    label: str
    position: Position
    sensor: StreamSensor
    simulated: bool
    started_at: str
    state: StreamState
    reason: str | None
    retry_in_s: float | None
    battery_percent: int | None
    rssi: int | None
    rate_hz: float | None
    has_gyroscope: bool | None
    time_s: float
    last_sample_s: float | None
    last_sample_age_s: float | None
    loss_fraction: float | None
    counters: dict[str, float]
    clock: SensorClock
    frame: BodyFrame
    numbers: LiveNumbers
