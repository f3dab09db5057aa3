"""Blocks that wait for their successors: many small ones cost far more to analyse than a few larger ones."""

from sensing.block import SampleBlock, joined

GATHER_S = 0.1  # a page draws ten waveform frames a second, so this is no delay that anybody could see


class Gatherer:
    """Nothing waits longer than GATHER_S for the next packet, and nothing at all where packets come that seldom.

    Events do not depend on it: they are the same however the stream is cut.
    """

    def __init__(self) -> None:
        self._blocks: list[SampleBlock] = []
        self._since_s = 0.0

    def add(self, block: SampleBlock, arrival_s: float) -> None:
        if not self._blocks:
            self._since_s = arrival_s
        self._blocks.append(block)

    @property
    def waiting(self) -> bool:
        return bool(self._blocks)

    def due(self, now_s: float, packet_period_s: float) -> bool:
        """Whether what waits would have waited for too long by the next packet."""
        return bool(self._blocks) and now_s - self._since_s + packet_period_s >= GATHER_S

    def take(self) -> list[SampleBlock]:
        """What waits, in as few blocks as possible."""
        blocks, self._blocks = self._blocks, []
        return joined(blocks)
