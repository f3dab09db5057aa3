/** How fast the trunk tilts and turns during a test, with the test's parts behind the lines and its beginning as zero. */

import { firstFrom } from "../live/marks";
import { PITCH, YAW } from "../wire/frame";
import { CanvasPlot } from "./canvasPlot";
import { holeOf_s, trace } from "./trace";
import type { StepMark } from "../live/marks";
import type { Waveform } from "../live/ring";
import type { TraceScale } from "./trace";
import type { ChartSource } from "./wavePlot";

const DEGREES = 180 / Math.PI;
/** Half a lane's height; the smallest that holds the signal is used. */
const HALF_LANES_DEGPS = [30, 60, 90, 120, 180, 240, 360, 720, 2000];
const LABEL_PX = 40;
const NUMBERS_PX = 22;
const AXIS_PX = 20;
const STEP_PX = 7;
const LEAST_TICK_PX = 44;
const TICKS_S = [1, 2, 5, 10, 20, 30, 60];

/** What is drawn besides the signal; the page changes it in place, so that no frame allocates. */
export interface TestScene {
  source: ChartSource;
  from_s: number;
  to_s: number;
  /** Zero of the axis: the beginning of the test, or null before there is one. */
  zero_s: number | null;
  parts: readonly { start_s: number; end_s: number | null }[];
  /** Numbered moments over the lines: repetitions. */
  moments: readonly number[];
  /** Rises with every change of the above. */
  version: number;
}

export type Lane = "pitch" | "yaw";
const CHANNEL = { pitch: PITCH, yaw: YAW } as const;

export class RatePlot extends CanvasPlot {
  private hasRates: boolean | null = null;
  private readonly scene: TestScene;
  private readonly lanes: readonly Lane[];
  private readonly halves_degps: number[];
  private drawnColumn = NaN;
  private drawnSamples = -1;
  private drawnMarks = -1;
  private drawnScene = -1;
  private readonly scale: TraceScale = { left: 0, xMin_s: 0, perSecond: 1, top: 0, yMax: 1, perUnit: 1, hole_s: 1 };

  private readonly onRates: (there: boolean) => void;

  /** `onRates` is told whether the samples shown carry rotation: those of a sensor without a gyroscope do not. */
  constructor(root: HTMLElement, scene: TestScene, lanes: readonly Lane[], onRates: (there: boolean) => void) {
    super(root);
    this.scene = scene;
    this.lanes = lanes;
    this.onRates = onRates;
    this.halves_degps = lanes.map(() => HALF_LANES_DEGPS[0] as number);
  }

  /** Draws again when the signal has moved on by a pixel or something else has changed. */
  draw(now_ms: number): void {
    const { scene } = this;
    const edge_s = scene.source.edge_s(now_ms);
    if (edge_s === null || this.canvas.width === 0) return;
    const column = Math.round(this.x(Math.min(edge_s, scene.to_s)));
    const samples = scene.source.version();
    const marks = scene.source.marks.version;
    const same =
      column === this.drawnColumn && marks === this.drawnMarks && scene.version === this.drawnScene && samples === this.drawnSamples;
    if (same && !this.outdated) return;
    this.drawnColumn = column;
    this.drawnSamples = samples;
    this.drawnMarks = marks;
    this.drawnScene = scene.version;
    this.outdated = false;
    this.paint(Math.min(edge_s, scene.to_s));
  }

  private x(at_s: number): number {
    const left = LABEL_PX * devicePixelRatio;
    return left + ((at_s - this.scene.from_s) / (this.scene.to_s - this.scene.from_s)) * (this.canvas.width - left);
  }

  private paint(edge_s: number): void {
    const { ctx, canvas } = this;
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    const px = devicePixelRatio;
    const top = NUMBERS_PX * px;
    const height = canvas.height - top - AXIS_PX * px;
    const wave = this.scene.source.waveform();
    const first = firstAt(wave, this.scene.from_s);
    const last = firstAt(wave, edge_s) - 1;
    this.parts(edge_s, top, height);
    this.axis(top + height);
    this.steps(edge_s, top + height);
    for (let i = 0; i < this.lanes.length; i++) {
      this.lane(i, wave, first, last, top + (i * height) / this.lanes.length, height / this.lanes.length);
    }
    if (last > first) this.tell(wave, first, last);
    this.moments(edge_s, top, height);
    if (edge_s < this.scene.from_s) return;
    ctx.globalAlpha = 0.5;
    ctx.fillStyle = this.palette.ink;
    ctx.fillRect(Math.round(this.x(edge_s)), top, px, height);
    ctx.globalAlpha = 1;
  }

  /** Every other part shaded, a line at each boundary, its number on top. */
  private parts(edge_s: number, top: number, height: number): void {
    const { ctx, palette, scene } = this;
    const px = devicePixelRatio;
    ctx.font = this.font(13);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (let i = 0; i < scene.parts.length; i++) {
      const part = scene.parts[i] as TestScene["parts"][number];
      const left = this.x(part.start_s);
      const right = this.x(Math.min(part.end_s ?? edge_s, edge_s));
      if (part.start_s > edge_s || right <= left) continue;
      ctx.fillStyle = palette.phase;
      if (i % 2 === 0) ctx.fillRect(left, top, right - left, height);
      ctx.fillStyle = palette.accent;
      ctx.fillRect(Math.round(left), top - 4 * px, px, height + 4 * px);
      if (part.end_s !== null && part.end_s <= edge_s) ctx.fillRect(Math.round(right), top - 4 * px, px, height + 4 * px);
      ctx.fillStyle = palette.ink;
      if (right - left > 9 * px) ctx.fillText(String(i + 1), (left + right) / 2, top / 2);
    }
  }

