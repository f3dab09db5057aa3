"""From a sensor's samples at any rate to body blocks at one rate."""

import math

import numpy as np

from dsp.body import ACC_X, BODY_RATE_HZ, COLUMNS, SEEN, TIME, VALID, BodyBlock, Floats
from dsp.detector import State, fresh
from dsp.frames import FRAME_STATE, orient
from dsp.kernels import kernel
from dsp.wearing import TRUNK, Wearing
from sensing.block import GAP_PERIODS, SampleBlock

BRIDGE_S = 0.25  # longer holes are breaks: less than the shortest step of 0.39 s (clinical reference §3.2)
IMPOSSIBLE_MPS2 = 4000.0  # no wearable's range reaches 400 g: such a number is a transmission error
IMPOSSIBLE_RADPS = 400.0  # nor 23 000 degrees per second
MOST_ROWS = 16384

CONDITIONER_STATE = np.dtype(
    [
        ("started", np.int64),
        ("time_s", np.float64),  # of the last sample taken
        ("sample", np.float64, (6,)),
        ("bin", np.int64),  # grid index being filled
        ("from_s", np.float64),  # filled up to here
        ("area", np.float64, (6,)),
        ("held_s", np.float64),  # of this bin, bridged
        ("frame", FRAME_STATE),
    ],
    align=True,
)


@kernel
def condition(
    state: State,
    time_s: Floats,
    acc: Floats,
    gyr: Floats,
    has_gyro: bool,
    hole_s: float,
    learn_forward: bool,
    start: int,
    rows: Floats,
) -> tuple[int, int]:
    """Averages the straight line between samples over each grid interval; returns (samples taken, rows written).

    Stops before the sample that follows a break, so that rows are always consecutive, and where rows are full. The
    response of one grid interval's mean is zero at multiples of the grid rate, which is exactly where the vibration
    of a faster sensor would fold onto gait. Samples with a non-finite or impossible acceleration, or that do not come
    later than the one before, are left out; where the gyroscope's are unusable, the row's rates are NaN.
    """
    s = state[0]
    last, area = s["sample"], s["area"]
    step_s = 1.0 / BODY_RATE_HZ
    made = 0
    now = np.empty(6)
    for i in range(start, time_s.shape[0]):
        t = time_s[i]
        taken = math.isfinite(t) and (s["started"] == 0 or t > s["time_s"])
        for c in range(3):
            now[c] = acc[i, c]
            now[3 + c] = gyr[i, c] if has_gyro and abs(gyr[i, c]) < IMPOSSIBLE_RADPS else math.nan
            taken = taken and abs(now[c]) < IMPOSSIBLE_MPS2
        if not taken:
            continue
        hole = t - s["time_s"]
        if s["started"] == 0 or hole > BRIDGE_S:
            if made > 0:
                return i, made
            s["bin"] = np.int64(math.floor(t * BODY_RATE_HZ + 0.5)) + 1
            s["from_s"] = (s["bin"] - 0.5) * step_s
            s["held_s"] = 0.0
            s["frame"]["settled"] = min(s["frame"]["settled"], BODY_RATE_HZ)
            for c in range(6):
                area[c] = 0.0
        else:
            begin = s["time_s"]
            while True:
                edge = (s["bin"] + 0.5) * step_s
                until = min(edge, t)
                since = max(s["from_s"], begin)
                if until > since:
                    width = until - since
                    middle = (0.5 * (since + until) - begin) / hole
                    for c in range(6):
                        area[c] += width * (last[c] + middle * (now[c] - last[c]))
                    if hole > hole_s:
                        s["held_s"] += width
                    s["from_s"] = until
                if edge > t:
                    break
                if made == rows.shape[0]:
                    return i, made
                row = rows[made]
                row[TIME] = s["bin"] * step_s
                row[SEEN] = t
                row[VALID] = 1.0 if s["held_s"] < 0.5 * step_s else 0.0
                for c in range(6):
                    area[c] *= BODY_RATE_HZ
                    row[ACC_X + c] = area[c]
                orient(s["frame"], area, learn_forward, row)
                for c in range(6):
                    area[c] = 0.0
                s["held_s"] = 0.0
                s["bin"] += 1
                made += 1
        s["started"] = 1
        s["time_s"] = t
        for c in range(6):
            last[c] = now[c]
    return time_s.shape[0], made


class Conditioner:
    """Cuts a sensor's stream into body blocks; `state` is all it remembers."""

    def __init__(self, wearing: Wearing) -> None:
        self.state: State = fresh(CONDITIONER_STATE)
        self._learn_forward = wearing.position in TRUNK

    def update(self, block: SampleBlock) -> list[BodyBlock]:
        """Body blocks that these samples complete, none of them empty; a break starts a new one."""
        state, time_s, acc = self.state, block.time_s, block.acc_mps2
        has_gyro = block.gyr_radps is not None
        gyr = block.gyr_radps if block.gyr_radps is not None else acc
        hole_s = GAP_PERIODS / block.rate_hz
        taken, n = 0, time_s.shape[0]
        body: list[BodyBlock] = []
        while taken < n:
            rows = np.empty((self._room(time_s, taken), COLUMNS))
            taken, made = condition(state, time_s, acc, gyr, has_gyro, hole_s, self._learn_forward, taken, rows)
            if made:
                body.append(BodyBlock(state["bin"].item() - made, rows[:made]))
        return body

    def _room(self, time_s: Floats, start: int) -> int:
        """Rows that the rest of the block can make, within reason."""
        since_s = time_s.item(start) - BRIDGE_S
        if self.state["started"].item():
            since_s = max(since_s, self.state["time_s"].item())
        span_s = time_s.item(-1) - since_s
        return int(min(span_s * BODY_RATE_HZ + 2.0, MOST_ROWS)) if span_s > 0.0 else 2
