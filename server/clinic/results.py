"""What a result says: value with unit, verdict, and the parts it consists of."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.storage.people import StoredPerson

Json = Mapping[str, Any]

VALUES = {  # protocol: field of its event, unit, digits
    "tug": ("duration_s", "s", 1),
    "6mwt": ("distance_m", "m", 0),
    "2mwt": ("distance_m", "m", 0),
    "10mwt": ("speed_mps", "m/s", 2),
    "t25fw": ("duration_s", "s", 1),
    "chair_stand_30s": ("repetitions", "", 0),
    "chair_stand_5x": ("duration_s", "s", 1),
    "stance": ("held_s", "s", 1),
}
VERDICTS = {"valid": "Valid", "attention": "With attention", "invalid": "Invalid"}


def result_card(run: Json, person: StoredPerson | None, earlier_runs: Sequence[Json]) -> dict[str, Any] | None:
    """The card of a run that has ended, None for one that has not or was broken off.

    `run` and `earlier_runs` (newest first, same protocol and stance) are TestRuns as JSON.
    """
    if run["state"] not in ("done", "invalid"):
        return None
    _, unit, digits = VALUES[run["protocol"]]
    value = value_of(run)
    history = [
        {"id": r["id"], "at": r["created_at"], "value": value_of(r), "verdict": r["verdict"]} for r in earlier_runs
    ]
    return {
        "title": run["name"],
        "value": value,
        "unit": unit,
        "value_text": "no result" if value is None else f"{value:.{digits}f} {unit}".strip(),
        "clock_text": None,
        "verdict": run["verdict"],
        "verdict_text": VERDICTS.get(run["verdict"], ""),
        "reasons": list(run["reasons"]),
        "method_text": "",
        "reference": None,
        "reference_text": "no reference",
        "change": None,
        "last": None,
        "history": history,
        "figures": [],
        "parts": _parts(run["event"] or {}),
    }


def value_of(run: Json) -> float | None:
    """The number that a run counts with; None where it is invalid or was marked so."""
    event = run["event"]
    if event is None or run["state"] != "done" or run["verdict"] == "invalid" or run["invalidated"] is not None:
        return None
    value = event.get(VALUES[run["protocol"]][0])
    return None if value is None else float(value)


def _parts(event: Json) -> list[dict[str, Any]]:
    return [
        {
            "name": phase["name"],
            "label": phase["name"].replace("_", " "),
            "start_s": phase["start_s"],
            "end_s": phase["end_s"],
            "duration_s": phase["end_s"] - phase["start_s"],
        }
        for phase in event.get("phases") or ()
        if phase.get("end_s") is not None
    ]
