"""A session: where one sensor's packets meet the raw log, the detectors, the database and the browsers."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from dsp.events import Event, JsonValue
from dsp.falls.aftermath import Fallen
from dsp.falls.worn import Worn
from sensing.block import SampleBlock
from sensing.facts import StatedTest
from sensing.intake import Intake
from sensing.packets import Json, Note, Packet, Record
from server.analysis import Analysis
from server.decoding import decoded
from server.keeping import Keeper
from server.plan import SessionPlan
from server.session_time import SessionTime
from server.told import Told

HOLES_KEPT = 256
RECENT_S = 120.0  # what is kept in memory for whoever looks at what has just happened
SILENT_PACKETS = 5  # as the radio's own watchdog counts


class Outlet(Protocol):
    """Where a session's results go."""

    def opened(self, session: "Session") -> None: ...

    def event(self, session: "Session", ordinal: int, event: Event) -> None: ...

    def waveform(self, session: "Session", frame: bytes) -> None: ...

    def changed(self, session: "Session") -> None: ...


class Session:
    """One wearing of one sensor, in progress. Its time starts with the first `stream` note (or the first block).

    `receive` is plain code: log, decode, detect, publish, in one call. A disk that refuses does not stop it; `fault`
    then says so in a sentence.
    """

    def __init__(
        self,
        plan: SessionPlan,
        stream_no: int,
        directory: Path,
        outlet: Outlet,
        *,
        clock: Callable[[], float] = time.monotonic,
        speed: float = 1.0,
        silence_s: float = 1.5,
        rebuilding: bool = False,
    ) -> None:
        """`rebuilding`: the packets come from this session's own raw log; not logged again, blocks are kept."""
        self.plan = plan
        self.stream_no = stream_no
        self.directory = directory
        self.started_at: datetime | None = None  # set when the session opens, unless somebody knows better
        self.opened = False
        self.closing = False
        self.intake = Intake(plan.sensor_name)
        self.status: Mapping[str, Any] = {"state": "connecting", "reason": None}
        self.told = Told(plan.facts)
        self._analysis = Analysis(plan, stream_no, self._event, self._draw)
        self.tally, self.posture = self._analysis.tally, self._analysis.posture
        self.from_packets = False
        self.blocks: list[SampleBlock] = []  # kept only where the raw log does not have them, or on demand
        self.first_sample_s: float | None = None
        self.last_sample_s: float | None = None
        self.holes: deque[tuple[float, int]] = deque(maxlen=HOLES_KEPT)  # first sample after each, samples missing
        self.packet_period_s = 0.0
        self.rate_hz: float | None = None
        self.has_gyroscope: bool | None = None
        self.events = 0
        self._silence_s = silence_s
        self._log_packets = not rebuilding
        self._keep_blocks = rebuilding
        self._samples = 0
        self._next_index: int | None = None
        self._recent: deque[SampleBlock] = deque()
        self._outlet = outlet
        self._time = SessionTime(clock, speed)
        self._state_since = clock()
        self._keeper = Keeper(directory)
        self.base_s = 0.0

    # --- what comes in ---

    def receive(self, record: Record) -> None:
        """The next packet or note, in order. Before the first `stream` note nothing can be decoded: ignored."""
        if self.closing:
            return
        if not self.opened:
            if not (isinstance(record, Note) and record.kind == "stream"):
                return
            self.base_s = record.arrival_s
            self._open(from_packets=True)
        if isinstance(record, Packet):
            record = Packet(record.arrival_s - self.base_s, record.data, record.channel)
        else:
            record = replace(record, arrival_s=record.arrival_s - self.base_s)
            self._note(record)
        self._time.heard(record.arrival_s)
        self._keeper.append(record)
        for block in decoded(self.intake, record):
            self._take(block, record.arrival_s)
        if isinstance(record, Note) or self._analysis.due(record.arrival_s, self.packet_period_s):
            self.catch_up()
        if isinstance(record, Note):
            self._prompt(record)

    def receive_block(self, block: SampleBlock) -> None:
        """Samples of a recording that is played: no packets, so the blocks themselves are kept for the closing."""
        if self.closing:
            return
        if not self.opened:
            self._open(from_packets=False)
        end_s = float(block.time_s[-1])
        self._time.heard(end_s)
        self._take(block, end_s)
        self.catch_up()

    def identify(self, name: str | None, address: str | None, driver: str | None) -> None:
        """Which sensor it turned out to be; must be called before the first record."""
        if self.opened:
            raise ValueError("the session has begun: its plan is in the raw log already")
        self.plan = replace(
            self.plan,
            sensor_name=name or self.plan.sensor_name,
            sensor_address=address or self.plan.sensor_address,
            driver=driver or self.plan.driver,
        )
        self.intake = Intake(self.plan.sensor_name)

    def note(self, kind: str, fields: Mapping[str, Json]) -> None:
        """The operator says something; it is logged at the present moment of the session."""
        if self.opened:
            self.receive(Note(self.base_s + self.now_s(), kind, fields))

    def set_up(self, test: StatedTest) -> StatedTest:
        """The operator sets a test up, or ends one: it holds for samples that were not seen yet. Returns it as logged.

        Raises ValueError before the session has opened.
        """
        if not self.opened or self.closing:
            raise ValueError("no samples come, so no test can be set up")
        stated = replace(test, set_s=max(self.now_s(), self.last_sample_s or 0.0))
        self.note("test", stated.to_json())
        return stated

    def on_status(self, status: Mapping[str, Any]) -> None:
        """The radio's word on the sensor: state, reason, retry_in_s, rssi ..."""
        if status.get("state") != self.status.get("state"):
            self._state_since = self._time.clock()
        self.status = status
        self._outlet.changed(self)

    def catch_up(self) -> None:
        """Analyse the samples that wait for their successors; where a stream stalls, the monitor calls it soon."""
        before = self.events
        self._analysis.catch_up()
        if self.events > before:
            self._outlet.changed(self)

    # --- what is known ---

    @property
    def fault(self) -> str | None:
        """What is wrong with recording or analysing, in a sentence."""
        return self._keeper.fault or self._analysis.fault

    def now_s(self) -> float:
        """The session's time at this moment; in a replay it runs at the replay's speed."""
        return self._time.now_s()

    @property
    def last_sample_age_s(self) -> float | None:
        """Seconds of the wall since the newest sample was measured."""
        return None if self.last_sample_s is None else self._time.age_s(self.last_sample_s)

    @property
    def silent(self) -> bool:
        """The watchdog: no sample for max(silence_s, 5 packet periods)."""
        age_s = self.last_sample_age_s
        since_s = self._time.silent_for_s() if age_s is None else age_s
        return since_s > max(self._silence_s, SILENT_PACKETS * self.packet_period_s)

    @property
    def state(self) -> str:
        """The radio's state, or `no_data` when that claims to be streaming while nothing comes."""
        state = str(self.status.get("state") or "connecting")
        return "no_data" if state == "streaming" and self.silent else state

    @property
    def start_text(self) -> str:
        """ISO 8601, in UTC; before the session has opened: now."""
        return (self.started_at or datetime.now(UTC)).astimezone(UTC).isoformat()

    @property
    def in_state_s(self) -> float:
        """How long the radio has been in its state, in seconds of our clock."""
        return self._time.clock() - self._state_since

    @property
    def waiting(self) -> bool:
        """Whether there are samples that wait for their successors, see server.gathering."""
        return self._analysis.waiting

    @property
    def played(self) -> bool:
        """Whether it plays what was recorded at another time: nobody wears that sensor now."""
        return (self.opened and not self.from_packets) or self.plan.facts.started_at is not None

    def fallen(self) -> Fallen | None:
        """What has become of who fell last, None where nobody did or it was taken back."""
        return self._analysis.fallen()

    def worn(self) -> Worn:
        """Whether the sensor is on somebody."""
        return self._analysis.worn()

    def recent(self) -> list[SampleBlock]:
        """The samples of the last RECENT_S seconds."""
        return list(self._recent)

    def progress(self) -> dict[str, JsonValue] | None:
        """How far the test under way has come, as dsp.pipeline has it."""
        return self._analysis.progress()

    @property
    def frame_confidence(self) -> float:
        return self._analysis.frame_confidence

    @property
    def duration_s(self) -> float:
        if self.first_sample_s is None or self.last_sample_s is None:
            return 0.0
        return self.last_sample_s - self.first_sample_s

    def counters(self) -> dict[str, float]:
        """The intake's counters; a session fed with blocks has only samples and events."""
        counts = self.intake.counters.by_name() if self.from_packets else {"samples": float(self._samples)}
        counts["events"] = self.events
        return counts

    # --- the end ---

    def write(self) -> None:
        """The packets that came until now outlive this process; may run in another thread."""
        self._keeper.write()

    def flush(self) -> None:
        """The packets that came until now are on the disk when this returns; may run in another thread."""
        self._keeper.flush()

    def flush_waveforms(self) -> None:
        """Readers of the waveforms see what was drawn until now."""
        self._keeper.flush_waveforms()

    def end(self, reason: str) -> None:
        """No more packets: what only the end brings out is published, the logs are closed. The Parquet comes next."""
        if self.closing:
            return
        if self.opened:
            if self.from_packets:
                self.receive(Note(self.base_s + self.now_s(), "stopped", {"reason": reason}))
            self._analysis.finish()
        self.closing = True
        self._keeper.close()

    # --- inside ---

    def _open(self, *, from_packets: bool) -> None:
        self.opened = True
        self.from_packets = from_packets
        self.started_at = self.started_at or datetime.now(UTC)
        self._keep_blocks = self._keep_blocks or not from_packets
        header: dict[str, Json] = {"plan": self.plan.to_json(), "started_at": self.start_text}
        self._keeper.open(header if from_packets and self._log_packets else None)
        self._outlet.opened(self)

    def _note(self, note: Note) -> None:
        if note.kind == "stream":
            choice = note.fields.get("choice")
            if isinstance(choice, Mapping):
                per_packet, rate_hz = choice.get("samples_per_packet"), choice.get("rate_hz")
                if isinstance(per_packet, int | float) and isinstance(rate_hz, int | float) and rate_hz > 0:
                    self.packet_period_s = per_packet / rate_hz

    def _prompt(self, note: Note) -> None:
        """What came before the note has been analysed; what comes after it has not been seen."""
        test = self.told.test_in(note)
        if test is not None and self._analysis.prompt(test):
            self.told.keep(test)

    def _take(self, block: SampleBlock, arrival_s: float) -> None:
        if self.first_sample_s is None:
            self.first_sample_s = float(block.time_s[0])
        self.last_sample_s = float(block.time_s[-1])
        if self._next_index is not None and block.first_index > self._next_index:
            self.holes.append((float(block.time_s[0]), block.first_index - self._next_index))
        self._next_index = block.first_index + len(block)
        self._samples += len(block)
        if self._keep_blocks:
            self.blocks.append(block)
        self._recent.append(block)
        while self._recent[0].time_s[-1] < self.last_sample_s - RECENT_S:
            self._recent.popleft()
        self.rate_hz = block.rate_hz
        self.has_gyroscope = block.gyr_radps is not None
        self._analysis.add(block, arrival_s)

    def _event(self, event: Event) -> None:
        self._outlet.event(self, self.events, event)
        self.events += 1

    def _draw(self, frames: list[bytes]) -> None:
        self._keeper.draw(frames)
        for frame in frames:
            self._outlet.waveform(self, frame)
