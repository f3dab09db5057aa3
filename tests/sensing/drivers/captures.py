"""Reads the packets kept in tests/captures."""

from pathlib import Path

CAPTURES = Path(__file__).parents[2] / "captures"


def packets(name: str) -> list[bytes]:
    """The packets of a capture, in order."""
    lines = (CAPTURES / f"{name}.hex").read_text().splitlines()
    return [bytes.fromhex(line) for line in lines if line and not line.startswith("#")]
