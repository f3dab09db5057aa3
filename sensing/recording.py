"""Contract recordings (CONTRACT §1): one sensor, one wearing, one row per sample."""

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensing.block import GAP_PERIODS, SampleBlock, Vectors
from sensing.facts import Facts, FactsError, Person, merged
from sensing.packets import Json
from sensing.recording_checks import RecordingError, check_accelerations, check_rotations, check_times, rate_of
from sensing.recording_table import ACC, ENDINGS, GYR, MAG, TIME, Columns, read_table, recording_name, write_table

__all__ = [
    "ENDINGS",
    "Facts",
    "Person",
    "Recording",
    "RecordingError",
    "read_recording",
    "recording_name",
    "write_recording",
]


@dataclass(frozen=True, eq=False)
class Recording:
    """A recording in memory, in SI units; the arrays are as in SampleBlock.

    rate_hz is nominal: the facts' rate, or what the stamps say (`recording_checks.rate_of`). A jump of `time_s` by more
    than 1.5 nominal periods is a gap, as the contract says, whether samples were lost or the stamps only jitter that
    much. NaN is a missing value. `remarks` are sentences about oddities that do not stop anybody.
    """

    name: str
    facts: Facts
    rate_hz: float
    time_s: NDArray[np.float64]
    acc_mps2: Vectors
    gyr_radps: Vectors | None = None
    mag_ut: Vectors | None = None
    remarks: tuple[str, ...] = ()

    @property
    def duration_s(self) -> float:
        """From the first sample to the last."""
        return float(self.time_s[-1] - self.time_s[0])

    @functools.cached_property
    def gaps(self) -> list[tuple[float, float]]:
        """(last sample before, first sample after) of every gap, in seconds of `time_s`."""
        return [(float(self.time_s[at - 1]), float(self.time_s[at])) for at in self._gap_ends]

    @functools.cached_property
    def index(self) -> NDArray[np.int64]:
        """The number of each sample from 0; at a gap it jumps by the whole sample periods that are missing, at least 1.

        A property of the samples alone, so it does not depend on how the recording is cut into blocks.
        """
        number = np.arange(self.time_s.size, dtype=np.int64)
        ends = self._gap_ends
        if ends.size:
            periods = (self.time_s[ends] - self.time_s[ends - 1]) * self.rate_hz
            missing = np.zeros_like(number)
            missing[ends] = np.maximum(np.rint(periods).astype(np.int64) - 1, 1)
            number += np.cumsum(missing)
        return number

    def blocks(self, samples: int) -> Iterator[SampleBlock]:
        """Cut into blocks of at most `samples` samples; a gap ends a block. The sensor_id is the recording's name."""
        if samples < 1:
            raise ValueError(f"a block needs at least one sample, not {samples}")
        edges = [0, *self._gap_ends.tolist(), self.time_s.size]
        for begin, end in itertools.pairwise(edges):
            for start in range(begin, end, samples):
                part = slice(start, min(start + samples, end))
                yield SampleBlock(
                    self.name,
                    int(self.index[start]),
                    self.rate_hz,
                    self.time_s[part],
                    self.acc_mps2[part],
                    None if self.gyr_radps is None else self.gyr_radps[part],
                    None if self.mag_ut is None else self.mag_ut[part],
                )

    @functools.cached_property
    def _gap_ends(self) -> NDArray[np.intp]:
        return np.flatnonzero(np.diff(self.time_s) * self.rate_hz > GAP_PERIODS) + 1


def read_recording(path: Path | str, overrides: Mapping[str, Json] | None = None) -> Recording:
    """Read Parquet, CSV or CSV.GZ. `overrides` are facts (the contract's keys) that replace those of the file.

    Raises RecordingError for everything that cannot be used: unreadable or empty, columns missing, times that do not
    increase, a rate outside 12.5 Hz to 1 kHz, units that cannot be right, unknown position.
    """
    path = Path(path)
    name = recording_name(path)
    columns, stated, names = read_table(path)
    try:
        facts = Facts.from_json(merged(stated, overrides or {}))
    except FactsError as error:
        raise RecordingError(path, None, str(error), "The facts are described in CONTRACT.md §1") from error
    known = frozenset(columns)
    time_s = np.ascontiguousarray(columns[TIME])
    if time_s.size < 2:
        count = "no samples" if time_s.size == 0 else "a single sample"
        raise RecordingError(path, None, f"it holds {count}", "Record or export it again")
    check_times(path, time_s)
    rate_hz, contradiction = rate_of(path, time_s, facts.rate_hz)
    acc_mps2, no_acc = _vectors(path, columns, ACC)
    check_accelerations(path, acc_mps2)
    remarks = [contradiction] if contradiction else []
    remarks += _missing_values("acceleration", no_acc)
    gyr_radps = mag_ut = None
    if GYR[0] in columns:
        gyr_radps, no_gyr = _vectors(path, columns, GYR)
        check_rotations(path, gyr_radps)
        remarks += _missing_values("angular rate", no_gyr)
    if MAG[0] in columns:
        mag_ut, no_mag = _vectors(path, columns, MAG)
        remarks += _missing_values("magnetic field", no_mag)
    unused = [n for n in names if n not in known]
    if unused:
        remarks.append(f"columns not used: {', '.join(unused[:8])}{' …' if len(unused) > 8 else ''}")
    return Recording(name, facts, rate_hz, time_s, acc_mps2, gyr_radps, mag_ut, tuple(remarks))


def write_recording(path: Path | str, recording: Recording) -> None:
    """Write in the form that the ending asks for (a CSV gets its facts beside it); reading gives the same samples.

    The file appears under its name only when it is whole and on disk. Raises OSError as the disk does.
    """
    vectors = ((ACC, recording.acc_mps2), (GYR, recording.gyr_radps), (MAG, recording.mag_ut))
    columns: Columns = {TIME: recording.time_s}
    for names, values in vectors:
        if values is not None:
            columns |= {name: np.ascontiguousarray(values[:, axis]) for axis, name in enumerate(names)}
    write_table(Path(path), columns, {"rate_hz": recording.rate_hz} | recording.facts.to_json())


def _vectors(path: Path, columns: Columns, names: tuple[str, str, str]) -> tuple[Vectors, int]:
    """Three columns as (n, 3), and the number of rows in which a value is missing. Infinite counts as missing."""
    vectors = np.empty((columns[TIME].size, 3))
    for axis, name in enumerate(names):
        vectors[:, axis] = columns.pop(name)  # not needed any more: there are never two whole copies
    finite = np.isfinite(vectors)
    if finite.all():
        return vectors, 0
    for axis, name in enumerate(names):
        if not finite[:, axis].any():
            raise RecordingError(
                path, None, f"column {name} has no values", "Export it again, or leave that sensor out"
            )
    vectors[~finite] = np.nan
    return vectors, int(np.count_nonzero(~finite.all(axis=1)))


def _missing_values(what: str, rows: int) -> list[str]:
    return [f"{rows} {'row' if rows == 1 else 'rows'} without {what}"] if rows else []
