"""What two sensors on one person tell of a walk, folded contact by contact in constant memory."""

from dataclasses import dataclass

from dsp.wearing import Side

LONGEST_STEP_S, LONGEST_STRIDE_S = 2.0, 4.0  # clinical reference §3.2: MS steps of 0.39 to 1.91 s
LEAST = 3  # values that a mean rests on


@dataclass(frozen=True, slots=True)
class Contact:
    """A foot's initial contact, in seconds on the first sensor's clock.

    `final_contact_s` is that foot's last toe-off before it. `felt_s` is when the sensor that tells of it felt it, by
    its own convention (see dsp.pair).
    """

    time_s: float
    felt_s: float
    side: Side | None
    side_confidence: float | None
    final_contact_s: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Means over a walk; None is what had too few values or no final contacts.

    A left step ends with the left foot's contact. `step_time_asymmetry` is left less right over their mean, so that
    positive says that the left step takes longer. `double_support` is the share of the stride with both feet down.
    """

    steps: int
    left_steps: int
    right_steps: int
    stride_time_s: float | None
    left_step_time_s: float | None
    right_step_time_s: float | None
    step_time_asymmetry: float | None
    left_stance_time_s: float | None
    right_stance_time_s: float | None
    left_swing_time_s: float | None
    right_swing_time_s: float | None
    double_support: float | None


class Mean:
    """A running mean."""

    def __init__(self) -> None:
        self._n = 0
        self._sum = 0.0

    def add(self, value: float) -> None:
        self._n += 1
        self._sum += value

    def value(self) -> float | None:
        """None with too few values."""
        return self._sum / self._n if self._n >= LEAST else None


class Measures:
    """Takes contacts in the order of time. Only strides whose three contacts alternate are measured."""

    def __init__(self) -> None:
        self._before: list[Contact] = []  # the last two
        self._steps = {"left": 0, "right": 0, None: 0}
        self._stride = Mean()
        self._step = {"left": Mean(), "right": Mean()}
        self._stance = {"left": Mean(), "right": Mean()}
        self._swing = {"left": Mean(), "right": Mean()}
        self._double = {"left": Mean(), "right": Mean()}  # by the foot that pushes off in it; share of the stride

    def add(self, contact: Contact) -> None:
        """The next contact."""
        self._steps[contact.side] += 1
        if self._before and opposite(self._before[-1].side) == contact.side is not None:
            other = self._before[-1]
            step_s = contact.time_s - other.time_s
            if 0.0 < step_s <= LONGEST_STEP_S:
                self._step[contact.side].add(step_s)
                if len(self._before) > 1 and self._before[0].side == contact.side:
                    self._add_stride(self._before[0].time_s, other.time_s, contact, contact.side)
        self._before = [*self._before[-1:], contact]

    def _add_stride(self, start_s: float, other_s: float, end: Contact, side: Side) -> None:
        stride_s = end.time_s - start_s
        if stride_s > LONGEST_STRIDE_S:
            return
        self._stride.add(stride_s)
        final_s = end.final_contact_s
        if final_s is not None and start_s < final_s < end.time_s:
            self._stance[side].add(final_s - start_s)
            self._swing[side].add(end.time_s - final_s)
            self._double[side].add(max(0.0, final_s - other_s) / stride_s)  # runners have none

    def result(self) -> Measured:
        """The means so far."""
        left_s, right_s = self._step["left"].value(), self._step["right"].value()
        uneven = None
        if left_s is not None and right_s is not None:
            uneven = (left_s - right_s) / (0.5 * (left_s + right_s))
        return Measured(
            steps=sum(self._steps.values()),
            left_steps=self._steps["left"],
            right_steps=self._steps["right"],
            stride_time_s=self._stride.value(),
            left_step_time_s=left_s,
            right_step_time_s=right_s,
            step_time_asymmetry=uneven,
            left_stance_time_s=self._stance["left"].value(),
            right_stance_time_s=self._stance["right"].value(),
            left_swing_time_s=self._swing["left"].value(),
            right_swing_time_s=self._swing["right"].value(),
            double_support=self._double_support(),
        )

    def _double_support(self) -> float | None:
        """Both halves of the stride; where only one leg's toe-off is known, twice that half."""
        halves = [half for mean in self._double.values() if (half := mean.value()) is not None]
        return 2.0 * sum(halves) / len(halves) if halves else None


def opposite(side: Side | None) -> Side | None:
    """The other foot."""
    return None if side is None else ("left" if side == "right" else "right")
