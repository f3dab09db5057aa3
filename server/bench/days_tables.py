"""What a number of seeded days showed, as plain tables."""

import itertools
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from server.bench.days_activities import FALLS, STRATA
from server.bench.days_estimate import Estimate, Sampled, estimated, share
from server.bench.days_judging import FallJudged, FalseFall, JudgedDay
from server.bench.days_people import PLACES

ANSWERED = 0.9  # of those who are well (design)
WEEK, MONTH = 7.0, 365.25 / 12.0
MOST_PROMPTS_A_WEEK, MOST_CALLS_A_MONTH = 1.0, 1.0  # clinical reference §10
LIMITS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)  # least confidence that the wearer is asked for
BANDS_MPS = (0.0, 0.8, 1.4, 2.0, 2.6, 9.0)  # of the impact; filmed falls: 2.14 +- 0.63 (Choi 2015)
SEVERITIES = (0.0, 0.3, 0.5, 0.7, 1.01)
BASE_RATES = (0.039, 0.087)  # falls a day of people with MS (clinical reference §10)
NOT_SHOWN = """What this does not show
  All amounts of a day, and most sizes of what looks like a fall, are design and not measured.
  Nothing here has been compared with recordings but gait (simulator.md §2, §6): falls, sitting down hard, lying down,
  jumps, stairs, knocks, drops and the car have plausible forces and no recorded match. A detector's figures on
  recorded sets (make falls) count more than these, and real life more than either.
  The weighing was learned on simulated people of the same generator, too (server/bench/fall_people.py): other seeds and
  wider ranges here, the same shapes. Limbs are plain models: at the wrist and the ankle a fall is the trunk's.
  Quiet sitting and lying between the movements is taken to raise nothing, and what is sampled of it raised nothing.
  Putting the sensor on, sport, children and animals, wheelchairs and being lifted are in no day.
  Whatever is told anywhere in a segment counts for its activity, and who is still observed at its end counts as
  asked: both make the false ones too many rather than too few."""


def tables(days: Sequence[JudgedDay], answered: float = ANSWERED) -> list[str]:
    """Every table of the report. `answered`: share of the wearers who answer before a carer is called."""
    return [
        *_heading(days, answered),
        "",
        *_falls(days),
        "",
        *_false_falls(days),
        "",
        *_budgets(days, answered),
        "",
        *_working_points(days),
        "",
        *_stumbles(days),
        "",
        NOT_SHOWN,
    ]


def prompts(days: Sequence[JudgedDay], activities: Sequence[str] = (), least: float = 0.0) -> Estimate:
    """Times a day that somebody who has not fallen is asked, all activities or these, from a confidence on."""
    return false_a_day(days, lambda one: one.ending != "taken back" and one.confidence >= least, activities)


def false_a_day(
    days: Sequence[JudgedDay], counts: Callable[[FalseFall], bool], activities: Sequence[str] = ()
) -> Estimate:
    """An estimate of the false falls that count. Raises ValueError for an activity that no class knows."""
    unknown = [name for name in activities if name not in STRATA]
    if unknown:
        raise ValueError(f"no class of activities is called {unknown[0]!r}")
    strata, counted = [], []
    for number, day in enumerate(days):
        for name, held in day.classes.items():
            if name in (activities or STRATA):
                strata.append(Sampled(number, name, held.amount, held.sampled))
                counted.append(float(sum(one.activity == name and counts(one) for one in day.false)))
    return estimated(strata, counted, len(days))


def _heading(days: Sequence[JudgedDay], answered: float) -> list[str]:
    conditions = sorted({day.condition for day in days})
    who = ", ".join(f"{sum(day.condition == one for day in days)} {one}" for one in conditions)
    places = ", ".join(f"{len(_at(days, one))} {one}" for one in PLACES if _at(days, one))
    gyro = sum(not day.has_gyroscope for day in days)
    return [
        f"{len(days)} seeded days: {who}; {places}; {gyro} without a gyroscope",
        f"{sum(day.signal_s for day in days) / 3600.0:.1f} h of signal simulated and analysed",
        f"of those who are well and asked, {100.0 * answered:.0f} % answer within 30 s (--answered)",
        "estimates: a day's false ones by activity, times the amount done over the amount sampled; mean over all days;",
        "95 % intervals: the wider of Fay and Feuer's (Poisson counts, weighted) and a bootstrap over people",
    ]


