"""The shapes of the JSON about people and their days, as the OpenAPI description shows them."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from sensing.block import Position
from sensing.facts import HEIGHT_M, SENSOR_HEIGHT_M
from server.models import Shape

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"\S")]
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class CalibrationWalk(Shape):
    """One walk over a known distance. Times are seconds of its session, or of its recording."""

    source: str = Field(description="the session's id, or the recording's name", examples=["20261121-090000-1f2e3d"])
    start_s: float
    end_s: float
    distance_m: float = Field(description="as it was said", examples=[20.0])
    measured_m: float = Field(description="as it was measured without a calibration", examples=[18.7])
    strides: int
    at: str


class Calibration(Shape):
    """What the walks of one person with the sensor at one place say about the length of their strides."""

    position: Position
    factor: float = Field(description="multiplies the measured length", examples=[1.07])
    pendulum_m: float | None = Field(description="height of the sensor that the factor was found with")
    error_share: float = Field(
        description="error to expect of a calibrated distance, as a share of it", examples=[0.03]
    )
    walked_m: float = Field(description="known distance in all", examples=[20.0])
    at: str = Field(description="when it was last changed, ISO 8601 in UTC")
    walks: list[CalibrationWalk]


class CalibrationDone(Calibration):
    """The calibration after one more walk."""

    measured_m: float = Field(description="what was measured of this walk before, without a calibration")
    strides: int = Field(description="of this walk")


class CalibrationWish(Shape):
    """A stretch of a session in which somebody walked a known distance; without times, its only walk."""

    session_id: str = Field(max_length=64, examples=["20261121-090000-1f2e3d"])
    distance_m: float = Field(ge=0.0, le=10_000.0, examples=[20.0])
    start_s: float | None = Field(None, ge=-1e9, le=1e9, description="seconds of the session")
    end_s: float | None = Field(None, ge=-1e9, le=1e9, description="seconds of the session")


class PersonFacts(Shape):
    """What is kept about somebody. Sessions whose label is the name, however spelled, are theirs."""

    name: Name = Field(examples=["Anna"])
    height_m: float | None = Field(None, ge=HEIGHT_M[0], le=HEIGHT_M[1], examples=[1.7])
    sensor_height_m: float | None = Field(
        None, ge=SENSOR_HEIGHT_M[0], le=SENSOR_HEIGHT_M[1], description="of the lower back's sensor over the floor"
    )
    age_years: float | None = Field(None, ge=0.0, le=130.0)
    sex: Word | None = Field(None, examples=["female"])
    condition: Word | None = Field(None, examples=["ms"])
    freezes: bool = Field(False, description="whether freezing-like episodes are looked for, at an ankle")


class PersonGiven(PersonFacts):
    """As it is sent: what is left out is not known."""


class Person(PersonFacts):
    """Somebody who is known."""

    id: int = Field(examples=[1])
    calibrations: list[Calibration]
    sessions: int = Field(description="how many there are with this name", examples=[12])
    last_seen_at: str | None = Field(description="end of the latest session, or the start of one in progress")


class People(Shape):
    """Everybody who is known, by name."""

    items: list[Person]


class LongestBout(Shape):
    """The longest walk of a day."""

    session_id: str
    start_s: float = Field(description="seconds of the session")
    duration_s: float
    steps: int
    speed_mps: float | None


class LengthClass(Shape):
    """Walks that took this long."""

    from_s: float
    to_s: float | None = Field(description="null: and more")
    bouts: int
    walking_s: float


class SpeedClass(Shape):
    """Walking at this speed."""

    from_mps: float
    to_mps: float | None = Field(description="null: and more")
    walking_s: float


class DaySession(Shape):
    """A session that touches the day."""

    id: str
    started_at: str
    duration_s: float = Field(description="recorded in the whole session")
    position: Position
    simulated: bool


class DaySummary(Shape):
    """A day in a row. Everything but `recorded_s` is null where nothing was recorded."""

    date: date
    recorded_s: float
    walking_s: float | None
    steps: int | None
    bouts: int | None
    longest_bout_s: float | None = Field(description="null where nobody walked")
    median_speed_mps: float | None = Field(description="half of the walking was faster; null where it is not known")


class Usual(Shape):
    """What is usual: the median day, and the quartiles between which half of the days lie."""

    median: float
    low: float
    high: float


class UsualDay(Shape):
    """The 28 days before, without those with less than an hour recorded."""

    days: int = Field(description="how many there are")
    recorded_s: Usual
    walking_s: Usual
    steps: Usual
    bouts: Usual
    longest_bout_s: Usual | None
    median_speed_mps: Usual | None


class Day(DaySummary):
    """One person's local day. Sensors that were worn at the same time are counted once, the better placed one."""

    distance_m: float | None = Field(description="of the walks whose length is known; null where none is")
    longest_bout: LongestBout | None
    by_length: list[LengthClass]
    speeds: list[SpeedClass] | None = Field(description="null where no speed is known")
    sessions: list[DaySession]
    usual: UsualDay | None = Field(description="null with fewer than three such days")
    days: list[DaySummary] = Field(description="the 28 days before and this one, oldest first")
