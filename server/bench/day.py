"""Whether the last hour of a day costs what the first did, in time and in memory: the detectors, and a live session."""

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dsp.pipeline import Pipeline
from dsp.wearing import Wearing
from sensing.block import SampleBlock
from server.bench.live_cost import Fed
from server.bench.measuring import MB, MeasuringError, peak_mb, resident_mb
from server.bench.streams import RATE_HZ, walk

HOUR_S = 3600.0
BLOCK = 100
LOOP_S = 40.0


def day_of_detecting(hours: int) -> dict[str, float]:
    """CPU seconds of each hour and resident MB after it, of the pipeline alone in blocks of a second."""
    Pipeline.warm()
    pipeline = Pipeline(Wearing("lower_back", height_m=1.70))
    loop = list(walk(LOOP_S).blocks(BLOCK))
    cpu_s, resident, states = [], [], []
    number = 0
    for _ in range(hours):
        began_s = time.process_time()
        for _ in range(round(HOUR_S * RATE_HZ) // BLOCK):
            block = loop[number % len(loop)]
            first = number * BLOCK
            time_s = (first + np.arange(BLOCK)) / RATE_HZ
            pipeline.update(SampleBlock("day", first, RATE_HZ, time_s, block.acc_mps2, block.gyr_radps))
            number += 1
        cpu_s.append(time.process_time() - began_s)
        resident.append(_or_nan(resident_mb))
        states.append(sum(map(len, pipeline.save_state())) / MB)
    return {**_first_and_last(cpu_s, resident), "state_mb_first": states[0], "state_mb_last": states[-1]}


async def day_of_a_session(hours: int, samples: int, data_dir: Path) -> dict[str, float]:
    """The same of one sensor through the whole server, with raw log, database and one page; then its closing."""
    Pipeline.warm()
    fed = Fed(data_dir, 1, samples)
    cpu_s, resident = [], []
    for hour in range(1, hours + 1):
        began_s = time.process_time()
        while fed.now_s < hour * HOUR_S:
            await fed.half_second()
        cpu_s.append(time.process_time() - began_s)
        resident.append(_or_nan(resident_mb))
    began_s = time.process_time()
    await fed.close()
    closing_s = time.process_time() - began_s
    return {**_first_and_last(cpu_s, resident), "closing_cpu_s": closing_s, "closing_peak_mb": _or_nan(peak_mb)}


def _first_and_last(cpu_s: list[float], resident: list[float]) -> dict[str, float]:
    return {
        "hours": len(cpu_s),
        "cpu_s_first_hour": cpu_s[0],
        "cpu_s_last_hour": cpu_s[-1],
        "cpu_s_median_hour": float(np.median(cpu_s)),
        "resident_mb_first_hour": resident[0],
        "resident_mb_last_hour": resident[-1],
    }


def _or_nan(measure: Callable[[], float]) -> float:
    """What this system does not tell is not a number."""
    try:
        return measure()
    except MeasuringError:
        return math.nan
