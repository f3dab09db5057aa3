"""python -m server.bench.days: a thousand seeded days; how many falls are found, how many are told that nobody had.

Nobody simulates a thousand times 24 hours. Each seeded day is a person with a sensor somewhere and amounts of every
activity (days_people); of each activity some segments are simulated with noise, tilt and loss and go through the whole
pipeline and the alert policy (days_activities, days_judging); what was told there that nobody had is scaled up by how
much of the activity the day holds (days_estimate). Falls and stumbles are done far more often than anybody has them.
A seed is a day, so any line can be run again alone: `--first 17 --days 1`.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from dsp.pipeline import Pipeline
from server.bench.days_judging import JudgedDay, judged_day
from server.bench.days_tables import ANSWERED, tables
from server.kernels_cache import set_kernels_cache

DAYS = 150  # some three minutes on two cores; the thousand take about twenty
JOBS = 2


def days_of(seeds: Sequence[int], jobs: int) -> Iterator[JudgedDay]:
    """Every day of the seeds, in order."""
    if jobs < 2:
        yield from map(judged_day, seeds)
        return
    Pipeline.warm()  # once here, so that the workers find the kernels compiled
    with ProcessPoolExecutor(jobs, initializer=set_kernels_cache) as pool:
        yield from pool.map(judged_day, seeds, chunksize=2)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.bench.days", description=__doc__)
    parser.add_argument("--days", type=int, default=DAYS, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first one's seed")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes")
    parser.add_argument(
        "--answered", type=float, default=ANSWERED, help="share of the wearers who answer the prompt within its 30 s"
    )
    parser.add_argument("--json", type=Path, help="write what was found of each day to this file")
    given = parser.parse_args(arguments)
    if given.days < 1:
        parser.error("--days: at least one")
    if not 0.0 <= given.answered <= 1.0:
        parser.error("--answered: a share from 0 to 1")
    set_kernels_cache()
    days = list(days_of(range(given.first, given.first + given.days), given.jobs))
    print("\n".join(tables(days, given.answered)))
    if given.json is not None:
        given.json.write_text(json.dumps([asdict(day) for day in days], indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
