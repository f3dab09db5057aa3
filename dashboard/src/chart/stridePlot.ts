/** The strip of stride times: one dot per stride over the last minutes, turns as bands, pauses as gaps. */

import { FADE_MS, firstFrom } from "../live/marks";
import { CanvasPlot } from "./canvasPlot";
import { drawMarker, strength } from "./overlay";
import { scaleLines_s, strideScale } from "./strideScale";
import type { BoutMark, StepMark } from "../live/marks";
import type { StrideScale } from "./strideScale";
import type { ChartSource } from "./wavePlot";

export const STRIP_WINDOW_S = 120;

const DOT_PX = 3;
const EDGE_PX = 5;
const LABEL_PX = 34;

export class StridePlot extends CanvasPlot {
  private scale: StrideScale | null = null;
  private drawnColumn = NaN;
  private drawnVersion = -1;
  private edge_s = 0;
  private readonly source: ChartSource;

  constructor(root: HTMLElement, source: ChartSource) {
    super(root);
    this.source = source;
  }

  /** Draws again when the strip has moved on by a pixel or a mark has changed: a few times a second. */
  draw(now_ms: number): void {
    const edge_s = this.source.edge_s(now_ms);
    if (edge_s === null || this.canvas.width === 0) return;
    const { marks } = this.source;
    const column_s = STRIP_WINDOW_S / this.plotWidth();
    const column = Math.round(edge_s / column_s);
    const fading = now_ms < marks.fadingUntil_ms + FADE_MS;
    const same = column === this.drawnColumn && marks.version === this.drawnVersion;
    if (same && !fading && !this.outdated) return;
    this.drawnColumn = column;
    this.drawnVersion = marks.version;
    this.outdated = false;
    this.edge_s = column * column_s;
    this.paint(now_ms);
  }

  private left(): number {
    return LABEL_PX * devicePixelRatio;
  }

  private plotWidth(): number {
    return Math.max(1, this.canvas.width - this.left());
  }

  private x(time_s: number): number {
    return this.left() + this.plotWidth() * (1 - (this.edge_s - time_s) / STRIP_WINDOW_S);
  }

  private paint(now_ms: number): void {
    const { ctx, canvas, palette } = this;
    const { marks } = this.source;
    const from_s = this.edge_s - STRIP_WINDOW_S;
    const seen: StepMark[] = [];
    for (let i = firstFrom(marks.steps, (step) => step.time_s, from_s); i < marks.steps.length; i++) {
      const step = marks.steps[i] as StepMark;
      if (step.time_s > this.edge_s) break;
      if (step.stride_s !== null) seen.push(step);
    }
    this.scale = strideScale(seen.map((step) => step.stride_s as number), this.scale);
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    this.bands(marks.bouts, palette.bout);
    const open = this.source.openBout();
    if (open) this.bands([open], palette.bout);
    this.bands(this.source.gaps(), palette.gap);
    this.bands(marks.turns, palette.turnBand);
    if (!this.scale) return;
    this.lines(this.scale);
    for (const step of seen) this.dot(step, this.scale, strength(step, now_ms));
    ctx.globalAlpha = 1;
  }

  private bands(spans: readonly BoutMark[], colour: string): void {
    const { ctx, canvas } = this;
    ctx.fillStyle = colour;
    for (const { start_s, end_s } of spans) {
      if (end_s < this.edge_s - STRIP_WINDOW_S || start_s > this.edge_s) continue;
      const left = Math.max(this.left(), this.x(start_s));
      const right = Math.min(canvas.width, this.x(end_s));
      ctx.fillRect(left, 0, Math.max(devicePixelRatio, right - left), canvas.height);
    }
  }

  private y(stride_s: number, { low_s, high_s }: StrideScale): number {
    const edge = EDGE_PX * devicePixelRatio;
    const share = Math.min(1, Math.max(0, (stride_s - low_s) / (high_s - low_s)));
    return edge + (this.canvas.height - 2 * edge) * (1 - share);
  }

  private lines(scale: StrideScale): void {
    const { ctx, canvas, palette } = this;
    const px = devicePixelRatio;
    ctx.strokeStyle = palette.grid;
    ctx.lineWidth = px;
    ctx.fillStyle = palette.text;
    ctx.font = palette.font.replace(/^\d+/, String(11 * px));
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    for (const line_s of scaleLines_s(scale)) {
      const y = Math.round(this.y(line_s, scale)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(this.left(), y);
      ctx.lineTo(canvas.width, y);
      ctx.stroke();
      ctx.fillText(`${line_s.toFixed(1)} s`, this.left() - 4 * px, y);
    }
  }

  /** A stride beyond the scale is hollow at its edge: something was missed there. */
  private dot(step: StepMark, scale: StrideScale, alpha: number): void {
    const { ctx, palette } = this;
    const stride_s = step.stride_s as number;
    const x = this.x(step.time_s);
    const y = this.y(stride_s, scale);
    ctx.globalAlpha = alpha;
    ctx.fillStyle = ctx.strokeStyle = palette.step;
    const size = DOT_PX * devicePixelRatio;
    if (stride_s >= scale.low_s && stride_s <= scale.high_s) {
      drawMarker(ctx, x, y, size, step.side);
      return;
    }
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.arc(x, y, 0.8 * size, 0, 2 * Math.PI);
    ctx.stroke();
  }
}
