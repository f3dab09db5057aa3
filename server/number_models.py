"""The shapes of the running numbers: live, and over the time of a stored session."""

from pydantic import Field

from server.shape import Shape


class Bout(Shape):
    """The walk in progress."""

    start_s: float
    duration_s: float
    steps: int
    cadence_spm: float | None


class Rolling(Shape):
    """What was measured over the last seconds of a walk; null is what had too few strides or cannot be measured."""

    time_s: float = Field(description="of the contact it was measured up to, seconds of the session")
    window_s: float = Field(description="how much walking it rests on, 30 s at most")
    strides: int | None = Field(description="outside turns, without a missed contact: what the variability rests on")
    steps: int
    cadence_spm: float | None = None
    step_time_s: float | None = None
    stride_time_s: float | None = None
    stride_time_sd_s: float | None = None
    stride_time_cv: float | None = None
    step_time_asymmetry: float | None = None
    step_regularity: float | None = None
    stride_regularity: float | None = None
    symmetry: float | None = None
    harmonic_ratio_vertical: float | None = None
    harmonic_ratio_ap: float | None = None
    harmonic_ratio_ml: float | None = None
    stride_length_m: float | None = None
    speed_mps: float | None = None
    speed_expected_error_mps: float | None = Field(None, description="mean absolute error to expect of the speed")
    smoothness: float | None = Field(None, description="spectral arc length of the strides: nearer to 0 is smoother")
    double_support: float | None = Field(None, description="share of the stride")


class LiveRolling(Rolling):
    """The same, as old as it is now."""

    age_s: float


class RollingThen(Rolling):
    """The same, as it came to be known."""

    emitted_s: float


class Sides(Shape):
    """The two feet's steps lately. A left step ends with the left foot's contact."""

    left_step_time_s: float
    right_step_time_s: float
    steps: int = Field(description="steps of known side that it rests on, 20 at most")
    confidence: float | None = Field(description="mean confidence of the sides, 0 to 1")


class SidesThen(Sides):
    """The same, as it came to be shown."""

    emitted_s: float


class LiveNumbers(Shape):
    """The big numbers of the live page."""

    steps: int
    cadence_spm: float | None
    cadence_age_s: float | None
    bout: Bout | None
    walking_s: float
    bouts: int
    distance_m: float | None = Field(None, description="walked so far, in walks long enough to be measured")
    rolling: LiveRolling | None = Field(None, description="null after 10 s without a new one")
    sides: Sides | None = Field(None, description="null with fewer than six known sides, and after 10 s without one")


class NumbersOverTime(Shape):
    """What was shown at each time, twice a second; `rolling` and `sides` have one entry per change.

    An entry counts until the next one, for 10 s at most.
    """

    time_s: list[float]
    steps: list[int]
    cadence_spm: list[float | None]
    walking: list[bool]
    distance_m: list[float | None]
    rolling: list[RollingThen]
    sides: list[SidesThen]
