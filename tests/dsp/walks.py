"""Analytic walks with known contacts, for tests of the detectors."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dsp.body import BodyBlock
from dsp.conditioning import Conditioner
from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import STANDARD_GRAVITY_MPS2, SampleBlock

Floats = NDArray[np.float64]

UPRIGHT = np.eye(3)  # sensor x forward, y left, z up
RISE_BEFORE_CONTACT_S = 0.07  # what the detector's table says of the trunk
FLAT_AFTER_CONTACT_S = 0.12  # and of the foot


@dataclass(frozen=True)
class Stream:
    """Samples of one sensor and the contacts behind them."""

    time_s: Floats
    acc_mps2: Floats
    gyr_radps: Floats | None
    contacts_s: Floats
    rate_hz: float

    def block(self, part: slice = slice(None)) -> SampleBlock:
        start = range(len(self.time_s))[part].start
        return SampleBlock(
            "test",
            start,
            self.rate_hz,
            self.time_s[part],
            self.acc_mps2[part],
            None if self.gyr_radps is None else self.gyr_radps[part],
        )

    def blocks(self, cuts: list[int]) -> Iterator[SampleBlock]:
        edges = [0, *sorted({c for c in cuts if 0 < c < len(self.time_s)}), len(self.time_s)]
        for start, stop in pairwise(edges):
            yield self.block(slice(start, stop))

    def without_gyro(self) -> "Stream":
        return Stream(self.time_s, self.acc_mps2, None, self.contacts_s, self.rate_hz)

    def keep(self, kept: NDArray[np.bool_]) -> "Stream":
        gyr = None if self.gyr_radps is None else self.gyr_radps[kept]
        return Stream(self.time_s[kept], self.acc_mps2[kept], gyr, self.contacts_s, self.rate_hz)


def trunk_walk(
    *,
    step_s: float = 0.55,
    steps: int = 16,
    rate_hz: float = 100.0,
    still_s: float = 3.0,
    strength_mps2: float = 2.0,
    mounting: Floats = UPRIGHT,
    noise_mps2: float = 0.02,
    jitter: float = 0.0,
    seed: int = 1,
) -> Stream:
    """Standing, walking, standing. mounting: rows are the sensor's axes in the body's (forward, left, up)."""
    rng = np.random.default_rng(seed)
    contacts_s = still_s + step_s * (1 + np.arange(steps))
    time_s = _times(2 * still_s + step_s * (steps + 1), rate_hz, jitter, rng)
    phase = 2 * np.pi * (time_s - still_s + RISE_BEFORE_CONTACT_S) / step_s
    size = np.clip((time_s - still_s) / step_s, 0, 1) * np.clip((contacts_s[-1] + 0.5 * step_s - time_s) / step_s, 0, 1)
    up = strength_mps2 * size * np.sin(phase)
    forward = 0.5 * strength_mps2 * size * np.sin(phase + np.radians(100))
    left = 0.4 * strength_mps2 * size * np.sin(0.5 * phase)
    acc = np.column_stack([forward, left, up + STANDARD_GRAVITY_MPS2]) + rng.normal(0, noise_mps2, (time_s.size, 3))
    gyr = np.column_stack([0.1 * np.sin(0.5 * phase), np.zeros_like(phase), 0.3 * np.cos(0.5 * phase)])
    gyr *= size[:, None]
    return Stream(time_s, acc @ mounting.T, gyr @ mounting.T, contacts_s, rate_hz)


def leg_walk(*, stride_s: float = 1.1, strides: int = 12, rate_hz: float = 100.0, seed: int = 1) -> Stream:
    """A foot that lies still, moves for two fifths of the stride and is flat a little after the heel's contact."""
    rng = np.random.default_rng(seed)
    contacts_s = 2.0 + stride_s * (1 + np.arange(strides))
    time_s = _times(4.0 + stride_s * (strides + 1), rate_hz, 0.0, rng)
    flat_s = contacts_s + FLAT_AFTER_CONTACT_S
    before = (flat_s[np.searchsorted(flat_s, time_s).clip(max=strides - 1)] - time_s) / stride_s
    swing = (before > 0) & (before < 0.4)
    acc = rng.normal((0.0, 0.0, STANDARD_GRAVITY_MPS2), 0.05, (time_s.size, 3))
    acc[:, 0] += np.where(swing, 12.0 * np.sin(2 * np.pi * before / 0.4), 0.0)
    acc[:, 2] += np.where(swing, 6.0 * np.cos(4 * np.pi * before / 0.4), 0.0)
    gyr = rng.normal(0, 0.01, (time_s.size, 3))
    return Stream(time_s, acc, gyr, contacts_s, rate_hz)


def fidgeting(*, seconds: float = 20.0, rate_hz: float = 100.0, seed: int = 1) -> Stream:
    """Irregular jolts that look like single contacts, on a sensor that keeps changing its tilt."""
    rng = np.random.default_rng(seed)
    time_s = _times(seconds, rate_hz, 0.0, rng)
    jolts_s = np.cumsum(rng.uniform(0.5, 3.5, 40))
    up = sum(1.5 * np.exp(-0.5 * ((time_s - at) / 0.1) ** 2) for at in jolts_s)
    lean = 0.6 * np.sin(2 * np.pi * time_s / 6.5)
    gravity = np.column_stack([np.sin(lean), np.zeros_like(lean), np.cos(lean)]) * STANDARD_GRAVITY_MPS2
    gyr = np.column_stack([np.zeros_like(lean), -np.gradient(lean, time_s), np.zeros_like(lean)])
    return Stream(time_s, gravity + np.column_stack([0 * up, 0 * up, up]), gyr, np.empty(0), rate_hz)


def rotation(seed: int) -> Floats:
    """A mounting drawn evenly from all there are."""
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return q if np.linalg.det(q) > 0 else -q


def events_of(stream: Stream, wearing: Wearing | None = None, cuts: list[int] | None = None) -> list[Event]:
    """What the whole pipeline makes of a stream, its end included."""
    pipeline = Pipeline(wearing or Wearing())
    events = [event for block in stream.blocks(cuts or []) for event in pipeline.update(block).events]
    return events + pipeline.finish().events


def body_of(stream: Stream, wearing: Wearing | None = None) -> list[BodyBlock]:
    """The stream conditioned."""
    return list(Conditioner(wearing or Wearing()).update(stream.block()))


def standing_steps(events: list[Event]) -> list[Event]:
    """Steps that were not taken back."""
    taken_back = {event.fields["of_time_s"] for event in events if event.kind == "retraction"}
    return [event for event in events if event.kind == "step" and event.time_s not in taken_back]


def _times(duration_s: float, rate_hz: float, jitter: float, rng: np.random.Generator) -> Floats:
    index = np.arange(int(duration_s * rate_hz))
    return (index + jitter * rng.uniform(-0.5, 0.5, index.size)) / rate_hz
