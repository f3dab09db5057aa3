"""What the alert policy makes of the falls that were told: whether the wearer is asked, and a carer may be called."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from dsp.events import Event
from dsp.pipeline import Pipeline
from sensing.recording import Recording
from server.alerts import policy
from server.alerts.alert import Alert
from server.alerts.care_plan import CarePlan, iso
from server.analyze import BLOCK_SAMPLES
from server.plan import wearing_of

LOOKS_S = 0.5  # how often the alert is looked after here; the server does so five times a second
WALL = datetime(2026, 1, 1, tzinfo=UTC)
ONE_FALL_S = 1.0  # the same fall, in the pipeline's status and in its event

# taken back: nobody is asked. walked on: asked, then walks before anybody is called. open: asked, and an answer needed.
Ending = Literal["taken back", "walked on", "open"]


@dataclass(frozen=True, slots=True)
class Told:
    """A fall that the detector told, and how far the alert came by the end of the segment."""

    time_s: float
    emitted_s: float
    confidence: float
    ending: Ending

    @property
    def prompted(self) -> bool:
        return self.ending != "taken back"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pipeline said of one segment."""

    falls: tuple[Told, ...]
    stumbles_s: tuple[float, ...]  # that were not taken back


def seen(recording: Recording) -> Seen:
    """The whole pipeline over a recording; only where it tells a fall again, in small blocks, beside the policy."""
    pipeline = Pipeline(wearing_of(recording.facts))
    events: list[Event] = []
    for block in recording.blocks(BLOCK_SAMPLES):
        events += pipeline.update(block).events
    events += pipeline.finish().events
    back = {event.fields["of_time_s"] for event in events if event.fields.get("of_kind") == "stumble"}
    stumbles = tuple(event.time_s for event in events if event.kind == "stumble" and event.time_s not in back)
    falls = _followed(recording) if any(event.kind == "fall" for event in events) else ()
    return Seen(falls, stumbles)


def _followed(recording: Recording) -> tuple[Told, ...]:
    """The same samples as they come live, with every alert advanced in between."""
    pipeline, plan = Pipeline(wearing_of(recording.facts)), CarePlan()
    alerts: dict[float, Alert] = {}
    emitted: dict[float, float] = {}

    def take(events: list[Event], at_s: float) -> None:
        for event in events:
            if event.kind == "fall":
                emitted[event.time_s] = event.emitted_s
                alerts[event.time_s] = policy.opened(_alert(event, at_s), plan, _now(at_s)).alert
            elif event.kind == "retraction" and event.fields.get("of_kind") == "fall":
                of_s = event.fields["of_time_s"]
                assert isinstance(of_s, float)  # the contract's; a fault here must not pass for a fall that stands
                alerts[of_s] = _walks(alerts[of_s], plan, at_s)
        fallen = pipeline.fallen()
        for of_s, alert in alerts.items():
            if fallen is not None and fallen.walks_s is not None and abs(fallen.time_s - of_s) < ONE_FALL_S:
                alert = _walks(alert, plan, at_s)
            alerts[of_s] = policy.advanced(alert, plan, _now(at_s)).alert

    at_s = 0.0
    for block in recording.blocks(max(1, round(LOOKS_S * recording.rate_hz))):
        at_s = float(block.time_s[-1])
        take(pipeline.update(block).events, at_s)
    take(pipeline.finish().events, at_s)
    return tuple(
        Told(of_s, emitted[of_s], _confidence(alert), _ending(alert, plan, at_s)) for of_s, alert in alerts.items()
    )


def _alert(event: Event, at_s: float) -> Alert:
    now = _now(at_s)
    confidence = event.fields["confidence"]
    assert isinstance(confidence, float)
    return Alert(
        id=f"fall-{event.time_s}",
        kind="fall",
        person="",
        at=iso(WALL + timedelta(seconds=event.time_s)),
        happened_s=event.time_s,
        state="observing",
        since=now.iso,
        since_s=at_s,
        due_s=None,
        confidence=confidence,
    )


def _confidence(alert: Alert) -> float:
    assert alert.confidence is not None
    return alert.confidence


def _walks(alert: Alert, plan: CarePlan, at_s: float) -> Alert:
    """As the server does: it is said once, while there is anything to settle."""
    alert = policy.advanced(alert, plan, _now(at_s)).alert
    if alert.state not in ("observing", "prompting"):
        return alert
    return policy.happened(alert, plan, "walked_on", _now(at_s)).alert


def _ending(alert: Alert, plan: CarePlan, at_s: float) -> Ending:
    """Nothing more is seen after the segment: who is still observed then will be asked."""
    if alert.open:
        alert = policy.advanced(alert, plan, _now(max(at_s, alert.happened_s + plan.observe_s))).alert
    asked = any(line.what == "prompting" for line in alert.history)
    if not asked:
        return "taken back"
    return "open" if alert.open else "walked on"


def _now(at_s: float) -> policy.Now:
    return policy.Now(at_s, WALL + timedelta(seconds=at_s))
