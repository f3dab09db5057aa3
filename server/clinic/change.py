"""Whether a result differs from the last one: within measurement noise, likely, or certainly."""

from dataclasses import dataclass
from typing import Literal

Zone = Literal["noise", "likely", "certain", "unknown"]

LESS_IS_BETTER = frozenset({"tug", "t25fw", "chair_stand_5x"})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a change must reach, in the test's unit or as a share of the last value; None where nothing was published.

    `meaningful` (MIC, MID) makes it likely, `certain` (MDC) certain; for the worse apart where it differs.
    """

    source: str
    meaningful: float | None = None
    certain: float | None = None
    certain_share: float | None = None
    certain_share_worse: float | None = None

    def certain_for(self, last: float, worse: bool) -> float | None:
        """The certain change in the test's unit."""
        share = self.certain_share_worse if worse and self.certain_share_worse is not None else self.certain_share
        return self.certain if share is None else share * last


@dataclass(frozen=True, slots=True)
class Change:
    """Against the last valid test under the same conditions; `difference` in the test's unit, now less then."""

    zone: Zone
    better: bool | None
    difference: float
    text: str
    source: str | None

    def to_json(self) -> dict[str, object]:
        """As the wire has it."""
        return {name: getattr(self, name) for name in self.__slots__}


# By (protocol, condition); "" is anybody else. Clinical reference §7.2.
THRESHOLDS: dict[tuple[str, str], Thresholds] = {
    ("tug", "ms"): Thresholds(
        "Real change in MS: 23 % faster, 31 % slower (PMC8857110)", certain_share=0.23, certain_share_worse=0.31
    ),
    ("6mwt", "ms"): Thresholds(
        "MS: 21.6 m matters to patients (not checked against the paper); 20 % is real change (PMC8857110)",
        meaningful=21.6,
        certain_share=0.20,
    ),
    ("6mwt", "ssc"): Thresholds("25 m matters in respiratory disease (Daynes 2025)", meaningful=25.0),
    ("6mwt", "als"): Thresholds("37 m matters in neurological disease (Daynes 2025)", meaningful=37.0),
    ("6mwt", ""): Thresholds("30 m (ERS/ATS; not checked against the paper)", meaningful=30.0),
    ("2mwt", "ms"): Thresholds("MS: 9.6 m matters to patients (Baert 2014)", meaningful=9.6),
    ("t25fw", "ms"): Thresholds("MS: 20 % is reliable change (Schwid)", certain_share=0.20),
    ("10mwt", ""): Thresholds("0.10 m/s is substantial (not checked against the paper)", meaningful=0.10),
    ("chair_stand_5x", ""): Thresholds("2.3 s matters, 4.2 s is detectable (secondary source)", 2.3, 4.2),
}


def change_between(protocol: str, condition: str | None, last: float, now: float) -> Change:
    """Compares two values of one test in its unit; the zone is "unknown" where nothing was published to judge by."""
    difference = round(now - last, 3)
    better = None if difference == 0.0 else (difference < 0.0) == (protocol in LESS_IS_BETTER)
    found = THRESHOLDS.get((protocol, condition or "")) or THRESHOLDS.get((protocol, ""))
    if found is None:
        text = "How large a change must be to be real was not published for this test and condition."
        return Change("unknown", better, difference, text, None)
    size, certain = abs(difference), found.certain_for(last, better is False)
    if certain is not None and size >= certain:
        return Change("certain", better, difference, "Certain change: more than measuring varies.", found.source)
    if found.meaningful is not None and size >= found.meaningful:
        text = "Likely change: as much as matters, but measuring alone may vary by it."
        return Change("likely", better, difference, text, found.source)
    return Change("noise", better, difference, "Within measurement noise: about the same.", found.source)
