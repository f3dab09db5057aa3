"""What a finished test says: value, method, reference, change, history; never a number that may not be believed."""

from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

from server.clinic.change import change_between
from server.clinic.figures import figures_of, parts_of
from server.clinic.norms import Taker, reference_for
from server.clinic.values import SHOWN, Shown, comparable_values, spoken, value_of, value_text

Run = Mapping[str, Any]
Card = dict[str, Any]

# What must agree for two results to be compared; an aid or a medication that differs is said instead.
SAME = ("protocol", "stance", "course_length_m", "hold_s", "variant", "position")
SAME_VARIANTS = ("arms_used", "script", "chair_height_cm")
TOLD_VARIANTS = {"walking_aid": "the walking aid", "footwear": "the shoes", "medication": "the medication"}
VERDICTS = {"valid": "Valid", "attention": "Valid, with a remark", "invalid": "Not valid"}
MOST_HISTORY = 50
DISTANCE_BY = {
    "laps": "lengths of the corridor counted by the turns, the last part by step length",
    "steps": "an estimate from step length",
}
LINE_BY = {
    "operator": "the end was the operator's stop",
    "calibrated steps": "the line was placed by this person's measured step length",
    "steps": "the line was placed by step length",
    "stop": "the line was taken to lie two steps before the stop",
}
SEEN_BY = {"10mwt": LINE_BY, "t25fw": LINE_BY}


def result_card(run: Run, person: Mapping[str, Any] | None, earlier_runs: Sequence[Run]) -> Card | None:
    """The card of a run that has ended with an event; None before that and for one that was broken off.

    `person` is what is kept about the wearer; `earlier_runs` those of the same person, in any order, of any protocol.
    """
    event = run.get("event")
    if not isinstance(event, Mapping):
        return None
    shown = SHOWN[run["protocol"]]
    taker = taker_of(person)
    good = believed(run)
    value = value_of(shown, event) if good else None
    earlier = sorted((r for r in earlier_runs if alike(r, run)), key=_when)
    reference = reference_for(
        run["protocol"], taker, stance=run.get("stance"), course_length_m=run.get("course_length_m")
    )
    last = next((r for r in reversed(earlier) if believed(r) and value_of(shown, r["event"]) is not None), None)
    change = _change(run, last, taker) if value is not None and last is not None else None
    return {
        "title": title_of(run),
        "value": value,
        "unit": shown.unit,
        "value_text": value_text(shown, value),
        "plain_text": _plain(run, shown, value, last, change),
        "clock_text": _clock_text(run, event) if value is not None else None,
        "verdict": "invalid" if run.get("invalidated") else event.get("verdict"),
        "verdict_text": VERDICTS["invalid" if not good else str(event.get("verdict"))],
        "reasons": [*_marked(run), *event.get("reasons", []), *(event.get("dwi_reasons") or [] if good else [])],
        "method_text": _method_text(run, event),
        "reference": None if isinstance(reference, str) else reference.to_json(),
        "reference_text": reference if isinstance(reference, str) else reference.text,
        "change": change,
        "last": None if last is None else _entry(last, shown) | {"value_text": value_text(shown, _value(last, shown))},
        "history": [_entry(r, shown) for r in [*earlier, run][-MOST_HISTORY:]],
        "trials": _trials([*earlier, run], run, shown),
        "figures": figures_of(run, event) if good else [],
        "parts": parts_of(event),
    }


def believed(run: Run) -> bool:
    """Whether a run may show a number: its event is not invalid, and nobody has marked it so."""
    event = run.get("event")
    return isinstance(event, Mapping) and event.get("verdict") != "invalid" and not run.get("invalidated")


def alike(one: Run, other: Run) -> bool:
    """Whether two runs were the same test under the same conditions; a run is not alike itself."""
    if one["id"] == other["id"] or not isinstance(one.get("event"), Mapping):
        return False
    mine, yours = one.get("variants") or {}, other.get("variants") or {}
    return all(one.get(key) == other.get(key) for key in SAME) and all(
        mine.get(key) == yours.get(key) for key in SAME_VARIANTS
    )


def taker_of(person: Mapping[str, Any] | None) -> Taker:
    """What the norms need of a person; words for the sex in whatever spelling, unknown ones are unknown."""
    if person is None:
        return Taker()
    sex = {"f": "female", "w": "female", "m": "male"}.get(str(person.get("sex") or "")[:1].lower())
    return Taker(person.get("age_years"), sex, person.get("height_m"), person.get("weight_kg"), person.get("condition"))


