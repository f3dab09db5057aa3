"""Health, status, sensors and metrics."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response

from server import VERSION
from server.metrics import CONTENT_TYPE
from server.models import Radio, Sensor, SensorClock, Status
from server.monitor import Monitor
from server.session import Session
from server.stream_shape import clock_of


def sensor_of(session: Session) -> Sensor:
    """A session's sensor, as the list of sensors shows it."""
    status = session.status
    return Sensor(
        session_id=session.plan.id,
        name=status.get("name") or session.plan.sensor_name,
        address=status.get("address") or session.plan.sensor_address,
        driver=status.get("driver") or session.plan.driver,
        state=session.state,  # type: ignore[arg-type]
        reason=session.fault or status.get("reason"),
        since_s=session.in_state_s,
        attempt=status.get("attempt") or 0,
        retry_in_s=status.get("retry_in_s"),
        rssi=status.get("rssi"),
        battery_percent=session.intake.battery_percent,
        last_sample_age_s=session.last_sample_age_s,
        counters=session.counters(),
        clock=SensorClock(**clock_of(session)),
    )


def status_router(monitor: Monitor) -> APIRouter:
    """/api/status and /api/sensors."""
    router = APIRouter(prefix="/api", tags=["status"])

    @router.get("/status")
    async def status() -> Status:
        """The server at a glance."""
        return Status(
            version=VERSION,
            store_id=monitor.store.store_id,
            started_at=monitor.started_at.isoformat(),
            mode=monitor.mode,
            radio=Radio(state=monitor.radio.state, reason=monitor.radio.reason),
            sensors=len(monitor.sessions),
            clients=monitor.hub.clients,
            last_seq=monitor.store.last_seq,
            storage_fault=monitor.store.fault,
        )

    @router.get("/sensors")
    async def sensors() -> list[Sensor]:
        """Every sensor that is looked after, with what it is doing at this moment."""
        return [sensor_of(session) for session in monitor.sessions.values()]

    return router


def machine_router(monitor: Monitor) -> APIRouter:
    """/healthz and /metrics, for programs that watch programs."""
    router = APIRouter(tags=["operation"])

    @router.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """`ok` while the server answers. Needs no log-in."""
        return "ok"

    @router.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        """Counters and histograms in Prometheus' text form."""
        return Response(monitor.metrics.text(), media_type=CONTENT_TYPE)

    return router
