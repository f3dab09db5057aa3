"""Frames and choices to test drivers with: arbitrary ones for Hypothesis, plain ones for examples."""

import json

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sensing.block import Vectors
from sensing.drivers import gaitimu, movesense, polar
from sensing.drivers.base import Frame, StreamChoice
from sensing.drivers.gaitimu_frames import GYROSCOPE, MAGNETOMETER, Scale
from sensing.drivers.movesense_gsp import RATES_HZ, Stream
from sensing.drivers.polar_frames import COMPRESSED, Flow
from sensing.drivers.polar_pmd import Measurement

H10 = polar.choice_of(Flow(Measurement.ACC, 100.0, 16, 8.0, 1.0, 1))
VERITY_ACC = Flow(Measurement.ACC, 52.0, 16, 8.0, 2.44140625e-4, COMPRESSED)
VERITY_GYRO = Flow(Measurement.GYRO, 52.0, 16, 2000.0, 0.06103515625, COMPRESSED)
VERITY = polar.choice_of(VERITY_ACC, VERITY_GYRO)
IMU6 = movesense.choice_of(Stream("IMU6", 104))
BOARD = gaitimu.choice_of(GYROSCOPE, 100.0, 10, Scale())

EXAMPLES = {"movesense": [IMU6], "polar": [H10, VERITY], "gaitimu": [BOARD]}


def vectors(n: int, limit: float) -> st.SearchStrategy[Vectors]:
    """n arbitrary vectors within the limit."""
    return hnp.arrays(np.float64, (n, 3), elements=st.floats(-limit, limit, allow_subnormal=False))


@st.composite
def frames_of(draw: st.DrawFn, choice: StreamChoice, n: int | None = None) -> Frame:
    """An arbitrary frame that `choice` can carry."""
    n = n or choice.samples_per_packet
    return Frame(
        draw(vectors(n, 70.0)),
        draw(vectors(n, 30.0)) if choice.has_gyroscope else None,
        draw(vectors(n, 400.0)) if choice.has_magnetometer else None,
        ticks=draw(st.integers(0, 2**32 - 1)),
        sequence=draw(st.integers(0, 2**16 - 1)),
    )


movesense_choices = st.builds(
    lambda sensing, rate, part_bytes: stored(movesense.choice_of(Stream(sensing, rate)), part_bytes=part_bytes),
    st.sampled_from(["Acc", "IMU6", "IMU6m", "IMU9"]),
    st.sampled_from(RATES_HZ),
    st.sampled_from([20, 150, 156, 240]),
)
gaitimu_choices = st.builds(
    lambda quantities, rate, n: stored(gaitimu.choice_of(quantities, rate, n, Scale())),
    st.sampled_from([0, GYROSCOPE, MAGNETOMETER, GYROSCOPE | MAGNETOMETER]),
    st.sampled_from([25, 50, 100, 200]),
    st.integers(1, 40),
)
polar_choices = st.sampled_from([H10, VERITY, polar.choice_of(VERITY_ACC)])


def stored(choice: StreamChoice, **settings: int) -> StreamChoice:
    """The choice as it comes back from the raw log, with some settings changed."""
    fields = json.loads(json.dumps(choice.to_json()))
    fields["settings"].update(settings)
    return StreamChoice.from_json(fields)


def walk(choice: StreamChoice, number: int = 0) -> Frame:
    """A plain frame: the `number`th of a smooth movement, stamped as the driver of `choice` stamps."""
    n = choice.samples_per_packet
    time_s = (number * n + np.arange(n)) / choice.rate_hz
    swing = np.sin(2 * np.pi * time_s)
    zero = np.zeros(n)
    return Frame(
        np.column_stack((9.81 + 3 * swing, zero + 0.5, 2 * swing)),
        np.column_stack((swing, -swing, zero)) if choice.has_gyroscope else None,
        np.column_stack((zero + 20, swing, zero - 40)) if choice.has_magnetometer else None,
        sequence=number,
        ticks=1000 + round(1000 * time_s[0]),
    )
