"""What happened or was measured, exactly as the contract spells it (CONTRACT.md §3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `time_s` is when it happened, `emitted_s` the stream time that had been seen when it was sent.

    `fields` holds what belongs to the kind, units in the names, None for what could not be measured.
    `at_end` marks events that only the end of the stream brought out.
    """

    kind: str
    time_s: float
    emitted_s: float
    end_s: float | None = None
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    at_end: bool = False

    def to_json(self) -> dict[str, JsonValue]:
        """The contract's JSON object."""
        out: dict[str, JsonValue] = {"kind": self.kind, "time_s": self.time_s, "emitted_s": self.emitted_s}
        if self.end_s is not None:
            out["end_s"] = self.end_s
        out.update(self.fields)
        if self.at_end:
            out["at_end"] = True
        return out