def _at(days: Sequence[JudgedDay], position: str) -> list[JudgedDay]:
    return [day for day in days if day.position == position]


def _falls(days: Sequence[JudgedDay]) -> list[str]:
    lines = ["Falls: told, and asked after (not asked: walked on within 12 s, or taken back)"]
    lines.append(f"  {'':30}{'n':>6}{'told':>8}{'95 %':>16}{'asked':>8}{'delay s':>9}{'longest':>9}")
    everything = [(day, fall) for day in days for fall in day.falls]
    lines += [_fall_row(name, [fall for _, fall in group]) for name, group in _fall_groups(everything) if group]
    lines += [
        "  missed at the lower back, by kind and direction: "
        + _missed([f for d in _at(days, "lower_back") for f in d.falls])
    ]
    return lines


def _fall_groups(
    falls: list[tuple[JudgedDay, FallJudged]],
) -> Iterator[tuple[str, list[tuple[JudgedDay, FallJudged]]]]:
    yield "all", falls
    for kind in FALLS:
        yield kind, [one for one in falls if one[1].kind == kind]
    for low, high in itertools.pairwise(BANDS_MPS):
        yield f"impact {low:.1f}-{high:.1f} m/s", [one for one in falls if low <= one[1].impact_mps < high]
    for place in PLACES:
        here = [one for one in falls if one[0].position == place]
        yield place, here
        for kind in FALLS:
            yield f"  {place}: {kind}", [one for one in here if one[1].kind == kind]
    for rate_hz in sorted({day.rate_hz for day, _ in falls}):
        yield f"{rate_hz:.0f} Hz", [one for one in falls if one[0].rate_hz == rate_hz]
    for condition in sorted({day.condition for day, _ in falls}):
        yield condition, [one for one in falls if one[0].condition == condition]


def _fall_row(name: str, falls: Sequence[FallJudged]) -> str:
    found, low, high = share(sum(fall.told for fall in falls), len(falls))
    asked = sum(fall.prompted for fall in falls) / len(falls)
    delays = [fall.delay_s for fall in falls if fall.delay_s is not None]
    row = f"  {name:30}{len(falls):>6}{found:>8.1%}{f'{low:.1%}-{high:.1%}':>16}{asked:>8.1%}"
    return row + (f"{np.median(delays):>9.2f}{max(delays):>9.2f}" if delays else "")


def _missed(falls: Sequence[FallJudged]) -> str:
    groups = sorted({(fall.kind, fall.direction) for fall in falls})
    parts = []
    for kind, direction in groups:
        here = [fall for fall in falls if (fall.kind, fall.direction) == (kind, direction)]
        missed = sum(not fall.told for fall in here)
        if missed:
            parts.append(f"{kind} {direction} {missed} of {len(here)}")
    return "; ".join(parts) or "none"


def _false_falls(days: Sequence[JudgedDay]) -> list[str]:
    lines = ["False falls by activity, all places"]
    head = f"  {'':22}{'a day':>9} {'':8}{'sampled':>10}{'told':>6}{'asked':>7}"
    lines.append(head + f"{'told a day':>12}{'asked a week, 95 %':>25}")
    for name, kind in STRATA.items():
        held = [day.classes[name] for day in days if name in day.classes]
        if not held:
            continue
        amount, sampled = sum(one.amount for one in held) / len(days), sum(one.sampled for one in held)
        told, asked = false_a_day(days, lambda one: True, [name]), prompts(days, [name])
        row = f"  {name:22}{amount:>9.2f} {kind.unit:8}{sampled:>10.1f}{told.counted:>6.0f}{asked.counted:>7.0f}"
        lines.append(row + f"{told.per_day:>12.3f}{_interval(asked.times(WEEK)):>25}")
    told, asked = false_a_day(days, lambda one: True), prompts(days)
    row = f"  {'all':22}{'':9} {'':8}{'':>10}{told.counted:>6.0f}{asked.counted:>7.0f}"
    return [*lines, row + f"{told.per_day:>12.3f}{_interval(asked.times(WEEK)):>25}"]


def _interval(one: Estimate) -> str:
    return f"{one.per_day:.2f} ({one.low:.2f}-{one.high:.2f})"


