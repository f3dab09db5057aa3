/** A live stream as a chart's source. */

import type { ChartSource } from "../chart/wavePlot";
import type { LiveStore } from "./store";
import type { LiveStream } from "./stream";

export function liveSource(live: LiveStream, store: LiveStore): ChartSource {
  return {
    waveform: () => live.waveform(),
    dt_s: () => live.ring.dt_s,
    marks: live.marks,
    openBout: () => live.openBout(),
    gaps: () => [],
    edge_s: (now_ms) => live.edge_s(now_ms, store.freshness === "fresh"),
    uncertainUntil_s: () => live.uncertainUntil_s,
    version: () => live.ring.version,
  };
}
