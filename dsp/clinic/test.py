"""What every test of the clinic is: it hears the detectors' events and sees the rows, in stream order."""

from typing import Protocol

from dsp.body import BodyBlock
from dsp.clinic.wear import Wear
from dsp.detector import State
from dsp.events import Event, JsonValue
from dsp.prompt import Prompt
from dsp.wearing import Wearing


class ClinicTest(Protocol):
    """Finds one kind of test in the stream, prompted or not.

    `state` alone resumes it, its size never changes. Rows come with seen_s up to an event's emitted_s before that event
    does, however the stream was cut. What it returns carries the `emitted_s` that rows and events have come to.
    """

    state: State

    def __init__(self, wearing: Wearing, wear: Wear) -> None: ...

    def prompt(self, prompt: Prompt) -> list[Event]:
        """Every protocol's prompts come here; one with the same cue_s as the present one brings it up to date."""
        ...

    def rows(self, block: BodyBlock) -> list[Event]:
        """The next rows, never none."""
        ...

    def hear(self, event: Event) -> list[Event]:
        """An event of the detectors, retractions included; never one of a test."""
        ...

    def finish(self, seen_s: float) -> list[Event]:
        """What only the end of the stream brings out, marked `at_end`."""
        ...

    def progress(self) -> dict[str, JsonValue] | None:
        """What a screen shows meanwhile; None while nothing is under way."""
        ...
