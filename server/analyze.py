"""Recordings in, event files out: the contract's `analyze` (CONTRACT §2 and §3)."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from dsp.events import Event, JsonValue
from dsp.falls.aftermath import Fallen
from dsp.pipeline import Pipeline
from dsp.tally import Tally
from sensing.block import SampleBlock
from sensing.packets import Json
from sensing.recording import ENDINGS, Recording, RecordingError, read_recording, recording_name
from sensing.recording_table import facts_path
from server.plan import wearing_of

SCHEMA = "surefoot.analysis/1"
BLOCK_SAMPLES = 8192

Progress = Callable[[int, int], None]  # (recordings done, recordings in all)


def result_of(recording: Recording, until_s: float | None = None, *, freezes: bool | None = None) -> dict[str, Any]:
    """The contract's JSON object; with `until_s` as if the wearer had switched the sensor off then.

    `freezes`: whether freezing of gait is looked for; None as the facts say it of the person, which is what live did.
    """
    wearing = wearing_of(recording.facts)
    if freezes is not None:
        wearing = replace(wearing, freezes=freezes)
    pipeline, tally = Pipeline(wearing), Tally(wearing)
    first_s = last_s = float(recording.time_s[0])
    confidence = 0.0
    events: list[Event] = []
    falls: dict[float, Fallen] = {}
    for block in _blocks_until(recording, until_s):
        output = pipeline.update(block)
        events += output.events
        _keep_fallen(falls, pipeline)
        last_s = float(block.time_s[-1])
        if output.body:
            confidence = float(output.body[-1].frame_confidence[-1])
    events += pipeline.finish().events
    _keep_fallen(falls, pipeline)
    tally.update(events)
    numbers = tally.numbers(last_s)
    taken_back = sum(event.kind == "retraction" for event in events)
    return {
        "schema": SCHEMA,
        "recording": {
            "name": recording.name,
            "position": recording.facts.position,
            "rate_hz": recording.rate_hz,
            "duration_s": last_s - first_s,
            "has_gyroscope": recording.gyr_radps is not None,
            "gaps": [{"start_s": start_s, "end_s": end_s} for start_s, end_s in recording.gaps if end_s <= last_s],
        },
        "events": [event.to_json() for event in events],
        "summary": {
            "steps": numbers.steps,
            "walking_s": numbers.walking_s,
            "bouts": numbers.bouts,
            "distance_m": numbers.distance_m,
            "taken_back": taken_back,
            "falls": _falls(events, falls),
            "possible_stumbles": _stumbles(events),
            "frame_confidence": confidence,
            "remarks": list(recording.remarks),
        },
    }


def _keep_fallen(falls: dict[float, Fallen], pipeline: Pipeline) -> None:
    fallen = pipeline.fallen()
    if fallen is not None:
        falls[fallen.time_s] = fallen


def _falls(events: Sequence[Event], fallen: Mapping[float, Fallen]) -> list[JsonValue]:
    """What became of every fall that stands, as far as it was seen: a later fall ends the following of one."""
    taken_back = {event.fields["of_time_s"] for event in events if event.fields.get("of_kind") == "fall"}
    told = [event for event in events if event.kind == "fall" and event.time_s not in taken_back]
    return [asdict(fallen[e.time_s]) if e.time_s in fallen else {"time_s": e.time_s} for e in told]


def _stumbles(events: Sequence[Event]) -> int:
    """How many stand."""
    told = {event.time_s for event in events if event.kind == "stumble"}
    return len(told - {event.fields["of_time_s"] for event in events if event.fields.get("of_kind") == "stumble"})


def _blocks_until(recording: Recording, until_s: float | None) -> Iterator[SampleBlock]:
    for block in recording.blocks(BLOCK_SAMPLES):
        if until_s is None or block.time_s[-1] <= until_s:
            yield block
            continue
        seen = int(np.searchsorted(block.time_s, until_s, side="right"))
        if seen:
            yield block[:seen]
        return


def analyze_file(
    path: Path,
    out_dir: Path,
    until_s: float | None = None,
    overrides: Mapping[str, Json] | None = None,
    *,
    freezes: bool | None = None,
) -> dict[str, JsonValue]:
    """Reads one recording and writes its result to out_dir/NAME.json; returns the result.

    Raises RecordingError for a recording that cannot be used, OSError when the result cannot be written.
    """
    recording = read_recording(path, overrides)
    target = out_dir / f"{recording.name}.json"
    if target.exists() and target.resolve() == facts_path(path).resolve():
        raise RecordingError(path, None, f"the result would overwrite its facts in {target}", "Choose another --out")
    result = result_of(recording, until_s, freezes=freezes)
    target.write_text(json.dumps(result, allow_nan=False) + "\n", encoding="utf-8")
    return result


def analyze(
    paths: Sequence[Path],
    out_dir: Path,
    jobs: int = 1,
    until_s: float | None = None,
    overrides: Mapping[str, Json] | None = None,
    progress: Progress | None = None,
    *,
    freezes: bool | None = None,
) -> int:
    """Analyses every recording in `paths`, folders included; returns the contract's exit status 0 or 1.

    What could not be read is named on standard error with the reason, and the others are still done.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    files, problems = recordings_in(paths)
    for problem in problems:
        print(problem, file=sys.stderr)
    failures = len(problems)
    for done, reason in enumerate(
        _reasons(files, partial(_attempt, out_dir, until_s, overrides, freezes), jobs), start=1
    ):
        if reason:
            print(reason, file=sys.stderr, flush=True)
            failures += 1
        if progress:
            progress(done, len(files))
    return 1 if failures else 0


