"""What Surefoot sees of itself: the sensors, the disk, the clock, the messages. Only looks, decides nothing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shutil import disk_usage

from server.alerts.policy import Now
from server.care import words
from server.care.notice import Condition, NoticeKind
from server.session import Session

SILENT_S = 5.0  # no sample for so long may be no data; who hears when is in STAGES
LOW_BATTERY, FULL_ENOUGH = 15.0, 20.0  # per cent: clinical reference §10; a battery recovers a little when it rests
LEAST_FREE_BYTES, FREE_ENOUGH = 1e9, 1.2  # about a week of one sensor, raw log and recording; over again at 1.2 times
CLOCK_JUMP_S = 5.0  # time servers move a clock by less, in small steps


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to look at besides the sensors. `disk_fault`, `delivery_fault`: sentences while something is."""

    directory: Path
    disk_fault: Callable[[], str | None]
    delivery_fault: Callable[[], str | None]
    least_free_bytes: float = LEAST_FREE_BYTES

    def conditions(self, open_keys: Collection[str]) -> Iterator[Condition]:
        least = self.least_free_bytes * (FREE_ENOUGH if "disk:server" in open_keys else 1.0)
        free = _free_bytes(self.directory)
        if free is not None and free < least:
            yield Condition("disk", words.disk(free))
        faults: tuple[tuple[NoticeKind, str | None], ...] = (
            ("unwritten", self.disk_fault()),
            ("delivery", self.delivery_fault()),
        )
        for kind, text in faults:
            if text is not None:
                yield Condition(kind, text)


def of_sessions(sessions: Mapping[str, Session], open_keys: Collection[str], now: Now) -> Iterator[Condition]:
    """What is wrong with the sensors in use; a recording that is played again is none."""
    for session in list(sessions.values()):
        if not session.closing and not session.played:
            yield from _of_session(session, open_keys, now)


def _of_session(session: Session, open_keys: Collection[str], now: Now) -> Iterator[Condition]:
    plan = session.plan

    def condition(kind: NoticeKind, text: str, since_s: float | None = None) -> Condition:
        return Condition(kind, text, person=plan.label, session_id=plan.id, simulated=plan.simulated, since_s=since_s)

    age_s = session.last_sample_age_s
    silent = age_s is None or age_s > SILENT_S
    if silent:
        yield condition("no_data", words.no_data(plan.label), None if age_s is None else now.s - age_s)
    worn = session.worn()
    if worn.state == "not_worn" and worn.since_s is not None and not silent:
        since_s = now.s - max(0.0, session.now_s() - worn.since_s)
        yield condition("not_worn", words.not_worn(plan.label), since_s)
    percent = session.intake.battery_percent
    enough = FULL_ENOUGH if f"battery:{plan.id}" in open_keys else LOW_BATTERY
    if percent is not None and percent <= enough:
        yield condition("battery", words.battery(plan.label, percent))


@dataclass(slots=True)
class ClockWatch:
    """Compares the wall clock with the clock of the alerts, which nobody can set."""

    apart_s: float | None = field(default=None, init=False)

    def jump_s(self, now: Now) -> float | None:
        """By how much the wall clock was set since the last look, None where it was not."""
        before, self.apart_s = self.apart_s, now.wall.timestamp() - now.s
        if before is None or abs(self.apart_s - before) < CLOCK_JUMP_S:
            return None
        return self.apart_s - before


def _free_bytes(directory: Path) -> float | None:
    try:
        return float(disk_usage(directory).free)
    except OSError:
        return None  # a disk that is not there refuses writes, and that is a notice of its own
