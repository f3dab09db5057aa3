"""A fall in the last seconds before the program was killed, of which too little was seen to be told as one.

A blow is judged by the posture that follows it, and where the stream ends a third of a second after it that posture is
the rebound. So the stream is also looked at as it was just after the blow. Whoever is asked in vain has lost a touch of
a button; who is not asked may lie there. Only a recovery asks this: a stream that ends by itself ends in peace.
"""

from collections.abc import Sequence

import numpy as np

from dsp.events import Event
from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import SampleBlock

SEEN_BEFORE_S = 60.0  # enough to know how the wearer carries the sensor
LAST_S = 3.0  # later a fall has been judged by all that belongs to it (CONTRACT §3)
JUST_AFTER_S = (0.1, 0.2)  # in simulated falls surest then, until a second later (0.3 and 0.4 s: one in six is missed)


def fall_cut_short(wearing: Wearing, blocks: Sequence[SampleBlock], told: Sequence[Event]) -> Event | None:
    """The fall that a stream cut short may have ended in; None where none was felt, or it is among those `told`."""
    blocks = [block for block in blocks if len(block) > 0]
    if not blocks:
        return None
    end_s = float(blocks[-1].time_s[-1])
    if any(event.kind == "fall" and end_s - event.time_s < LAST_S for event in told):
        return None
    blow_s = _hardest(blocks, end_s - LAST_S)
    if blow_s is None:
        return None
    recent = [block for block in blocks if block.time_s[-1] > blow_s - SEEN_BEFORE_S]
    for after_s in JUST_AFTER_S:
        if blow_s + after_s < end_s:
            fall = _fall_by(wearing, recent, blow_s + after_s)
            if fall is not None:
                return fall
    return None


def _hardest(blocks: Sequence[SampleBlock], since_s: float) -> float | None:
    """When the acceleration was greatest since then."""
    most, at_s = 0.0, None
    for block in blocks:
        norm = np.where(block.time_s >= since_s, np.linalg.norm(block.acc_mps2, axis=1), 0.0)
        at = int(np.argmax(np.nan_to_num(norm)))
        if norm[at] > most:
            most, at_s = float(norm[at]), float(block.time_s[at])
    return at_s


def _fall_by(wearing: Wearing, blocks: Sequence[SampleBlock], until_s: float) -> Event | None:
    """The last fall of a stream that ends there."""
    pipeline = Pipeline(wearing)
    events: list[Event] = []
    for block in blocks:
        seen = int(np.searchsorted(block.time_s, until_s, side="right"))
        if seen > 0:
            events += pipeline.update(block[:seen]).events
        if seen < len(block):
            break
    events += pipeline.finish().events
    falls = [event for event in events if event.kind == "fall" and until_s - event.time_s < LAST_S]
    return falls[-1] if falls else None
