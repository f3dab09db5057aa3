"""What a sensor's connection does next: the states, the table of transitions, and how long to wait."""

from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random


class SensorState(StrEnum):
    """Where a watched sensor stands. All but `stopped` and `failed` lead on by themselves."""

    SCANNING = "scanning"
    CONNECTING = "connecting"
    CONFIGURING = "configuring"
    STREAMING = "streaming"
    STALLED = "stalled"  # connected, but silent: subscribing again
    BACKING_OFF = "backing_off"
    STOPPED = "stopped"
    FAILED = "failed"  # refused in a way that only a person can mend; `retry` leads on


class Trigger(StrEnum):
    """What happens to a watched sensor."""

    FOUND = "found"
    NOT_FOUND = "not found"
    NO_RADIO = "no radio"
    CONNECTED = "connected"
    CONFIGURED = "configured"
    SILENT = "silent"
    HEARD = "heard again"
    LOST = "lost"  # the attempt failed or the link ended
    REFUSED = "refused"  # a person is needed
    WAITED = "waited"  # the back-off is over, the device was not seen lately
    WAITED_SEEN = "waited, seen lately"
    RETRY = "retry"  # a person says that it is mended
    STOP = "stop"


S, T = SensorState, Trigger

TRANSITIONS: dict[tuple[SensorState, Trigger], SensorState] = {
    (S.SCANNING, T.FOUND): S.CONNECTING,
    (S.SCANNING, T.NOT_FOUND): S.BACKING_OFF,
    (S.SCANNING, T.NO_RADIO): S.BACKING_OFF,
    (S.SCANNING, T.LOST): S.BACKING_OFF,
    (S.SCANNING, T.REFUSED): S.FAILED,
    (S.CONNECTING, T.CONNECTED): S.CONFIGURING,
    (S.CONNECTING, T.LOST): S.BACKING_OFF,
    (S.CONNECTING, T.NO_RADIO): S.BACKING_OFF,
    (S.CONFIGURING, T.CONFIGURED): S.STREAMING,
    (S.CONFIGURING, T.LOST): S.BACKING_OFF,
    (S.CONFIGURING, T.NO_RADIO): S.BACKING_OFF,
    (S.CONFIGURING, T.REFUSED): S.FAILED,
    (S.STREAMING, T.SILENT): S.STALLED,
    (S.STREAMING, T.LOST): S.BACKING_OFF,
    (S.STREAMING, T.NO_RADIO): S.BACKING_OFF,
    (S.STALLED, T.HEARD): S.STREAMING,
    (S.STALLED, T.LOST): S.BACKING_OFF,
    (S.STALLED, T.NO_RADIO): S.BACKING_OFF,
    (S.STALLED, T.REFUSED): S.FAILED,
    (S.BACKING_OFF, T.WAITED): S.SCANNING,
    (S.BACKING_OFF, T.WAITED_SEEN): S.CONNECTING,
    (S.FAILED, T.RETRY): S.SCANNING,
    **{(state, T.STOP): S.STOPPED for state in S if state is not S.STOPPED},
}


@dataclass(frozen=True, slots=True)
class Timings:
    """Every time constant of the radio, in seconds of the event loop's clock."""

    back_off_first_s: float = 0.5
    back_off_most_s: float = 30.0
    back_off_reset_s: float = 10.0  # so much streaming in one piece forgets earlier failures
    jitter: float = 0.25  # a wait is shortened by up to this fraction, so that sensors do not retry in step
    stall_periods: float = 5.0  # packet periods without a packet ...
    stall_least_s: float = 1.5  # ... but at least this long, is a stall
    first_packet_s: float = 5.0  # the same for the first packet after a configuration
    seen_lately_s: float = 30.0  # BlueZ forgets a device that it has not heard for so long
    scan_s: float = 15.0  # one attempt at finding a sensor
    choose_s: float = 1.0  # after the first hit: a nearer one of the same kind may be heard
    connect_s: float = 25.0  # one connection attempt
    connect_attempts: int = 3  # of bleak-retry-connector within one of ours, for the quick failures
    configure_s: float = 30.0  # the driver's whole dialogue
    revive_s: float = 8.0  # the same for a sensor that fell silent
    disconnect_s: float = 5.0


@dataclass(frozen=True, slots=True)
class SensorStatus:
    """What a watched sensor is doing. `reason` is a sentence for people; since_s is on the session's clock."""

    name: str
    address: str | None
    driver: str | None
    state: SensorState
    reason: str
    since_s: float
    attempt: int = 0  # failed attempts in a row
    retry_in_s: float | None = None
    rssi: int | None = None
    mtu: int | None = None


class BackOff:
    """Waits that double from `back_off_first_s` to `back_off_most_s`, each shortened at random by up to `jitter`."""

    def __init__(self, timings: Timings, random: Random) -> None:
        self._timings = timings
        self._random = random
        self.attempt = 0

    def next_s(self) -> float:
        doublings = min(self.attempt, 30)
        longest_s = min(self._timings.back_off_most_s, self._timings.back_off_first_s * 2.0**doublings)
        self.attempt += 1
        return longest_s * (1.0 - self._timings.jitter * self._random.random())

    def reset(self) -> None:
        self.attempt = 0


class Supervisor:
    """The state of one watched sensor; moves only along TRANSITIONS and tells what it is doing after each move."""

    def __init__(self, name: str, since_s: float) -> None:
        self.status = SensorStatus(name, None, None, S.SCANNING, f"Looking for {name}.", since_s)

    @property
    def state(self) -> SensorState:
        return self.status.state

    def fire(self, trigger: Trigger, reason: str, now_s: float, retry_in_s: float | None = None) -> SensorStatus:
        """Raises KeyError for a transition that is not in the table."""
        state = TRANSITIONS[self.state, trigger]
        self.status = replace(self.status, state=state, reason=reason, since_s=now_s, retry_in_s=retry_in_s)
        return self.status

    def learn(self, **facts: str | int | None) -> None:
        """Name, address, driver, rssi, mtu or attempt, when they become known."""
        self.status = replace(self.status, **facts)  # type: ignore[arg-type]
