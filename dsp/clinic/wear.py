"""How well a sensor was worn and heard over the last minutes: losses, clipping, tilt."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.body import ACC_X, BODY_RATE_HZ, UP_X, VALID, BodyBlock, Floats
from dsp.detector import State, fresh
from dsp.kernels import Record, kernel

ROWS_PER_S = round(BODY_RATE_HZ)
KEPT_S = 480  # a six-minute walk, what comes before it and what is waited for after it
CLIPPED_MPS2 = 15.0  # two equal readings in a row beyond this are the end of a range: 16 m/s² would be 2 g

WEAR_STATE = np.dtype(
    [
        ("started", np.int64),
        ("first_index", np.int64),  # the stream's first row in the grid
        ("next_index", np.int64),  # the row expected next
        ("before", np.float64, (3,)),  # the row before, as sensed
        ("rows", np.float64, (KEPT_S,)),  # rows of each second that a sample stands behind
        ("clipped", np.float64, (KEPT_S,)),
        ("hole_s", np.float64, (KEPT_S,)),  # longest break that ended in this second
        ("up", np.float64, (KEPT_S, 3)),  # sum of the vertical in the sensor's axes
    ],
    align=True,
)


@dataclass(frozen=True, slots=True)
class WearFigures:
    """Over some stretch of the stream: shares 0 to 1, the longest break in seconds (0.25 s and more are breaks)."""

    lost_share: float
    longest_hole_s: float
    clipped_share: float


@kernel
def follow(s: Record, first_index: int, rows: Floats) -> None:
    """Adds consecutive rows to their seconds; seconds that nothing came in are empty."""
    hole_s = 0.0
    if s["started"] == 0:
        s["started"] = 1
        s["first_index"] = first_index
        forget(s, first_index // ROWS_PER_S)
    else:
        hole_s = (first_index - s["next_index"]) / BODY_RATE_HZ
        second, newest = (s["next_index"] - 1) // ROWS_PER_S, first_index // ROWS_PER_S
        for empty in range(max(second + 1, newest - KEPT_S + 1), newest + 1):
            forget(s, empty)
    before = s["before"]
    for i in range(rows.shape[0]):
        index = first_index + i
        at = (index // ROWS_PER_S) % KEPT_S
        if i > 0 and index % ROWS_PER_S == 0:
            forget(s, index // ROWS_PER_S)
        s["hole_s"][at] = max(s["hole_s"][at], hole_s)
        hole_s = 0.0
        clipped = False
        for c in range(3):
            now = rows[i, ACC_X + c]
            clipped = clipped or (now == before[c] and abs(now) > CLIPPED_MPS2)
            before[c] = now
            s["up"][at, c] += rows[i, UP_X + c]
        s["clipped"][at] += 1.0 if clipped else 0.0
        s["rows"][at] += 1.0 if rows[i, VALID] > 0.5 else 0.0
    s["next_index"] = first_index + rows.shape[0]


@kernel
def forget(s: Record, second: int) -> None:
    """Makes room for a new second."""
    at = second % KEPT_S
    s["rows"][at] = s["clipped"][at] = s["hole_s"][at] = 0.0
    for c in range(3):
        s["up"][at, c] = 0.0


class Wear:
    """Follows the rows of one pipeline; the tests of the clinic ask it. `state` is all it remembers."""

    def __init__(self) -> None:
        self.state: State = fresh(WEAR_STATE)

    def rows(self, block: BodyBlock) -> None:
        """Takes the next rows."""
        follow(self.state[0], block.first_index, block.rows)

    def over(self, start_s: float, end_s: float) -> WearFigures:
        """From start_s to end_s, as far as the stream was seen and is remembered; of an empty stretch all is lost."""
        seconds = self._seconds(start_s, end_s)
        s, slots = self.state[0], seconds % KEPT_S
        if not seconds.size:
            return WearFigures(1.0, max(0.0, end_s - start_s), 0.0)
        rows = float(s["rows"][slots].sum())
        expected = min(int(s["next_index"]), int(seconds[-1] + 1) * ROWS_PER_S)
        expected -= max(int(s["first_index"]), int(seconds[0]) * ROWS_PER_S)
        clipped = float(s["clipped"][slots].sum()) / max(rows, 1.0)
        return WearFigures(1.0 - rows / expected, float(s["hole_s"][slots].max()), clipped)

    def slipped_rad(self, before_s: tuple[float, float], after_s: tuple[float, float]) -> float | None:
        """Angle between the mean verticals of two stretches (start, end); None where one of them is not known."""
        ups = [self.state[0]["up"][self._seconds(*span) % KEPT_S].sum(axis=0) for span in (before_s, after_s)]
        lengths = [float(np.linalg.norm(up)) for up in ups]
        if min(lengths) < 1e-9:
            return None
        cosine = float(np.sum(ups[0] * ups[1])) / (lengths[0] * lengths[1])
        return math.acos(min(max(cosine, -1.0), 1.0))

    def tilting_rad(self, start_s: float, end_s: float) -> tuple[NDArray[np.int64], Floats]:
        """(seconds, how far the vertical scattered within each, as sensed) over a stretch; a hole scatters as well."""
        seconds = self._seconds(start_s, end_s)
        length = np.linalg.norm(self.state[0]["up"][seconds % KEPT_S], axis=1) / ROWS_PER_S
        scatter: Floats = np.sqrt(2.0 * np.maximum(1.0 - length, 0.0))
        return seconds, scatter

    def _seconds(self, start_s: float, end_s: float) -> NDArray[np.int64]:
        """Remembered seconds, at least half of which lie in the stretch; the one that holds it where it is shorter."""
        s = self.state[0]
        if not s["started"]:
            return np.empty(0, np.int64)
        newest = (int(s["next_index"]) - 1) // ROWS_PER_S
        oldest = max(int(s["first_index"]) // ROWS_PER_S, newest - KEPT_S + 1)
        first, last = round(start_s), round(end_s) - 1
        if last < first:
            first = last = math.floor(start_s)
        return np.arange(max(first, oldest), min(last, newest) + 1, dtype=np.int64)
