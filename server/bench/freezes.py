"""python -m server.bench.freezes FOLDER: how much of the frozen time is found, by person, place and threshold.

FOLDER holds data sets with their truth.json; those with `freezes_s` count. Every figure is sensitivity/specificity by
time inside the part that somebody watched. Places at which the detector claims nothing are measured all the same, as
if they were an ankle: that is what the choice of places rests on.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from dsp.conditioning import Conditioner
from dsp.detectors.freeze import PLACES, Freeze
from dsp.events import Event
from dsp.freezes.parameters import ENTER
from dsp.wearing import Wearing
from sensing.block import POSITIONS
from sensing.recording import ENDINGS, Recording, read_recording
from server.kernels_cache import set_kernels_cache
from server.plan import wearing_of

THRESHOLDS = tuple(round(ENTER + step, 2) for step in (-0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2))
GRID_HZ = 100.0
Span = tuple[float, float]


@dataclass(slots=True)
class Times:
    """Seconds that were watched: frozen and free, and what of each was told as frozen."""

    hit_s: float = 0.0
    frozen_s: float = 0.0
    wrong_s: float = 0.0
    free_s: float = 0.0

    def add(self, told: Sequence[Span], frozen: Sequence[Span], watched: Sequence[Span]) -> None:
        """Takes one recording's spans."""
        end_s = max((end for _, end in watched), default=0.0)
        grid_s = (np.arange(int(end_s * GRID_HZ)) + 0.5) / GRID_HZ
        said, true, seen = (
            np.any([(start <= grid_s) & (grid_s < end) for start, end in spans] or [grid_s < 0], axis=0)
            for spans in (told, frozen, watched)
        )
        self.hit_s += float(np.sum(said & true & seen)) / GRID_HZ
        self.frozen_s += float(np.sum(true & seen)) / GRID_HZ
        self.wrong_s += float(np.sum(said & ~true & seen)) / GRID_HZ
        self.free_s += float(np.sum(~true & seen)) / GRID_HZ

    def __str__(self) -> str:
        found = f"{self.hit_s / self.frozen_s:.2f}" if self.frozen_s else "   -"
        right = f"{1 - self.wrong_s / self.free_s:.2f}" if self.free_s else "   -"
        return f"{found}/{right}"


@dataclass(slots=True)
class Row:
    """One person at one place: a trade-off curve, with and without the gyroscope where there is one."""

    recordings: int = 0
    curve: dict[tuple[bool, float], Times] = field(default_factory=lambda: defaultdict(Times))


def freezes_at(recording: Recording, enter: float, *, gyro: bool = True) -> list[Event]:
    """What the detector finds at this threshold, as if the sensor were at an ankle."""
    detector = Freeze(Wearing("ankle_left", freezes=True))
    detector.enter = enter
    conditioner = Conditioner(wearing_of(recording.facts))
    events: list[Event] = []
    for block in recording.blocks(8192):
        for body in conditioner.update(block if gyro else replace(block, gyr_radps=None)):
            events += detector.update(body)
    return events + detector.finish(float(recording.time_s[-1]))


def watched_recordings(folder: Path, positions: Collection[str]) -> Iterator[tuple[str, Recording, dict[str, Any]]]:
    """(set, recording, truth) of all at these places whose freezes are known."""
    for truth_path in sorted(folder.glob("*/truth.json")):
        for name, truth in json.loads(truth_path.read_text(encoding="utf-8")).items():
            if "freezes_s" not in truth:
                continue
            path = next((file for end in ENDINGS if (file := truth_path.parent / f"{name}{end}").exists()), None)
            if path is not None and (recording := read_recording(path)).facts.position in positions:
                yield truth_path.parent.name, recording, truth


def measured(
    folder: Path, thresholds: Sequence[float] = THRESHOLDS, positions: Collection[str] = POSITIONS
) -> dict[tuple[str, str, str], Row]:
    """By set, person and place."""
    rows: dict[tuple[str, str, str], Row] = defaultdict(Row)
    for group, recording, truth in watched_recordings(folder, positions):
        row = rows[group, str(truth.get("subject", "")), recording.facts.position]
        row.recordings += 1
        for gyro in (True, False) if recording.gyr_radps is not None else (False,):
            for enter in thresholds:
                told = [(e.time_s, e.end_s or e.time_s) for e in freezes_at(recording, enter, gyro=gyro)]
                row.curve[gyro, enter].add(told, truth["freezes_s"], truth["freeze_covered_s"])
    return rows


def report(rows: dict[tuple[str, str, str], Row]) -> None:
    print(f"sensitivity/specificity of time by threshold; {ENTER} is the detector's; * places where it claims anything")
    print(f"{'':49s}" + "".join(f"{enter:^11}" for enter in THRESHOLDS))
    for (group, person, position), row in sorted(rows.items()):
        for gyro in sorted({gyro for gyro, _ in row.curve}, reverse=True):
            where = position + ("*" if position in PLACES else "")
            frozen_s = row.curve[gyro, THRESHOLDS[0]].frozen_s
            title = f"{group} {person} {where}{'' if gyro else ' no gyr'}"
            curve = "  ".join(str(row.curve[gyro, enter]) for enter in THRESHOLDS)
            print(f"{title:38s}{frozen_s:6.1f} s  {curve}")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m server.bench.freezes", description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    set_kernels_cache()
    report(measured(given.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
