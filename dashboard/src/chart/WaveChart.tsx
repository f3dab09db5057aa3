/** A waveform chart in the page: sizes itself, draws in the common loop while it can be seen, labels its lanes. */

import { useEffect, useRef, useState } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import { onThemeChange } from "../theme";
import { drawSoon, onEachFrame } from "./loop";
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
  const root = useRef<HTMLDivElement>(null);
  const [half_mps2, setHalf] = useState(8);
  const windowNow_s = useRef(window_s);
  windowNow_s.current = window_s;

  useEffect(() => {
    const element = root.current as HTMLDivElement;
    const plot = new WavePlot(element, source, setHalf);
    let seen = true;
    const stopDrawing = onEachFrame((now_ms) => {
      if (seen) plot.draw(now_ms, windowNow_s.current);
    });
    const size = new ResizeObserver(() => {
      plot.resize(element.clientWidth, element.clientHeight);
      drawSoon();
    });
    size.observe(element);
    const sight = new IntersectionObserver((entries) => {
      seen = entries.at(-1)?.isIntersecting ?? true;
    });
    sight.observe(element);
    const stopTheme = onThemeChange(() => {
      plot.recolour();
      drawSoon();
    });
    return () => {
      stopDrawing();
      stopTheme();
      size.disconnect();
      sight.disconnect();
      plot.destroy();
    };
  }, [source]);

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
