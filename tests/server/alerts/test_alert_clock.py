"""The clock of alerts: neither set nor stopped."""

from hypothesis import given
from hypothesis import strategies as st

from server.alerts.clock import AlertClock, Mark, Sources


class Machine:
    """A machine whose clocks a test moves."""

    def __init__(self) -> None:
        self.boot: str | None = "one"
        self.boot_s, self.wall_s = 1000.0, 5e8

    def sources(self) -> Sources:
        return Sources(self.boot, lambda: self.boot_s, lambda: self.wall_s)

    def passes(self, seconds: float) -> None:
        self.boot_s += seconds
        self.wall_s += seconds


@given(set_s=st.floats(-7200.0, 7200.0), gone_s=st.floats(0.0, 1e5))
def test_setting_the_wall_clock_moves_nothing(set_s: float, gone_s: float) -> None:
    machine = Machine()
    clock = AlertClock(machine.sources())
    machine.passes(gone_s)
    machine.wall_s += set_s
    assert abs(clock.now_s() - gone_s) < 1e-6
    again = AlertClock(machine.sources(), clock.mark())
    machine.passes(10.0)
    assert abs(again.now_s() - gone_s - 10.0) < 1e-6


def test_it_goes_on_while_the_program_is_down() -> None:
    machine = Machine()
    clock = AlertClock(machine.sources())
    machine.passes(20.0)
    mark = clock.mark()
    machine.passes(15.0)
    machine.wall_s -= 3600.0
    assert AlertClock(machine.sources(), mark).now_s() == 35.0


def test_after_the_machine_was_off_the_wall_clock_says_how_long_and_never_less_than_nothing() -> None:
    machine = Machine()
    mark = AlertClock(machine.sources()).mark()
    machine.boot, machine.boot_s = "two", 30.0
    machine.wall_s += 600.0
    assert AlertClock(machine.sources(), mark).now_s() == 600.0
    machine.wall_s -= 7200.0
    assert AlertClock(machine.sources(), mark).now_s() == 0.0


def test_where_nothing_names_the_machines_run_the_wall_clock_counts() -> None:
    machine = Machine()
    machine.boot = None
    mark = Mark(50.0, None, machine.boot_s, machine.wall_s)
    machine.passes(5.0)
    assert AlertClock(machine.sources(), mark).now_s() == 55.0