def title_of(run: Run) -> str:
    """The test by its name, with what tells it from its relatives."""
    details = []
    if run.get("stance"):
        details.append(str(run["stance"]).replace("_", " "))
    if run.get("course_length_m") is not None and run["protocol"] != "t25fw":
        details.append(f"{run['course_length_m']:g} m")
    if run.get("variant"):
        details.append(str(run["variant"]).upper())
    return ", ".join([SHOWN[run["protocol"]].title, *details])


def _change(run: Run, last: Run, taker: Taker) -> Card | None:
    """Like with like: where the two were timed by different clocks, by the one that both have."""
    before, now = comparable_values(run["protocol"], last["event"], run["event"])
    if before is None or now is None:
        return None
    change = change_between(run["protocol"], taker.condition, before, now).to_json()
    mine, yours = run.get("variants") or {}, last.get("variants") or {}
    differs = [words for key, words in TOLD_VARIANTS.items() if mine.get(key) != yours.get(key)]
    if differs:
        change["text"] = f"{change['text']} Mind that {' and '.join(differs)} differed."
    return change


def _plain(run: Run, shown: Shown, value: float | None, last: Run | None, change: Card | None) -> str:
    """The result in a sentence for the person who did the test."""
    if value is None:
        return "This test gave no result. You can do it again."
    said = f"{spoken(shown, value)}."
    if last is None or change is None:
        return said
    words = {"noise": "about the same", "unknown": "then", "likely": "", "certain": ""}[change["zone"]]
    if not words:
        better = "better" if change["better"] else "less good"
        words = f"probably {better}" if change["zone"] == "likely" else better
    if words == "then":
        return f"{said} Last time {spoken(shown, _value(last, shown) or 0.0)}."
    return f"{said} Last time {spoken(shown, _value(last, shown) or 0.0)}: {words}."


def _clock_text(run: Run, event: Mapping[str, Any]) -> str | None:
    if run["protocol"] in ("chair_stand_30s",):
        start = "the word go" if event.get("clock") == "cue" else "the first movement"
        return f"30 s counted from {start}"
    return {"cue": "timed from the word go", "motion": "timed from the first movement"}.get(str(event.get("clock")))


def _method_text(run: Run, event: Mapping[str, Any]) -> str:
    """How it was measured, in a sentence."""
    where = str(run.get("position") or "").replace("_", " ")
    worn = f"One motion sensor at the {where}" if where else "One motion sensor"
    if run["protocol"] in SEEN_BY:
        method = SEEN_BY[run["protocol"]].get(str(event.get("end_seen_by")))
    else:
        method = DISTANCE_BY.get(str(event.get("distance_method")))
        error = event.get("distance_expected_error_m")
        if method and error is not None:
            method += f", expected error {error:.0f} m"
    found = "" if event.get("prompted") else "; found in the recording without a prompt"
    return f"{worn}{f': {method}' if method else ''}{found}."


def _marked(run: Run) -> list[str]:
    marked = run.get("invalidated")
    return [f"Marked as not valid: {marked['reason']}"] if marked else []


def _value(run: Run, shown: Shown) -> float | None:
    return value_of(shown, run["event"]) if believed(run) else None


def _when(run: Run) -> str:
    return str(run.get("created_at") or "")


def _entry(run: Run, shown: Shown) -> Card:
    verdict = "invalid" if run.get("invalidated") else run["event"].get("verdict")
    return {"id": run["id"], "at": run.get("created_at"), "value": _value(run, shown), "verdict": verdict}


def _trials(alike_runs: Sequence[Run], run: Run, shown: Shown) -> Card | None:
    """This day's believed trials under the same conditions, averaged, with their spread; None for one alone."""
    day = _when(run)[:10]
    values = [v for r in alike_runs if _when(r)[:10] == day and (v := _value(r, shown)) is not None]
    if len(values) < 2:
        return None
    mean, low, high = fmean(values), min(values), max(values)
    text = f"{len(values)} trials today: {value_text(shown, mean)} on average, {shown.spread(low, high)}"
    return {"n": len(values), "mean": mean, "low": low, "high": high, "unit": shown.unit, "text": text}
