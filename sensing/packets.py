"""What reaches a session, in the order of the raw log: packets from the radio and notes about the session."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True)
class Packet:
    """One notification: when it was heard (seconds on the session's clock), on which channel, and its bytes.

    `channel` is the place of the characteristic in the driver's `channels`.
    """

    arrival_s: float
    data: bytes
    channel: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """Something besides the radio's bytes that can change a result, kept in stream order.

    Kinds: `stream` (a connection was configured: driver name and its StreamChoice), `disconnected`, `test` (a test of
    the clinic was set up, ended or broken off: sensing.facts.StatedTest), `remark`, `stopped`. Logs of version 0.1 have
    `test` with the name of a test alone, and `cue` and `end_cue` for its "go" and its "stop".
    """

    arrival_s: float
    kind: str
    fields: Mapping[str, Json] = field(default_factory=dict)


Record = Packet | Note
