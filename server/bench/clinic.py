"""python -m server.bench.clinic: simulated people do the tests of the clinic; what was found, and what is wrong.

`--people 200` is the measure of issue 4. A seed is a person (sensing/simulator/trials.py), so any line of the list can
be run again alone: `--tests tug --first 17 --people 1`.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import cast

import numpy as np

from dsp.pipeline import Pipeline
from sensing.block import POSITIONS, Position
from sensing.simulator.trial_scripts import TASKS, Task
from sensing.simulator.trials import trial
from server.analyze import result_of
from server.bench.judging import judge
from server.bench.movements import Judged
from server.kernels_cache import set_kernels_cache

PEOPLE = 200
JOBS = 2
VERDICTS = ("valid", "attention", "invalid")
MOVEMENTS = {"turns": "straight_s", "rises": "other_s", "sits": "other_s"}  # and the time that false ones count for


def judged(protocol: Task, seed: int, position: Position = "lower_back") -> Judged:
    """One person through the same pipeline as `surefoot analyze`."""
    made = trial(protocol, seed).make(position)
    events = result_of(made.recording(f"{protocol} {seed}"))["events"]
    return judge(made.truth, seed, events)


def _attempt(given: tuple[Task, int, Position]) -> Judged:
    return judged(*given)


def people(tests: Sequence[Task], seeds: Iterable[int], position: Position, jobs: int) -> Iterator[Judged]:
    """Everyone of them, in order."""
    work = [(protocol, seed, position) for protocol in tests for seed in seeds]
    if jobs < 2:
        yield from map(_attempt, work)
        return
    Pipeline.warm()  # once here, so that the workers find the kernels compiled
    with ProcessPoolExecutor(jobs, initializer=set_kernels_cache) as pool:
        yield from pool.map(_attempt, work, chunksize=4)


def table(of_test: Sequence[Judged]) -> list[str]:
    """One protocol: lines by condition and by what was told, then every figure, then what is wrong."""
    lines = [f"{of_test[0].protocol}: {len(of_test)} people"]
    lines.append(f"  {'':26}{'n':>5}{'done':>6}{'found':>7}{'valid':>7}{'attn':>6}{'inval':>6}{'wrong, valid':>14}")
    groups = [("all", list(of_test))]
    groups += [(f"told: {told}", [j for j in of_test if j.told == told]) for told in ("cue", "no cue", "nothing")]
    groups += [(name, [j for j in of_test if j.condition == name]) for name in sorted({j.condition for j in of_test})]
    lines += [_row(name, group) for name, group in groups if group]
    lines += _figures(of_test)
    misleading = [j for j in of_test if j.misleads]
    lines.append(f"  wrong with verdict valid: {len(misleading)}")
    lines += [f"    seed {j.seed} ({j.condition}, told: {j.told}): {'; '.join(j.wrong)}" for j in misleading]
    doubted = [j for j in of_test if j.wrong and j.verdict == "attention"]
    lines.append(f"  wrong with verdict attention: {len(doubted)}")
    lines += [f"    seed {j.seed} ({j.condition}, told: {j.told}): {'; '.join(j.wrong)}" for j in doubted]
    missed = [j for j in of_test if j.done and not j.found]
    lines.append(f"  not found: {len(missed)}" + _seeds(missed))
    return lines


def _row(name: str, group: Sequence[Judged]) -> str:
    done = [j for j in group if j.done]
    found = f"{100.0 * sum(j.found for j in done) / len(done):.0f} %" if done else ""
    verdicts = [sum(j.verdict == verdict for j in group) for verdict in VERDICTS]
    row = f"  {name:26}{len(group):>5}{len(done):>6}{found:>7}{verdicts[0]:>7}{verdicts[1]:>6}{verdicts[2]:>6}"
    return row + f"{sum(j.misleads for j in group):>14}"


def _figures(of_test: Sequence[Judged]) -> list[str]:
    """Differences of everybody whose result was not declared invalid, and shares of what has to be exact."""
    kept = [j for j in of_test if j.verdict in ("valid", "attention")]
    turned = [j for j in of_test if j.verdict is None]  # nothing was found but turns
    lines = [f"  {'difference':34}{'n':>6}{'bias':>9}{'median':>9}{'MAE':>9}{'p95':>9}"]
    names = dict.fromkeys(name for j in (*kept, *turned) for name in (*j.errors, *j.lists))
    for name in names:
        values = np.array([v for j in (*kept, *turned) for v in (*_one(j, name), *j.lists.get(name, []))])
        if values.size and not name.endswith(" found"):
            size = np.abs(values)
            lines.append(
                f"  {name:34}{values.size:>6}{values.mean():>9.2f}{np.median(size):>9.2f}{size.mean():>9.2f}"
                f"{np.percentile(size, 95):>9.2f}"
            )
    lines += _movements(of_test)
    for name in dict.fromkeys(name for j in kept for name in j.right):
        asked = [j for j in kept if name in j.right]
        failing = [j for j in asked if not j.right[name]]
        lines.append(f"  {name}: {len(asked) - len(failing)} of {len(asked)}" + _seeds(failing))
    told = Counter(re.sub(r"[\d.]*\d", "#", note) for j in of_test for note in j.notes)
    lines += [f"  {times} times: {reason}" for reason, times in told.most_common()]
    others = [j for j in of_test if j.others]
    lines.append(f"  events of tests that nobody did: {sum(len(j.others) for j in others)}")
    return lines + [f"    seed {j.seed} ({j.condition}, told: {j.told}): {'; '.join(j.others)}" for j in others]


def _movements(of_test: Sequence[Judged]) -> list[str]:
    """Turns and rises: found ones as a share, false ones in ten minutes."""
    lines = []
    for name, time in MOVEMENTS.items():
        found = [v for j in of_test for v in j.lists.get(f"{name} found", [])]
        false, seconds = sum(j.false[name] for j in of_test), sum(getattr(j, time) for j in of_test)
        share = f"{100.0 * np.mean(found):.1f} % of {len(found)}" if found else "none done"
        per_ten = f"{600.0 * false / seconds:.2f}" if seconds else "-"
        lines.append(f"  {name} found: {share}; false: {false}, {per_ten} in 10 min")
    return lines


def _one(j: Judged, name: str) -> list[float]:
    return [j.errors[name]] if name in j.errors else []


def _seeds(some: Sequence[Judged], most: int = 12) -> str:
    if not some:
        return ""
    listed = ", ".join(str(j.seed) for j in some[:most])
    return f" (seeds {listed}{' …' if len(some) > most else ''})"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.bench.clinic", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help="how many do each test")
    parser.add_argument("--first", type=int, default=0, help="the first one's seed")
    parser.add_argument("--tests", nargs="+", choices=TASKS, default=TASKS, help="which tests")
    parser.add_argument("--position", choices=POSITIONS, default="lower_back", help="where the sensor is worn")
    parser.add_argument("--jobs", type=int, default=JOBS, help="processes")
    parser.add_argument("--json", type=Path, help="write what was found of each person to this file")
    given = parser.parse_args(arguments)
    set_kernels_cache()
    everybody: list[Judged] = []
    for protocol in given.tests:
        seeds = range(given.first, given.first + given.people)
        of_test = list(people([cast(Task, protocol)], seeds, given.position, given.jobs))
        everybody += of_test
        print("\n".join(table(of_test)), end="\n\n", flush=True)
    print(f"wrong with verdict valid, in all tests: {sum(j.misleads for j in everybody)} of {len(everybody)}")
    if given.json is not None:
        given.json.write_text(json.dumps([asdict(j) for j in everybody], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
