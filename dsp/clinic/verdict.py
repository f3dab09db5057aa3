"""Whether a test may be believed, with the reasons in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dsp.clinic.wear import WearFigures
from dsp.events import JsonValue

Level = Literal["attention", "invalid"]
Verdict = Literal["valid", "attention", "invalid"]

# How much of a test may be missing or twisted; chosen for Surefoot, no published limits were found. A share of 2 % is
# what a good radio link stays under, a hole of a second can hide a step, a turn's end or a seat's contact.
LOST_ATTENTION, LOST_INVALID = 0.02, 0.10
HOLE_INVALID_S = 1.0
CLIPPED_ATTENTION = 0.01
SLIPPED_ATTENTION_DEG, SLIPPED_INVALID_DEG = 15, 30  # within 15 degrees a wearer's own posture differs


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a test is not simply valid, as a short sentence for a therapist."""

    level: Level
    text: str


def verdict(reasons: Iterable[Reason]) -> Verdict:
    """The worst of the reasons; "valid" where there is none."""
    levels = {reason.level for reason in reasons}
    return "invalid" if "invalid" in levels else "attention" if levels else "valid"


def verdict_fields(reasons: Iterable[Reason]) -> dict[str, JsonValue]:
    """`verdict` and `reasons` as every test's event carries them, the graver ones first."""
    graver_first = sorted(reasons, key=lambda reason: reason.level != "invalid")
    return {"verdict": verdict(graver_first), "reasons": [reason.text for reason in graver_first]}


def wear_reasons(figures: WearFigures) -> list[Reason]:
    """What lost samples, clipping and a slipped sensor say against a test."""
    reasons = []
    if figures.longest_hole_s > HOLE_INVALID_S:
        reasons.append(Reason("invalid", f"Nothing came from the sensor for {figures.longest_hole_s:.1f} s."))
    if figures.lost_share > LOST_ATTENTION:
        level: Level = "invalid" if figures.lost_share > LOST_INVALID else "attention"
        reasons.append(Reason(level, f"{100 * figures.lost_share:.0f} % of the samples were lost."))
    if figures.clipped_share > CLIPPED_ATTENTION:
        reasons.append(Reason("attention", "The movement was stronger than the sensor can measure."))
    return reasons


def slip_reasons(slipped_rad: float | None) -> list[Reason]:
    """What the sensor's tilt before and after says against a test; None is not known and says nothing."""
    if slipped_rad is None:
        return []
    slipped_deg = slipped_rad * 57.29578
    if slipped_deg <= SLIPPED_ATTENTION_DEG:
        return []
    level: Level = "invalid" if slipped_deg > SLIPPED_INVALID_DEG else "attention"
    return [Reason(level, f"The sensor sat {slipped_deg:.0f} degrees differently afterwards: it may have slipped.")]
