"""The catalogue: every test that can be chosen, in the order it is offered."""

from collections.abc import Mapping

from server.clinic.chairs import CHAIRS, TUG
from server.clinic.protocol import Protocol, Said
from server.clinic.stances import STANCE
from server.clinic.walks import WALKS

PROTOCOLS: tuple[Protocol, ...] = (TUG, *WALKS, *CHAIRS[1:], STANCE)
BY_ID: Mapping[str, Protocol] = {protocol.id: protocol for protocol in PROTOCOLS}


def instruction(protocol: Protocol, key: str, variants: Mapping[str, object], stance: str | None) -> Said:
    """An instruction's wording for what was chosen: a stance is described where one is told to stand."""
    said = protocol.said(key, variants)
    if key != protocol.start or stance is None:
        return said
    how = next(one.how for one in protocol.stances if one.id == stance)
    return Said(f"{how} {said.text}", f"{how} {said.say}")
