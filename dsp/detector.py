"""What every detector is: frozen parameters, coefficients computed once, one record of state."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dsp.body import BodyBlock
from dsp.events import Event
from dsp.wearing import Wearing

State = NDArray[Any]  # structured, shape (1,): everything a detector remembers


class Detector(Protocol):
    """Streams body blocks into events.

    The same samples give the same events however they are cut into blocks; `state` alone resumes the detector; blocks
    are never changed; the size of `state` never changes.
    """

    state: State

    def __init__(self, wearing: Wearing) -> None: ...

    def update(self, block: BodyBlock) -> list[Event]:
        """Events that this block brought out, in the order they were emitted."""
        ...

    def finish(self, seen_s: float) -> list[Event]:
        """Events that only the end of the stream brings out, marked `at_end`."""
        ...


def fresh(dtype: np.dtype[np.void]) -> State:
    """A state record of zeros."""
    return np.zeros(1, dtype=dtype)
