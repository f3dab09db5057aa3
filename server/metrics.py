"""Counters and histograms for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

LATENCY_BUCKETS_S = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1.0)
CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """One set of metrics in a registry of its own: two servers in one process do not mix theirs."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.packets = Counter("surefoot_packets", "Packets received from sensors", registry=self.registry)
        self.samples = Counter("surefoot_samples", "Samples decoded", registry=self.registry)
        self.lost_samples = Counter("surefoot_lost_samples", "Samples that never arrived", registry=self.registry)
        self.events = Counter("surefoot_events", "Events published", ["kind"], registry=self.registry)
        self.clients = Gauge("surefoot_websocket_clients", "Live pages connected", registry=self.registry)
        self.dropped_waveforms = Counter(
            "surefoot_dropped_waveform_frames", "Waveform frames dropped for slow clients", registry=self.registry
        )
        self.overflowed_clients = Counter(
            "surefoot_overflowed_clients", "Live pages closed because their events piled up", registry=self.registry
        )
        self.packet_to_publish = Histogram(
            "surefoot_packet_to_publish_seconds",
            "From the arrival of a packet until everything it brought out is with the hub",
            buckets=LATENCY_BUCKETS_S,
            registry=self.registry,
        )
        self.sensors = Gauge("surefoot_sensors", "Sensors looked after", ["state"], registry=self.registry)
        self.storage_fault = Gauge("surefoot_storage_fault", "1 while the disk refuses", registry=self.registry)

    def text(self) -> bytes:
        """The page that Prometheus reads."""
        return generate_latest(self.registry)
