"""What was found of one simulated person; and the single movements, turns and rises, whatever the test was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LEAST_TURN_DEG = 45.0
TURN_SIZES = ((90.0, "45-90"), (135.0, "90-135"), (225.0, "135-225"), (720.0, "225-360"))

Event = Mapping[str, Any]


@dataclass(slots=True)
class Judged:
    """One trial. `errors` are signed differences (event minus truth), `right` what has to be exact."""

    protocol: str
    seed: int
    condition: str
    told: str
    done: bool
    found: bool = False
    verdict: str | None = None
    errors: dict[str, float] = field(default_factory=dict)
    right: dict[str, bool] = field(default_factory=dict)
    lists: dict[str, list[float]] = field(default_factory=dict)  # several signed differences of a kind
    wrong: list[str] = field(default_factory=list)  # whatever the verdict
    others: list[str] = field(default_factory=list)  # further events of tests: false finds
    notes: list[str] = field(default_factory=list)
    false: dict[str, int] = field(default_factory=dict)  # movements by kind that nobody made
    straight_s: float = 0.0  # of walking without turns
    other_s: float = 0.0  # without rising or sitting down

    @property
    def misleads(self) -> bool:
        return bool(self.wrong) and self.verdict == "valid"

    def differ(self, name: str, said: float | None, true: float, limit: float | None = None) -> None:
        """Keep said - true, and call it wrong beyond the limit. A null is a miss, not wrong."""
        if said is None:
            self.right[f"{name} said"] = False
            return
        self.right[f"{name} said"] = True
        self.errors[name] = said - true
        if limit is not None and abs(said - true) > limit:
            self.wrong.append(f"{name} {said:.2f}, truth {true:.2f}")


def compare_turns(judged: Judged, truth: Mapping[str, Any], events: Sequence[Event]) -> None:
    """Every turn of 45 degrees and more: whether it was found, and how far the angle is off; and false ones."""
    turns = [event for event in events if event["kind"] == "turn"]
    false = set(range(len(turns)))
    for turn in truth["turns"]:
        over = _over(turns, turn)
        false -= set(over)
        size = abs(turn["angle_deg"])
        if size < LEAST_TURN_DEG:
            continue
        judged.lists.setdefault("turns found", []).append(float(bool(over)))
        best = _best(turns, over, turn)
        if best is not None and best["angle_rad"] is not None:
            error_deg = best["angle_rad"] * 57.29578 - turn["angle_deg"]
            sizes = next(name for limit, name in TURN_SIZES if size <= limit)
            halts = ", hesitating" if turn["parts"] > 1 else ""
            judged.lists.setdefault(f"turn angle deg, {sizes}{halts}", []).append(error_deg)
    judged.false["turns"] = len(false)
    walked_s = sum(bout["end_s"] - bout["start_s"] for bout in truth["walking_bouts"])
    judged.straight_s = max(0.0, walked_s - _lasted_s(truth["turns"]))


def compare_rises(judged: Judged, truth: Mapping[str, Any], events: Sequence[Event]) -> None:
    """Rising and sitting down: found or not, how far their ends are off; and false ones.

    A rise that failed is neither: whether half of one counts is a matter of words.
    """
    tries = truth.get("negatives", {}).get("rise_attempts", [])
    for kind, name in (("sit_to_stand", "rises"), ("stand_to_sit", "sits")):
        found = [event for event in events if event["kind"] == kind]
        false = set(range(len(found)))
        for move in truth[kind]:
            over = _over(found, move)
            false -= set(over)
            judged.lists.setdefault(f"{name} found", []).append(float(bool(over)))
            best = _best(found, over, move)
            if best is not None:
                judged.lists.setdefault(f"{name}: start s", []).append(best["time_s"] - move["start_s"])
                judged.lists.setdefault(f"{name}: end s", []).append(best["end_s"] - move["end_s"])
        judged.false[name] = len(false.difference(*(_over(found, attempt) for attempt in tries)))
    whole_s = float(truth["covered_s"][-1][1])
    judged.other_s = whole_s - _lasted_s(truth["sit_to_stand"]) - _lasted_s(truth["stand_to_sit"])


def _over(events: Sequence[Event], move: Mapping[str, Any]) -> list[int]:
    return [n for n, e in enumerate(events) if e["time_s"] < move["end_s"] and e["end_s"] > move["start_s"]]


def _best(events: Sequence[Event], over: Sequence[int], move: Mapping[str, Any]) -> Event | None:
    """The one that shares most of its time with the movement."""

    def shared_s(event: Event) -> float:
        return float(min(event["end_s"], move["end_s"]) - max(event["time_s"], move["start_s"]))

    return max((events[n] for n in over), key=shared_s, default=None)


def _lasted_s(moves: Sequence[Mapping[str, Any]]) -> float:
    return float(sum(move["end_s"] - move["start_s"] for move in moves))


def matched(true: Sequence[float], found: Sequence[float], within_s: float) -> list[tuple[float, float]]:
    """Pairs of a true moment and the nearest found one that is still free."""
    free = list(found)
    pairs = []
    for moment in true:
        near = min(free, key=lambda said: abs(said - moment), default=None)
        if near is not None and abs(near - moment) <= within_s:
            free.remove(near)
            pairs.append((moment, near))
    return pairs
