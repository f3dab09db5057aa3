"""One wearing's way from samples to events: conditioning, every detector, then the tests of the clinic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from dsp.body import BodyBlock
from dsp.clinic import TESTS
from dsp.clinic.clinic import Clinic
from dsp.clinic.test import ClinicTest
from dsp.conditioning import Conditioner
from dsp.detector import Detector, State
from dsp.detectors import DETECTORS
from dsp.detectors.fall import Fall
from dsp.detectors.freeze import Freeze
from dsp.drawing import drawn
from dsp.events import Event, JsonValue
from dsp.falls.aftermath import Fallen
from dsp.falls.worn import UNSEEN, Worn
from dsp.prompt import Prompt
from dsp.stumbles.falling import FallsNotStumbles
from dsp.turns.steps import StepsInTurns
from dsp.wearing import Wearing
from sensing.block import SampleBlock

EMITTED = attrgetter("emitted_s")


@dataclass(frozen=True, slots=True)
class Output:
    """What one update brought out: events in the order they were emitted, and the conditioned motion behind them."""

    events: list[Event]
    body: list[BodyBlock]


class Pipeline:
    """The same samples give the same events however they are cut into blocks, live or from a file."""

    def __init__(
        self,
        wearing: Wearing,
        detectors: Iterable[type[Detector]] = DETECTORS,
        tests: Iterable[type[ClinicTest]] = TESTS,
    ) -> None:
        self._conditioner = Conditioner(wearing)
        self._detectors = [make(wearing) for make in detectors]
        self._fall = next((found for found in self._detectors if isinstance(found, Fall)), None)
        self._steps_in_turns = StepsInTurns(wearing)
        self._falls_not_stumbles = FallsNotStumbles()
        self._clinic = Clinic(wearing, tests)

    def prompt(self, prompt: Prompt) -> None:
        """An operator set a test up, or ended one: holds from the first sample at or after its set_s, not seen yet."""
        self._clinic.prompt(prompt)

    def progress(self) -> dict[str, JsonValue] | None:
        """How far the test under way has come, None without one."""
        return self._clinic.progress()

    def fallen(self) -> Fallen | None:
        """What has become of who fell last, None where nobody did or it was taken back."""
        return self._fall.fallen() if self._fall is not None else None

    def worn(self) -> Worn:
        """Whether the sensor is on somebody."""
        return self._fall.worn() if self._fall is not None else UNSEEN

    def update(self, block: SampleBlock) -> Output:
        """Takes the next samples of this wearing's one sensor."""
        body = self._conditioner.update(block)
        events: list[Event] = []
        for motion in body:
            found = [event for detector in self._detectors for event in detector.update(motion)]
            found.sort(key=EMITTED)
            found = self._falls_not_stumbles.join(self._steps_in_turns.join(found))
            events += _woven(found, self._clinic.update(motion, found))
        return Output(events, body)

    def finish(self) -> Output:
        """The stream has ended: what only its end brings out, marked `at_end`."""
        seen_s = float(self._conditioner.state[0]["time_s"])
        found = [event for detector in self._detectors for event in detector.finish(seen_s)]
        found = self._falls_not_stumbles.join(self._steps_in_turns.join(sorted(found, key=EMITTED)))
        return Output(_woven(found, self._clinic.finish(found, seen_s)), [])

    def save_state(self) -> list[bytes]:
        """Everything the pipeline remembers; its size never changes."""
        return [part.tobytes() for part in self._states()]

    def load_state(self, saved: Sequence[bytes]) -> None:
        """Goes on where `save_state` was called, in a pipeline made for the same wearing."""
        states = self._states()
        if [len(part) for part in saved] != [part.nbytes for part in states]:
            raise ValueError("this state was saved by another version or for other detectors")
        for part, state in zip(saved, states, strict=True):
            state[:] = np.frombuffer(part, dtype=state.dtype)

    @classmethod
    def warm(cls, wearing: Wearing | None = None) -> None:
        """Compiles every kernel, or loads it from the cache, so that the first packet does not wait for it."""
        for gyr in (None, np.zeros((8, 3))):
            pipeline = cls(wearing or Wearing())
            time_s = np.arange(8) / 100.0
            for body in pipeline.update(SampleBlock("warm", 0, 100.0, time_s, np.full((8, 3), 5.66), gyr)).body:
                drawn(body, 1.0, 1.0)
            pipeline.finish()
        if wearing is None:
            freezing = cls(Wearing("ankle_left", freezes=True), (Freeze,), ())
            freezing.update(SampleBlock("warm", 0, 100.0, time_s, np.full((8, 3), 5.66), None))
            freezing.finish()

    def _states(self) -> list[State]:
        detectors = (detector.state for detector in self._detectors)
        joins = (self._steps_in_turns.state, self._falls_not_stumbles.state)
        return [self._conditioner.state, *detectors, *joins, *self._clinic.states]


def _woven(found: list[Event], made: list[Event]) -> list[Event]:
    """In the order they were emitted; the detectors' before the tests' of the same instant."""
    return sorted(found + made, key=EMITTED) if made else found