  private axis(bottom: number): void {
    const { ctx, palette, scene, canvas } = this;
    const px = devicePixelRatio;
    const perSecond = (canvas.width - LABEL_PX * px) / (scene.to_s - scene.from_s);
    const every_s = TICKS_S.find((step) => step * perSecond >= LEAST_TICK_PX * px) ?? 60;
    const zero_s = scene.zero_s ?? scene.from_s;
    ctx.font = this.font(12);
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    for (let k = Math.ceil((scene.from_s - zero_s) / every_s); zero_s + k * every_s <= scene.to_s; k++) {
      const x = Math.round(this.x(zero_s + k * every_s));
      ctx.fillStyle = palette.grid;
      ctx.fillRect(x, NUMBERS_PX * px, px, bottom - NUMBERS_PX * px);
      ctx.fillStyle = palette.text;
      const room = x > (LABEL_PX + 8) * px && x < canvas.width - 14 * px;
      if (room) ctx.fillText(k < 0 ? `−${-k * every_s} s` : `${k * every_s} s`, x, bottom + 4 * px);
    }
  }

  /** A short line at the foot of the chart for every step. */
  private steps(edge_s: number, bottom: number): void {
    const { ctx, palette } = this;
    const { steps } = this.scene.source.marks;
    const px = devicePixelRatio;
    ctx.fillStyle = palette.step;
    for (let i = firstFrom(steps, timeOf, this.scene.from_s); i < steps.length; i++) {
      const step = steps[i] as StepMark;
      if (step.time_s > edge_s) break;
      if (step.withdrawnAt_ms === null) ctx.fillRect(Math.round(this.x(step.time_s)), bottom - STEP_PX * px, 2 * px, STEP_PX * px);
    }
  }

  private lane(i: number, wave: Waveform, first: number, last: number, top: number, height: number): void {
    const { ctx, palette, scale, scene, canvas } = this;
    const px = devicePixelRatio;
    const lane = this.lanes[i] as Lane;
    const values = wave.channels[CHANNEL[lane]];
    const half_degps = this.fit(i, values, first, last);
    const middle = Math.round(top + height / 2);
    ctx.fillStyle = palette.grid;
    ctx.fillRect(LABEL_PX * px, middle, canvas.width, px);
    ctx.fillStyle = palette.text;
    ctx.font = this.font(11);
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillText("0", (LABEL_PX - 5) * px, middle);
    ctx.fillText(`${half_degps / 2}`, (LABEL_PX - 5) * px, top + height / 4);
    ctx.fillText(`−${half_degps / 2}`, (LABEL_PX - 5) * px, top + (3 * height) / 4);
    scale.left = LABEL_PX * px;
    scale.xMin_s = scene.from_s;
    scale.perSecond = (canvas.width - LABEL_PX * px) / (scene.to_s - scene.from_s);
    scale.top = top;
    scale.yMax = half_degps / DEGREES;
    scale.perUnit = height / (2 * scale.yMax);
    scale.hole_s = holeOf_s(scene.source.dt_s());
    ctx.strokeStyle = palette[lane];
    ctx.lineWidth = 1.25 * px;
    ctx.beginPath();
    trace(ctx, wave.time_s, values, first, last, scale);
    ctx.stroke();
  }

  /** The lane's scale, which only grows while the same signal is looked at. */
  private fit(i: number, values: Float32Array, first: number, last: number): number {
    let peak = 0;
    for (let k = first; k <= last; k++) {
      const size = Math.abs(values[k] as number);
      if (size > peak) peak = size;
    }
    const before = this.halves_degps[i] as number;
    if (peak * DEGREES > before) {
      this.halves_degps[i] = HALF_LANES_DEGPS.find((half) => half >= peak * DEGREES) ?? before;
    }
    return this.halves_degps[i] as number;
  }

  private tell({ channels }: Waveform, first: number, last: number): void {
    let there = false;
    for (let i = last; i >= first && !there; i--) there = !Number.isNaN(channels[PITCH][i] as number);
    if (there === this.hasRates) return;
    this.hasRates = there;
    this.onRates(there);
  }

  private moments(edge_s: number, top: number, height: number): void {
    const { ctx, palette, scene } = this;
    const px = devicePixelRatio;
    ctx.font = this.font(13);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (let i = 0; i < scene.moments.length; i++) {
      const at_s = scene.moments[i] as number;
      if (at_s > edge_s) break;
      const x = Math.round(this.x(at_s));
      ctx.fillStyle = palette.accent;
      ctx.fillRect(x, top - 4 * px, px, height + 4 * px);
      ctx.fillStyle = palette.ink;
      ctx.fillText(String(i + 1), x, top / 2 - 2 * px);
    }
  }
}

const timeOf = (step: StepMark): number => step.time_s;

/** Index of the first sample at or after `at_s`. */
function firstAt({ time_s }: Waveform, at_s: number): number {
  let low = 0;
  let high = time_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time_s[middle] as number) < at_s) low = middle + 1;
    else high = middle;
  }
  return low;
}
