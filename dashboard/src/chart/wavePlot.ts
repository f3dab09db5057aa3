/** One uPlot chart of three channels, each in its own lane of equal height and equal scale. */

import uPlot from "uplot";
import { clockTime } from "../format";
import { FADE_MS } from "../live/marks";
import { drawShading, drawSteps, drawTurns } from "./overlay";
import { readPalette } from "./palette";
import { traceBuilder } from "./trace";
import { AP, V } from "../wire/frame";
import type { BoutMark, Marks } from "../live/marks";
import type { Waveform } from "../live/ring";
import type { Palette } from "./palette";
import type { Plot } from "./usePlot";

/** What a chart shows; live streams and recordings both are one. */
export interface ChartSource {
  waveform(): Waveform;
  dt_s(): number;
  marks: Marks;
  openBout(): BoutMark | null;
  gaps(): readonly BoutMark[];
  /** Session time at the right edge, or null while there is nothing to show. */
  edge_s(now_ms: number): number | null;
  /** Until when forward and left were not certain; null where they always were. */
  uncertainUntil_s(): number | null;
  /** Rises when the samples changed. */
  version(): number;
}

const LANES = ["up", "side", "forward"] as const;
/** Half a lane's height in m/s²; the smallest that holds the signal is used. */
const HALF_LANES_MPS2 = [2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128];
/** A peak may reach this far into the neighbouring lane: better than a flat signal because of one jolt. */
const OVERREACH = 1.25;
const LOOK_AT_HEIGHT_EVERY_MS = 250;
const SHRINK_AFTER_MS = 6000;
/** Six charts of 1.5 px lines took 67 % of a core where no graphics card helps; lines of one pixel take 25 %. */
const LINE_PX = 1;
const TIME_AXIS_PX = 24;
const LABEL_HALF_PX = 18;

/** Lanes are stacked by giving every channel a scale that puts its zero into the middle of its own third. */
function laneRange(lane: number, half_mps2: number): [number, number] {
  return [-half_mps2 * (5 - 2 * lane), half_mps2 * (1 + 2 * lane)];
}

/** A label that would be cut off at the chart's edge is left out. */
function fits(plot: uPlot, time_s: number): boolean {
  const { min = 0, max = 1 } = plot.scales["x"] ?? {};
  const margin_s = ((max - min) * LABEL_HALF_PX) / Math.max(1, plot.width);
  return time_s >= 0 && time_s > min + margin_s && time_s < max - margin_s;
}

export class WavePlot implements Plot {
  half_mps2 = 8;
  private plot: uPlot;
  private palette: Palette;
  private drawn = "";
  private lookedAt_ms = -Infinity;
  private roomySince_ms: number | null = null;
  private now_ms = 0;
  private fitted = false;
  private readonly root: HTMLElement;
  private readonly source: ChartSource;
  private readonly window_s: () => number;
  private readonly onScale: (half_mps2: number) => void;

  /** `onScale` is told half the height of a lane whenever it changes. */
  constructor(root: HTMLElement, source: ChartSource, window_s: () => number, onScale: (half_mps2: number) => void) {
    this.root = root;
    this.source = source;
    this.window_s = window_s;
    this.onScale = onScale;
    this.palette = readPalette(root);
    this.plot = this.build();
  }

  /** Draws the window that ends at the source's edge, if anything changed since the last time. */
  draw(now_ms: number): void {
    const window_s = this.window_s();
    const edge_s = this.source.edge_s(now_ms);
    if (edge_s === null) return;
    const { marks } = this.source;
    const fading = now_ms < marks.fadingUntil_ms + FADE_MS;
    const open = this.source.openBout();
    const state = `${edge_s.toFixed(3)}|${this.source.version()}|${marks.version}|${window_s}|${open?.end_s}`;
    if (!fading && state === this.drawn) return;
    this.drawn = state;
    this.now_ms = now_ms;
    const waveform = this.source.waveform();
    const [v, ml, ap] = waveform.channels;
    if (now_ms - this.lookedAt_ms > LOOK_AT_HEIGHT_EVERY_MS) this.fitHeight(now_ms, waveform, edge_s - window_s, edge_s);
    this.plot.batch(() => {
      this.plot.setData([waveform.time_s, v, ml, ap], false);
      LANES.forEach((lane, i) => {
        const [min, max] = laneRange(i, this.half_mps2);
        const scale = this.plot.scales[lane];
        if (scale?.min !== min || scale.max !== max) this.plot.setScale(lane, { min, max });
      });
      this.plot.setScale("x", { min: edge_s - window_s, max: edge_s });
    });
  }

