"""Two recordings of one person, worn at the same time, analysed together (`surefoot analyze A B --together`)."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dsp.pair import Pair, PairError, PairStep, PairWalk
from sensing.packets import Json
from sensing.recording import Recording, RecordingError, read_recording
from server.analyze import SCHEMA, result_of
from server.numbers import event_from_json
from server.plan import wearing_of

LEAST_S = 5.0  # together: nothing can be said of less
TRUE_OF_A_PERSON = ("height_m", "age_years", "sex")
DIGITS = 4


def both(
    paths: tuple[Path, Path],
    out_dir: Path,
    offset_s: float | None = None,
    until_s: float | None = None,
    overrides: Mapping[str, Json] | None = None,
) -> str | None:
    """Analyses two recordings together; None, or in a sentence why there is no result."""
    try:
        analyze_together(paths, out_dir, offset_s, until_s, overrides)
    except (PairError, RecordingError) as error:
        return str(error)
    except OSError as error:
        return f"{paths[0]}, {paths[1]}: {error.strerror or error}."
    return None


def analyze_together(
    paths: tuple[Path, Path],
    out_dir: Path,
    offset_s: float | None = None,
    until_s: float | None = None,
    overrides: Mapping[str, Json] | None = None,
) -> Path:
    """Writes out_dir/A+B.json and returns where; `until_s` is in each recording's own time.

    Raises RecordingError for a recording that cannot be used, PairError for two that tell nothing together, OSError
    when the result cannot be written.
    """
    first, second = (read_recording(path, overrides) for path in paths)
    result = together_of(first, second, offset_s, until_s)
    target = out_dir / f"{first.name}+{second.name}.json"
    target.write_text(json.dumps(result, allow_nan=False) + "\n", encoding="utf-8")
    return target


def together_of(
    first: Recording, second: Recording, offset_s: float | None = None, until_s: float | None = None
) -> dict[str, Any]:
    """The pair's result; times are those of the first recording.

    offset_s: what the first recording's clock shows when the second's shows 0; by `started_at` where not stated.
    Raises PairError.
    """
    same_person(first, second)
    shift_s, clock = offset_between(first, second) if offset_s is None else (offset_s, "stated")
    pair = Pair(wearing_of(first.facts), wearing_of(second.facts), shift_s)
    start_s = max(float(first.time_s[0]), float(second.time_s[0]) + shift_s)
    end_s = min(float(first.time_s[-1]), float(second.time_s[-1]) + shift_s)
    if end_s - start_s < LEAST_S:
        raise PairError(
            f"{first.name} and {second.name} were worn together for {max(0.0, end_s - start_s):.1f} s only; "
            "give the difference of their clocks with --offset-s if it is another."
        )
    alone = [result_of(recording, until_s) for recording in (first, second)]
    of_first, of_second = ([event_from_json(event) for event in result["events"]] for result in alone)
    lasts_s = [float(r.time_s[0]) + a["recording"]["duration_s"] for r, a in zip((first, second), alone, strict=True)]
    told = list(pair.fold(of_first, of_second, max(lasts_s[0], lasts_s[1] + shift_s)))
    steps = [one for one in told if isinstance(one, PairStep)]
    return {
        "schema": SCHEMA,
        "recording": {
            "name": f"{first.name}+{second.name}",
            "position": f"{first.facts.position}+{second.facts.position}",
            "parts": [result["recording"] for result in alone],
            "offset_s": shift_s,
            "clock": clock,
            "start_s": start_s,
            "duration_s": end_s - start_s,
            "has_gyroscope": all(result["recording"]["has_gyroscope"] for result in alone),
        },
        "events": [],
        "together": [_plain(one) for one in sorted(told, key=lambda one: one.emitted_s)],
        "summary": {
            "steps": len(steps),
            "sides_known": sum(step.contact.side is not None for step in steps),
            "walks": len(told) - len(steps),
        },
    }


def same_person(first: Recording, second: Recording) -> None:
    """Raises PairError where the facts speak of two people."""
    labels = (first.facts.extra.get("label"), second.facts.extra.get("label"))
    if None not in labels and labels[0] != labels[1]:
        raise PairError(f"{first.name} is of {labels[0]} and {second.name} of {labels[1]}: together they say nothing.")
    one, other = first.facts.person, second.facts.person
    for name in TRUE_OF_A_PERSON:
        values = (getattr(one, name, None), getattr(other, name, None))
        if None not in values and values[0] != values[1]:
            raise PairError(
                f"{first.name} and {second.name} are of different people ({name} {values[0]} and {values[1]})."
            )


def offset_between(first: Recording, second: Recording) -> tuple[float, str]:
    """Seconds on the first clock at the second's 0, and where that is from. Raises PairError."""
    starts = (first.facts.started_at, second.facts.started_at)
    if starts[0] is None or starts[1] is None:
        return 0.0, "taken to be the same"
    try:
        one, other = (_instant(text) for text in (starts[0], starts[1]))
    except ValueError as error:
        raise PairError(f"`started_at` is no ISO 8601 time ({error}); give --offset-s.") from error
    return (other - one).total_seconds(), "started_at"


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def _plain(one: PairStep | PairWalk) -> dict[str, Any]:
    if isinstance(one, PairStep):
        contact = one.contact
        fields: dict[str, Any] = {
            "kind": "step",
            "time_s": round(contact.time_s, DIGITS),
            "emitted_s": round(one.emitted_s, DIGITS),
            "side": contact.side,
            "side_confidence": contact.side_confidence,
            "final_contact_s": _rounded(contact.final_contact_s),
        }
    else:
        fields = {
            "kind": "walking_bout",
            "time_s": round(one.start_s, DIGITS),
            "emitted_s": round(one.emitted_s, DIGITS),
            "end_s": round(one.end_s, DIGITS),
            **{name: _rounded(value) for name, value in asdict(one.measured).items()},
        }
    return fields | ({"at_end": True} if one.at_end else {})


def _rounded(value: float | None) -> float | None:
    return round(value, DIGITS) if isinstance(value, float) else value
