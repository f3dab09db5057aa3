"""The minute around an alert: how strongly it moved, and how far the sensor was tipped from where it was before."""

from collections.abc import Iterable

import numpy as np

from dsp.body import BODY_RATE_HZ, Floats
from dsp.conditioning import Conditioner
from dsp.wearing import Wearing
from sensing.block import SampleBlock
from server.models_alerts import SignalShape

BEFORE_S, AFTER_S = 30.0, 30.0
SETTLING_S = 5.0  # what the vertical needs to be found
UPRIGHT_S = (-20.0, -3.0)  # seconds around the event that say how the sensor was before
SHOWN_HZ = 25.0
EVERY = round(BODY_RATE_HZ / SHOWN_HZ)


def signal_of(
    blocks: Iterable[SampleBlock], wearing: Wearing, impact_s: float, events: list[dict[str, object]]
) -> SignalShape:
    """From the samples of a session; null where there are none. `events` are those of the session."""
    start_s, end_s = impact_s - BEFORE_S, impact_s + AFTER_S
    norm, up = _gathered(blocks, wearing, start_s, end_s)
    tilt = _tilt(up, impact_s - start_s)
    return SignalShape(
        start_s=round(start_s, 3),
        end_s=round(end_s, 3),
        impact_s=round(impact_s, 3),
        dt_s=1.0 / SHOWN_HZ,
        norm_mps2=_plain(norm, 2),
        tilt_rad=_plain(tilt, 3),
        events=[event for event in events if _touches(event, start_s, end_s)],
    )


def _gathered(blocks: Iterable[SampleBlock], wearing: Wearing, start_s: float, end_s: float) -> tuple[Floats, Floats]:
    """Largest length of the acceleration, and mean vertical, in each of the shown steps; NaN where nothing came."""
    steps = round((end_s - start_s) * SHOWN_HZ)
    first = round(start_s * BODY_RATE_HZ)
    norm, up = np.full(steps * EVERY, np.nan), np.full((steps * EVERY, 3), np.nan)
    conditioner = Conditioner(wearing)
    for block in blocks:
        if block.time_s[-1] < start_s - SETTLING_S or block.time_s[0] > end_s:
            continue
        for body in conditioner.update(block):
            at = body.first_index - first + np.arange(len(body))
            inside = (at >= 0) & (at < steps * EVERY)
            norm[at[inside]] = np.linalg.norm(body.acc_sensor_mps2[inside], axis=1)
            up[at[inside]] = body.up[inside]
    some = np.isfinite(norm).reshape(steps, EVERY).any(axis=1)
    shown_norm, shown_up = np.full(steps, np.nan), np.full((steps, 3), np.nan)
    shown_norm[some] = np.nanmax(norm.reshape(steps, EVERY)[some], axis=1)
    shown_up[some] = np.nanmean(up.reshape(steps, EVERY, 3)[some], axis=1)
    return shown_norm, shown_up


def _tilt(up: Floats, impact_s: float) -> Floats:
    """Angle of the vertical against its mean before the event, rad, shape (n,)."""
    low, high = (max(0, round((impact_s + edge_s) * SHOWN_HZ)) for edge_s in UPRIGHT_S)
    before = up[low:high][np.isfinite(up[low:high, 0])]
    if not len(before):
        return np.full(len(up), np.nan)
    upright = before.mean(axis=0)
    length = float(np.linalg.norm(upright))
    if length < 0.5:  # it was turned about all the while: there is nothing to compare with
        return np.full(len(up), np.nan)
    lengths = np.linalg.norm(up, axis=1)
    cosine = (up @ upright) / (length * lengths)
    angle: Floats = np.arccos(np.clip(cosine, -1.0, 1.0))
    return angle


def _plain(values: Floats, digits: int) -> list[float | None]:
    return [round(value, digits) if np.isfinite(value) else None for value in values.tolist()]


def _touches(event: dict[str, object], start_s: float, end_s: float) -> bool:
    at_s, until_s = event["time_s"], event.get("end_s") or event["time_s"]
    return isinstance(at_s, float | int) and isinstance(until_s, float | int) and at_s < end_s and until_s > start_s
