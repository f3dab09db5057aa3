"""A session in progress, in the shape that the live page is sent."""

from dataclasses import asdict
from typing import Any

from server.models import BodyFrame, SensorClock, Stream, StreamSensor
from server.number_models import Bout, LiveNumbers, LiveRolling, Sides
from server.session import Session

UPRIGHT = 0.5  # dsp.body: vertical known
ALL_AXES = 0.75


def clock_of(session: Session) -> dict[str, Any]:
    """The clock report, empty for a session without packets."""
    if not session.from_packets:
        return {}
    report = session.intake.clock
    return {"kind": report.kind, "skew_ppm": report.skew_ppm, "residual_s": report.residual_s}


def loss_fraction(counters: dict[str, float]) -> float | None:
    """Lost samples over samples that should have come."""
    expected = counters.get("samples", 0) + counters.get("lost_samples", 0)
    return counters.get("lost_samples", 0) / expected if expected else None


def frame_text(confidence: float) -> str:
    if confidence >= ALL_AXES:
        return "up, forward and left are known"
    if confidence >= UPRIGHT:
        return "up is known; forward and left are being learned"
    return "finding out which way is up"


def stream_of(session: Session) -> Stream:
    """Everything about the session at this moment."""
    status = session.status
    plan = session.plan
    now_s = session.now_s()
    counters = session.counters()
    return Stream(
        stream_no=session.stream_no,
        session_id=plan.id,
        label=plan.label,
        position=plan.facts.position,
        sensor=StreamSensor(
            name=status.get("name") or plan.sensor_name,
            address=status.get("address") or plan.sensor_address,
            driver=status.get("driver") or plan.driver,
        ),
        simulated=plan.simulated,
        started_at=session.start_text,
        state=session.state,  # type: ignore[arg-type]
        reason=session.fault or status.get("reason"),
        retry_in_s=status.get("retry_in_s"),
        battery_percent=session.intake.battery_percent,
        rssi=status.get("rssi"),
        rate_hz=session.rate_hz,
        has_gyroscope=session.has_gyroscope,
        time_s=now_s,
        last_sample_s=session.last_sample_s,
        last_sample_age_s=session.last_sample_age_s,
        loss_fraction=loss_fraction(counters),
        counters=counters,
        clock=SensorClock(**clock_of(session)),
        frame=BodyFrame(confidence=session.frame_confidence, text=frame_text(session.frame_confidence)),
        numbers=_numbers(session, now_s),
    )


def _numbers(session: Session, now_s: float) -> LiveNumbers:
    numbers = session.tally.numbers(now_s)
    bout = numbers.bout
    rolling, sides = numbers.rolling, numbers.sides
    age_s = None if numbers.cadence_time_s is None else max(0.0, now_s - numbers.cadence_time_s)
    return LiveNumbers(
        steps=numbers.steps,
        cadence_spm=numbers.cadence_spm,
        cadence_age_s=age_s,
        bout=None
        if bout is None
        else Bout(
            start_s=bout.start_s,
            duration_s=max(0.0, now_s - bout.start_s),
            steps=bout.steps,
            cadence_spm=bout.cadence_spm,
        ),
        walking_s=numbers.walking_s,
        bouts=numbers.bouts,
        distance_m=numbers.distance_m,
        rolling=None
        if rolling is None
        else LiveRolling.model_validate(
            {**rolling.values, "time_s": rolling.time_s, "age_s": max(0.0, now_s - rolling.time_s)}
        ),
        sides=None if sides is None else Sides(**asdict(sides)),
    )
