"""python -m server.bench.stumbles FOLDER: how well stumbles are told from all other walking; and learning it anew.

FOLDER holds data sets with their truth.json. Every person is judged by a weighing that never saw them. `--write` learns
the weighing from everybody and writes dsp/stumbles/weights.py; no recording goes into it, only limits and slopes.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from textwrap import wrap

import numpy as np

from dsp.stumbles.parameters import LEAST_CONFIDENCE, SIGNS
from server.bench.stumble_candidates import Case, recorded, simulated
from server.bench.stumble_fit import STUMBLES_PER_H, Weighing, cross_validated, learned
from server.kernels_cache import set_kernels_cache

PEOPLE = 210  # simulated, at every place
LIMITS = (0.1, LEAST_CONFIDENCE, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SEVERITIES = (0.1, 0.325, 0.55, 0.775, 1.01)
TEXTS = {False: "ACCELERATION_ONLY", True: "WITH_GYROSCOPE"}


def sensitivity(cases: Sequence[Case], limit: float) -> str:
    """Of recordings with a stumble, one each."""
    found = [(at := case.chosen(case.scores)) is not None and case.confidences[at] >= limit for case in cases]
    return f"{np.mean(found):.3f}" if found else "    -"


def false_of(cases: Sequence[Case], limit: float) -> int:
    return sum(int((case.confidences[case.is_other] >= limit).sum()) for case in cases)


def curve(cases: Sequence[Case]) -> None:
    """Sensitivity and false ones by the confidence from which a stumble is told."""
    real = [case for case in cases if case.group != "simulated"]
    made = [case for case in cases if case.group == "simulated"]
    others = [case for case in real if not case.stumbles and not case.falls]
    watched, worn = sum(case.watched_h for case in others), sum(case.hours for case in others)
    print(f"  {len(others)} recordings without stumbles: {worn:.1f} h, {watched:.2f} h of watched walking")
    parts = list(pairwise(SEVERITIES)) if made else []
    print("  from   found  false  per h walked   simulated ones found by severity" + " " * 8 + "simulated false")
    for limit in LIMITS:
        false = false_of(real, limit)
        by_severity = [
            sensitivity([c for c in made if c.severity is not None and low <= c.severity < high], limit)
            for low, high in parts
        ]
        found = sensitivity([case for case in real if case.stumbles], limit)
        rate = false / watched if watched else 0.0
        print(
            f"  {limit:.1f}   {found}  {false:5d}  {rate:12.2f}   {'  '.join(by_severity)}   {false_of(made, limit):8d}"
        )


def by_group(cases: Sequence[Case], limit: float) -> None:
    """What was told, by data set, place and kind of recording."""
    counts: dict[str, list[float]] = {}
    for case in cases:
        if case.falls:
            continue
        kind = case.activity if case.group in {"sisfall", "weda_fall", "simulated"} else ""
        count = counts.setdefault(f"{case.group} {case.position} {kind}".strip(), [0, 0, 0.0])
        count[0] += int((case.confidences >= limit).any())
        count[1] += 1
        count[2] += case.watched_h
    told = [f"{what} {some:.0f} of {all_:.0f}" for what, (some, all_, _) in sorted(counts.items()) if some]
    print(f"  recordings with one from {limit}: " + "; ".join(told))


def calibration(cases: Sequence[Case]) -> None:
    """Of what is said with a confidence, how much is right at the stated base rate, by thirds of the scale."""
    real = [case for case in cases if case.group != "simulated"]
    hours = sum(case.watched_h for case in real if not case.stumbles and not case.falls)
    groups = [[c for c in real if c.stumbles], [c for c in cases if c.group == "simulated" and c.stumbles]]
    for low, high in ((LEAST_CONFIDENCE, 0.5), (0.5, 0.8), (0.8, 1.01)):
        right = 0.0
        said = []
        for group in groups:
            best = [case.confidences[at] for case in group if (at := case.chosen(case.scores)) is not None]
            here = [value for value in best if low <= value < high]
            said += here
            right += 0.5 * STUMBLES_PER_H * hours * len(here) / max(len(group), 1)
        false = false_of(real, low) - false_of(real, high)
        if said and right + false:
            share = right / (right + false)
            print(
                f"  said {low:.1f} to {min(high, 1):.1f} (mean {np.mean(said):.2f}): right {share:.2f}, {false} false"
            )


def report(cases: Sequence[Case], title: str, gyro: bool) -> Weighing:
    print(f"\n{title}")
    sure = cross_validated(cases, gyro)
    curve(cases)
    calibration(cases)
    by_group(cases, LEAST_CONFIDENCE)
    return sure


def source_of(weighings: dict[bool, Weighing], what: str) -> str:
    """The text of dsp/stumbles/weights.py: one line per sign."""
    lines = [
        '"""How signs of a stumble weigh. Written by server/bench/stumbles.py, read by score.py.',
        "",
        *wrap(what, 118),
        "Columns: lowest and highest value that counts, slope. `bias` makes log odds of their sum; `offset` and",
        "`slope` turn them into those of the confidence, which is never more than `surest`.",
        '"""',
    ]
    for gyro, weighing in weighings.items():
        head = f"bias {weighing.bias:.4f} offset {weighing.offset:.4f} slope {weighing.slope:.4f}"
        lines += ["", f'{TEXTS[gyro]} = """', f"{head} surest {weighing.surest}"]
        for sign, name in enumerate(SIGNS):
            values = (weighing.lowest[sign], weighing.highest[sign], weighing.slopes[sign])
            lines.append(f"{name:14s}" + " ".join(f"{value + 0.0:9.4f}" for value in values))
        lines.append('"""')
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.bench.stumbles", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=PEOPLE, help="simulated people at every place")
    parser.add_argument("--write", type=Path, help="where to write the weighing learned from everybody")
    given = parser.parse_args(arguments)
    set_kernels_cache()
    wrists = list(recorded(given.folder, {"wrist"}))
    cases = [*recorded(given.folder), *simulated(given.people)]
    weighings = {}
    for gyro in (False, True):
        title = "trunk, with a gyroscope" if gyro else "trunk, by the acceleration alone"
        sure = report(cases, title, gyro)
        weighings[gyro] = replace(learned(cases, gyro), offset=sure.offset, slope=sure.slope)
    if any(case.stumbles for case in wrists):
        report(wrists, "wrist (nothing is told there)", True)
    if given.write is not None:
        real = [case for case in cases if case.group != "simulated"]
        what = (
            f"Learned from {len(real)} recordings of {len({case.person for case in real})} people "
            f"({', '.join(sorted({case.group for case in real}))}) and {len(cases) - len(real)} simulated ones "
            "(server/bench/stumble_people.py)."
        )
        given.write.write_text(source_of(weighings, what), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
