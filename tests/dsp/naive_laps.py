"""The slow, obvious twin of counting laps: every way to cut the stretches is tried."""

from collections.abc import Iterator, Sequence

from dsp.clinic.walk_laps import Stretch, explanations


def all_explanations(
    ratios: Sequence[float], tolerances: Sequence[float], first: int = 0
) -> Iterator[tuple[float, tuple[Stretch, ...]]]:
    """Every explanation of the stretches from `first` on, with its cost."""
    if first == len(ratios):
        yield 0.0, ()
        return
    for cost, stretch in explanations(ratios, tolerances, first, len(ratios) - 1):
        for more, rest in all_explanations(ratios, tolerances, first + stretch.count):
            yield cost + more, (stretch, *rest)
