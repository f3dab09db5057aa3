/** A waveform chart in the page, with its lanes labelled. */

import { useRef, useState } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import { usePlot } from "./usePlot";
import { WavePlot } from "./wavePlot";
import type { ChartSource } from "./wavePlot";

const LANES = [
  { name: "Up–down", className: "lane lane-up" },
  { name: "Side", className: "lane lane-side" },
  { name: "Forward", className: "lane lane-forward" },
];

interface Props {
  source: ChartSource;
  window_s: number;
  label: string;
  /** Spoken and shown when there is nothing to draw yet. */
  empty?: string | null;
}

export function WaveChart({ source, window_s, label, empty = null }: Props) {
  const [half_mps2, setHalf] = useState(8);
  const windowNow_s = useRef(window_s);
  windowNow_s.current = window_s;
  const root = usePlot((element) => new WavePlot(element, source, () => windowNow_s.current, setHalf), source);

  return (
    <div class="wave" role="img" aria-label={label}>
      <div class="wave-plot" ref={root} />
      <div class="lanes" aria-hidden="true">
        {LANES.map((lane) => (
          <span key={lane.name} class={lane.className}>
            <span>{lane.name}</span>
          </span>
        ))}
        <span class="lane-scale">each ±{half_mps2} m/s²</span>
      </div>
      {empty !== null && <p class="wave-empty">{empty}</p>}
    </div>
  );
}
