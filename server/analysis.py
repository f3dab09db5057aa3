"""A session's samples on their way through the detectors: gathered, analysed, drawn, and a fault said in a sentence."""

from collections.abc import Callable
from functools import partial

import structlog

from dsp.events import Event, JsonValue
from dsp.falls.aftermath import Fallen
from dsp.falls.worn import Worn
from dsp.pipeline import Output, Pipeline
from dsp.tally import Tally
from sensing.block import SampleBlock
from sensing.facts import StatedTest
from server.clinic.posture import Posture
from server.gathering import Gatherer
from server.plan import SessionPlan, prompt_of
from server.waveforms import Framer

log = structlog.get_logger("analysis")


class Analysis:
    """Gives out events and waveform frames as they come; one that fails must not end the recording of the packets."""

    def __init__(
        self,
        plan: SessionPlan,
        stream_no: int,
        on_event: Callable[[Event], None],
        on_frames: Callable[[list[bytes]], None],
    ) -> None:
        self.tally = Tally(plan.wearing)
        self.posture = Posture()
        self.fault: str | None = None
        self._session_id = plan.id
        self._pipeline = Pipeline(plan.wearing)
        self._framer = Framer(stream_no)
        self._gatherer = Gatherer()
        self._on_event = on_event
        self._on_frames = on_frames

    @property
    def waiting(self) -> bool:
        """Whether there are samples that wait for their successors, see server.gathering."""
        return self._gatherer.waiting

    @property
    def frame_confidence(self) -> float:
        return self._framer.confidence

    def progress(self) -> dict[str, JsonValue] | None:
        """How far the test under way has come, as dsp.pipeline has it."""
        return self._pipeline.progress()

    def fallen(self) -> Fallen | None:
        """What has become of who fell last, as dsp.pipeline has it."""
        return self._pipeline.fallen()

    def worn(self) -> Worn:
        """Whether the sensor is on somebody."""
        return self._pipeline.worn()

    def add(self, block: SampleBlock, arrival_s: float) -> None:
        self._gatherer.add(block, arrival_s)

    def due(self, now_s: float, packet_period_s: float) -> bool:
        return self._gatherer.due(now_s, packet_period_s)

    def catch_up(self) -> None:
        """Analyse what waits."""
        for block in self._gatherer.take():
            self._step(partial(self._pipeline.update, block))

    def prompt(self, test: StatedTest) -> bool:
        """Tell the detectors of a test, after all that came before; whether they took it."""
        self.catch_up()
        try:
            self._pipeline.prompt(prompt_of(test))
        except ValueError as error:
            log.error("a test that cannot be set up", session=self._session_id, reason=str(error))
            return False
        return True

    def finish(self) -> None:
        """The stream has ended: what only its end brings out."""
        self.catch_up()
        self._step(self._pipeline.finish)
        self._draw(self._framer.flush())

    def _step(self, step: Callable[[], Output]) -> None:
        try:
            output = step()
            for body in output.body:
                self._draw(self._framer.add(body))
            self.posture.update(output)
            if output.events:
                self.tally.update(output.events)
                for event in output.events:
                    self._on_event(event)
        except Exception as error:
            log.exception("analysis failed", session=self._session_id)
            self.fault = f"The analysis failed ({error!r}); the packets are still recorded, see the log."

    def _draw(self, frames: list[bytes]) -> None:
        if frames:
            self._on_frames(frames)