  resize(width: number, height: number): void {
    if (width > 0 && height > 0) this.plot.setSize({ width, height });
    this.drawn = "";
  }

  /** Reads the colours again after the theme changed. */
  recolour(): void {
    this.palette = readPalette(this.root);
    this.plot.destroy();
    this.plot = this.build();
    this.drawn = "";
  }

  destroy(): void {
    this.plot.destroy();
  }

  private build(): uPlot {
    const lane = (i: number): uPlot.Series => ({
      scale: LANES[i] as string,
      stroke: this.palette.channels[i] as string,
      width: LINE_PX,
      paths: traceBuilder(() => this.source.dt_s()),
      points: { show: false },
    });
    const scale = (i: number): uPlot.Scale => {
      const [min, max] = laneRange(i, this.half_mps2);
      return { auto: false, range: (_plot, low, high) => [low ?? min, high ?? max], min, max };
    };
    const options: uPlot.Options = {
      width: Math.max(1, this.root.clientWidth),
      height: Math.max(1, this.root.clientHeight),
      padding: [2, 0, 0, 0],
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, auto: false, range: (_plot, low, high) => [low ?? 0, high ?? 1] },
        up: scale(0),
        side: scale(1),
        forward: scale(2),
      },
      series: [{}, lane(0), lane(1), lane(2)],
      axes: [
        {
          size: TIME_AXIS_PX,
          gap: 4,
          space: 56,
          incrs: [1, 2, 5, 10, 15, 30, 60],
          font: this.palette.font,
          stroke: this.palette.text,
          grid: { stroke: this.palette.grid, width: 1 },
          ticks: { show: false },
          values: (plot, splits) => splits.map((split) => (fits(plot, split) ? clockTime(split) : "")),
        },
        ...LANES.map((name): uPlot.Axis => ({
          scale: name,
          size: 0,
          gap: 0,
          values: () => [],
          splits: () => [0],
          grid: { stroke: this.palette.grid, width: 1 },
          ticks: { show: false },
        })),
      ],
      hooks: {
        drawClear: [
          (plot) => drawShading(plot, this.source.marks, this.source.openBout(), this.source.gaps(), this.palette),
        ],
        draw: [
          (plot) => {
            drawTurns(plot, this.source.marks.turns, this.palette);
            drawSteps(plot, this.source.marks, this.now_ms, this.palette);
          },
        ],
      },
    };
    return new uPlot(options, [[], [], [], []], this.root);
  }

  private fitHeight(now_ms: number, waveform: Waveform, from_s: number, to_s: number): void {
    this.lookedAt_ms = now_ms;
    let peak_mps2 = 0;
    for (let i = waveform.time_s.length - 1; i >= 0; i--) {
      const at_s = waveform.time_s[i] as number;
      if (at_s > to_s) continue;
      if (at_s < from_s) break;
      for (let c = V; c <= AP; c++) {
        const size_mps2 = Math.abs((waveform.channels[c] as Float32Array)[i] as number);
        if (size_mps2 > peak_mps2) peak_mps2 = size_mps2;
      }
    }
    const half_mps2 = HALF_LANES_MPS2.find((half) => OVERREACH * half >= peak_mps2) ?? (HALF_LANES_MPS2.at(-1) as number);
    if (half_mps2 < this.half_mps2 && this.fitted) {
      this.roomySince_ms ??= now_ms;
      if (now_ms - this.roomySince_ms < SHRINK_AFTER_MS) return;
    }
    this.roomySince_ms = null;
    this.fitted = waveform.time_s.length > 0;
    if (half_mps2 === this.half_mps2) return;
    this.half_mps2 = half_mps2;
    this.onScale(half_mps2);
  }
}
