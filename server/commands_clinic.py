"""What `surefoot test` does: a test of the clinic from the terminal."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from server.outset import UNUSABLE, Options, guarded

if TYPE_CHECKING:
    from server.clinic.guide import Errand
    from server.clinic.run import Chosen
    from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Where:
    """On which sensor: one of a Surefoot that runs at `url` (None: where the settings say), or one of its own."""

    url: str | None
    person: str | None
    sensor: str | None
    virtual: Path | None
    position: str
    label: str
    height_m: float | None

    @property
    def alone(self) -> bool:
        return self.sensor is not None or self.virtual is not None


def run_test(options: Options, chosen: "Chosen", where: Where, *, unasked: bool) -> int:
    """0 valid, 3 not valid, 1 failed, 2 unusable arguments."""
    from server.clinic.choosing import ChoiceError, checked
    from server.terminal import complain

    try:
        chosen = checked(chosen)
    except ChoiceError as error:
        complain(str(error))
        return UNUSABLE
    if where.alone and (where.url or where.person):
        complain("--sensor and --virtual are for a test without another Surefoot; leave --url and --person out.")
        return UNUSABLE
    if where.virtual is not None and not where.virtual.is_file():
        complain(f"{where.virtual}: there is no such recording.")
        return UNUSABLE

    async def work(settings: "Settings") -> int:
        from server.clinic.guide import Errand

        errand = Errand(chosen, where.person, unasked)
        return await _led(settings, errand, where, keep=options.get("data_dir") is not None)

    return guarded(options, work, keeps=where.alone)


async def _led(settings: "Settings", errand: "Errand", where: Where, *, keep: bool) -> int:
    from server.clinic.client import Client, RefusedError, UnreachableError
    from server.clinic.guide import FAILED, Guide
    from server.ending import stop_on_signals
    from server.terminal import complain

    with stop_on_signals() as stop:
        try:
            if not where.alone:
                client = Client(where.url or f"http://{settings.host}:{settings.port}", settings.token_text)
                return await Guide(client, errand, stop).lead()
            from sensing.ble import SensorTarget
            from server.clinic.alone import own_server
            from server.commands import facts_of
            from server.live import Wish

            asked = Wish(SensorTarget(where.sensor or None), where.label, facts_of(where.position, where.height_m))
            async with own_server(settings, asked, where.virtual, keep=keep) as client:
                return await Guide(client, errand, stop).lead()
        except (RefusedError, UnreachableError) as error:
            complain(str(error))
            return FAILED


def chosen_of(
    protocol: str, stance: str | None, course_length_m: float | None, hold_s: float | None, variant: str | None
) -> "Chosen":
    from server.clinic.run import Chosen

    return Chosen(protocol, stance, course_length_m, hold_s, variant)