def _budgets(days: Sequence[JudgedDay], answered: float) -> list[str]:
    lines = ["Against the budgets: at most 1 false prompt a week, at most 1 false call to a carer a month"]
    lines.append(f"  {'':14}{'days':>6}{'prompts a week, 95 %':>26}{'':14}{'calls a month, 95 %':>26}")
    for place in ("all", *PLACES):
        here = list(days) if place == "all" else _at(days, place)
        if here:
            a_week = prompts(here).times(WEEK)
            a_month = false_a_day(here, lambda one: one.ending == "open").times(MONTH * (1.0 - answered))
            weekly, monthly = _verdict(a_week, MOST_PROMPTS_A_WEEK), _verdict(a_month, MOST_CALLS_A_MONTH)
            row = f"  {place:14}{len(here):>6}{_interval(a_week):>26} {weekly:13}"
            lines.append(row + f"{_interval(a_month):>26} {monthly}")
    found = [fall.prompted for day in days for fall in day.falls if fall.kind == "fall"]
    false = prompts(days).per_day
    for base in BASE_RATES:
        right = base * float(np.mean(found))
        lines.append(f"  with {base} hard falls a day {right / (right + false):.0%} of the prompts are after a fall")
    return lines


def _verdict(one: Estimate, most: float) -> str:
    if one.high <= most:
        return "within"
    if one.low > most:
        return "above"
    return "above, open" if one.per_day > most else "within, open"


def _working_points(days: Sequence[JudgedDay]) -> list[str]:
    """Raising what the care plan asks of an event; below 0.5 the detector tells nothing."""
    lines = [
        "Working points: least confidence asked of a fall; false prompts a week, then found falls: hard, soft, slides"
    ]
    lines.append("  " + " " * 12 + "".join(f"{limit:>24.2f}" for limit in LIMITS))
    for place in PLACES:
        here = _at(days, place)
        if not here:
            continue
        cells = []
        for limit in LIMITS:
            kinds = [_found(here, kind, limit) for kind in (("fall", "fall, up again"), ("soft fall",), ("slide",))]
            shares = " ".join("   –" if found is None else f"{found:>4.0%}" for found in kinds)
            cells.append(f"{WEEK * prompts(here, least=limit).per_day:>8.2f}: {shares}")
        lines.append(f"  {place:12}" + "".join(f"{cell:>24}" for cell in cells))
    return lines


def _found(days: Sequence[JudgedDay], kinds: Sequence[str], limit: float) -> float | None:
    """None where nobody had such a fall."""
    falls = [fall for day in days for fall in day.falls if fall.kind in kinds]
    if not falls:
        return None
    return float(np.mean([fall.confidence is not None and fall.confidence >= limit for fall in falls]))


def _stumbles(days: Sequence[JudgedDay]) -> list[str]:
    if not any(day.stumble_events for day in days):
        return ["Stumbles: no such events: nothing here tells any"]
    lines = ["Stumbles: found, by severity"]
    lines.append(f"  {'':22}{'n':>6}{'found':>8}{'95 %':>16}")
    for place in ("all", *PLACES):
        here = list(days) if place == "all" else _at(days, place)
        tried = [one for day in here for one in day.stumbles]
        groups = [
            (f"{place}, {low:.1f}-{min(high, 1.0):.1f}", low, high) for low, high in itertools.pairwise(SEVERITIES)
        ]
        for name, low, high in groups:
            found = [one[2] for one in tried if low <= one[1] < high]
            if found:
                part, least, most = share(sum(found), len(found))
                lines.append(f"  {name:22}{len(found):>6}{part:>8.1%}{f'{least:.1%}-{most:.1%}':>16}")
    for place in ("all", *PLACES):
        here = list(days) if place == "all" else _at(days, place)
        if here:
            hours = sum(day.classes["walking"].walking_h for day in here)
            walking = sum(day.classes["walking"].false_stumbles for day in here)
            a_day = _false_stumbles(here)
            lines.append(
                f"  {place}: false ones: {walking / hours:.2f} in an hour of walking; {_interval(a_day)} a day"
            )
    return lines


def _false_stumbles(days: Sequence[JudgedDay]) -> Estimate:
    strata, counts = [], []
    for number, day in enumerate(days):
        for name, held in day.classes.items():
            strata.append(Sampled(number, name, held.amount, held.sampled))
            counts.append(float(held.false_stumbles))
    return estimated(strata, counts, len(days))
