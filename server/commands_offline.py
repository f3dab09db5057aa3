"""What the commands without page and radio do; they start in a fraction of a second."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.kernels_cache import set_kernels_cache


@dataclass(frozen=True, slots=True)
class Together:
    """That both recordings are of one person; `offset_s` as `--offset-s` has it, None where nobody said."""

    offset_s: float | None


def run_analyze(
    recordings: Sequence[Path],
    out: Path,
    *,
    jobs: int,
    until_s: float | None,
    stated: Mapping[str, Any],
    more: Sequence[str],
    together: Together | None = None,
    freezes: bool = True,
) -> int:
    """`surefoot analyze`: 0, 1 or 2 as in the contract."""
    set_kernels_cache()
    from sensing.facts import Facts, FactsError
    from server.analyze import analyze
    from server.terminal import complain, progress_bar

    if until_s is not None and not (math.isfinite(until_s) and until_s >= 0):
        complain("--until must be a number of seconds of the recording.")
        return 2
    try:
        overrides = _overrides(stated, more)
        Facts.from_json({"position": "lower_back"} | overrides)
    except FactsError as error:
        complain(f"{error}.")
        return 2
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        complain(f"{out} cannot be made ({error.strerror}). Choose another folder with --out.")
        return 2
    if together is not None and len(recordings) != 2:
        complain("--together takes two recordings of one person, worn at the same time.")
        return 2
    with progress_bar("Analysing") as step:
        status = analyze(recordings, out, jobs, until_s, overrides or None, step, freezes=freezes)
    if status == 0 and together is not None:
        from server.together import both

        reason = both((recordings[0], recordings[1]), out, together.offset_s, until_s, overrides or None)
        if reason is not None:
            complain(reason)
            return 1
    return status


def run_sessions(options: Mapping[str, object], limit: int) -> int:
    """`surefoot sessions`: a table of what is stored."""
    from rich.console import Console
    from rich.table import Column, Table

    from server.settings import SettingsError, load_settings
    from server.storage.store import FILE_NAME, read_sessions
    from server.terminal import complain

    try:
        settings = load_settings(options)
    except SettingsError as error:
        complain(str(error))
        return 2
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        complain(f"There are no sessions in {settings.data_dir} yet.")
        return 0
    total, rows = read_sessions(path, limit)
    table = Table(Column("Session", no_wrap=True), "Who", "Where", "Sensor", "Length", "Steps", "State")
    for row in rows:
        minutes, seconds = divmod(round(row.duration_s), 60)
        table.add_row(
            row.id,
            row.label + (" (simulated)" if row.simulated else ""),
            row.position.replace("_", " "),
            row.sensor_name,
            f"{minutes}:{seconds:02d}",
            str(row.steps),
            row.state,
        )
    Console().print(table)
    if total > len(rows):
        Console().print(f"{total - len(rows)} more; show them with --limit {total}.")
    return 0


def _overrides(stated: Mapping[str, Any], more: Sequence[str]) -> dict[str, Any]:
    """Facts that the command line states, in the contract's nesting. Raises FactsError."""
    import json
    from dataclasses import fields

    from sensing.facts import FactsError, Person

    person = {field.name for field in fields(Person)} - {"extra"}
    facts: dict[str, Any] = {}
    entries = [(key, value) for key, value in stated.items() if value is not None]
    for text in more:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise FactsError(f"--fact {text} must look like KEY=VALUE")
        try:
            entries.append((key, json.loads(value)))
        except ValueError:
            entries.append((key, value))
    for key, value in entries:
        (facts.setdefault("person", {}) if key in person else facts)[key] = value
    return facts