def recordings_in(paths: Iterable[Path]) -> tuple[list[Path], list[str]]:
    """Recordings that the paths stand for, a folder for those in it; and a sentence for each that is none."""
    found: list[Path] = []
    problems: list[str] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.name.endswith(ENDINGS))
            if not inside:
                problems.append(f"{path}: there is no recording ({', '.join(ENDINGS)}) in this folder.")
            found += inside
        else:
            found.append(path)
    named: list[tuple[Path, str]] = []
    for path in found:
        try:
            named.append((path, recording_name(path)))
        except RecordingError as error:
            problems.append(str(error))
    times = Counter(name for _, name in named)
    for path, name in named:
        if times[name] > 1:
            problems.append(f"{path}: another recording has the same name; analyse them into different folders.")
    return [path for path, name in named if times[name] == 1], problems


def _attempt(
    out_dir: Path, until_s: float | None, overrides: Mapping[str, Json] | None, freezes: bool | None, path: Path
) -> str | None:
    """None, or why there is no result."""
    try:
        analyze_file(path, out_dir, until_s, overrides, freezes=freezes)
    except RecordingError as error:
        return str(error)
    except OSError as error:
        return f"{path}: {error.strerror or error}."
    except Exception as error:  # noqa: BLE001  one recording's failure must not cost the others their results
        return f"{path}: {type(error).__name__}: {error}. This is a fault of Surefoot; please report it."
    return None


def _reasons(files: Sequence[Path], attempt: Callable[[Path], str | None], jobs: int) -> Iterator[str | None]:
    """The outcome of each recording as it comes in."""
    workers = min(jobs, len(files))
    if workers < 2:
        yield from map(attempt, files)
        return
    from concurrent.futures import ProcessPoolExecutor, as_completed

    Pipeline.warm()  # once here, so that the workers find the kernels compiled
    with ProcessPoolExecutor(workers) as pool:
        size = max(1, min(16, len(files) // (4 * workers)))
        parts = [files[start : start + size] for start in range(0, len(files), size)]
        for part in as_completed([pool.submit(_attempt_all, attempt, part) for part in parts]):
            yield from part.result()


def _attempt_all(attempt: Callable[[Path], str | None], files: Sequence[Path]) -> list[str | None]:
    return [attempt(file) for file in files]
