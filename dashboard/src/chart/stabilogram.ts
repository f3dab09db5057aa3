/** Sway seen from above: sideways against forward, the newest seconds strong, with the ellipse of 95 %. */

import { SwayTrace } from "../watch/sway";
import { CanvasPlot } from "./canvasPlot";
import type { Ellipse } from "../watch/sway";
import type { ChartSource } from "./wavePlot";

/** Half the width of the drawing; the smallest that holds the trace is used. */
const HALVES_MPS2 = [0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8];
const STRONG_S = 2;
const LONGEST_S = 120;
const LABEL_PX = 18;
const RINGS = [0.5, 1];
const DISTURBED_PX = 6;
const TELL_EVERY_MS = 500;

/** What is drawn; the page changes it in place. */
export interface SwayScene {
  source: ChartSource;
  /** Beginning of the hold, null before there is one. */
  start_s: number | null;
  /** End of the hold, null while it goes on. */
  end_s: number | null;
  /** The stretch that the ellipse is of: the undisturbed one so far. */
  ellipseFrom_s: number;
  ellipseTo_s: number;
  /** Moments at which balance was lost or a foot moved. */
  disturbed_s: readonly number[];
  version: number;
}

export class Stabilogram extends CanvasPlot {
  private area_m2ps4: number | null = null;
  private told_m2ps4: number | null = null;
  private told_ms = -Infinity;
  private half_mps2 = 0.3;
  private middleMl_mps2 = 0;
  private middleAp_mps2 = 0;
  private drawn_s = NaN;
  private drawnSamples = -1;
  private drawnScene = -1;
  private readonly scene: SwayScene;
  private readonly sway = new SwayTrace(LONGEST_S);
  private readonly shape: Ellipse = { ml_mps2: 0, ap_mps2: 0, a_mps2: 0, b_mps2: 0, angle_rad: 0, area_m2ps4: 0 };

  private readonly onArea: (area_m2ps4: number | null) => void;

  /** `onArea` is told the area of the ellipse as drawn, null while there is too little to draw one of. */
  constructor(root: HTMLElement, scene: SwayScene, onArea: (area_m2ps4: number | null) => void) {
    super(root);
    this.scene = scene;
    this.onArea = onArea;
  }

  draw(now_ms: number): void {
    const { scene } = this;
    const edge_s = scene.source.edge_s(now_ms);
    if (edge_s === null || this.canvas.width === 0) return;
    const samples = scene.source.version();
    const same = edge_s === this.drawn_s && samples === this.drawnSamples && scene.version === this.drawnScene;
    if (same && !this.outdated) {
      this.tell(this.area_m2ps4, now_ms);
      return;
    }
    this.drawn_s = edge_s;
    this.drawnSamples = samples;
    this.drawnScene = scene.version;
    this.outdated = false;
    this.area_m2ps4 = this.paint(Math.min(edge_s, scene.end_s ?? edge_s));
    this.tell(this.area_m2ps4, now_ms);
  }

  private tell(area_m2ps4: number | null, now_ms: number): void {
    const gone = area_m2ps4 === null;
    if (area_m2ps4 === this.told_m2ps4 || (!gone && now_ms - this.told_ms < TELL_EVERY_MS)) return;
    this.told_m2ps4 = area_m2ps4;
    this.told_ms = now_ms;
    this.onArea(area_m2ps4);
  }

  /** Gives the ellipse's area. */
  private paint(to_s: number): number | null {
    const { ctx, canvas, scene } = this;
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    if (scene.start_s === null || to_s <= scene.start_s) {
      this.grid();
      return null;
    }
    this.sway.follow(scene.source.waveform(), scene.start_s, to_s);
    this.fit();
    this.grid();
    this.line(scene.start_s, to_s - STRONG_S, 0.35, 1);
    this.line(to_s - STRONG_S, to_s, 1, 2);
    this.disturbances(to_s);
    if (!this.sway.ellipse(scene.ellipseFrom_s, Math.min(to_s, scene.ellipseTo_s), this.shape)) return null;
    this.ellipse();
    return this.shape.area_m2ps4;
  }

  /** The mean into the middle, and the smallest scale that holds all. */
  private fit(): void {
    const { ml_mps2, ap_mps2, count } = this.sway;
    if (count === 0) return;
    let ml = 0;
    let ap = 0;
    for (let i = 0; i < count; i++) {
      ml += ml_mps2[i] as number;
      ap += ap_mps2[i] as number;
    }
    this.middleMl_mps2 = ml / count;
    this.middleAp_mps2 = ap / count;
    let most = 0;
    for (let i = 0; i < count; i++) {
      const sideways = Math.abs((ml_mps2[i] as number) - this.middleMl_mps2);
      const forward = Math.abs((ap_mps2[i] as number) - this.middleAp_mps2);
      if (sideways > most) most = sideways;
      if (forward > most) most = forward;
    }
    this.half_mps2 = HALVES_MPS2.at(-1) as number;
    for (let i = HALVES_MPS2.length - 1; i >= 0 && (HALVES_MPS2[i] as number) >= most; i--) {
      this.half_mps2 = HALVES_MPS2[i] as number;
    }
  }

  private radius(): number {
    return Math.max(1, Math.min(this.canvas.width, this.canvas.height) / 2 - LABEL_PX * devicePixelRatio);
  }

  /** The wearer's left is on the left. */
  private x(ml_mps2: number): number {
    return this.canvas.width / 2 - ((ml_mps2 - this.middleMl_mps2) / this.half_mps2) * this.radius();
  }

  private y(ap_mps2: number): number {
    return this.canvas.height / 2 - ((ap_mps2 - this.middleAp_mps2) / this.half_mps2) * this.radius();
  }

  private grid(): void {
    const { ctx, canvas, palette } = this;
    const px = devicePixelRatio;
    const radius = this.radius();
    const x = canvas.width / 2;
    const y = canvas.height / 2;
    ctx.strokeStyle = palette.grid;
    ctx.lineWidth = px;
    ctx.beginPath();
    for (const part of RINGS) {
      ctx.moveTo(x + radius * part, y);
      ctx.arc(x, y, radius * part, 0, 2 * Math.PI);
    }
    ctx.moveTo(x - radius, y);
    ctx.lineTo(x + radius, y);
    ctx.moveTo(x, y - radius);
    ctx.lineTo(x, y + radius);
    ctx.stroke();
    ctx.fillStyle = palette.text;
    ctx.font = this.font(12);
    ctx.textBaseline = "middle";
    ctx.textAlign = "center";
    ctx.fillText("forward", x, y - radius - 9 * px);
    ctx.fillText("back", x, y + radius + 9 * px);
    ctx.textAlign = "right";
    ctx.fillText("left", Math.max(26 * px, x - radius - 5 * px), y);
    ctx.textAlign = "left";
    ctx.fillText("right", Math.min(canvas.width - 32 * px, x + radius + 5 * px), y);
    ctx.fillText(`ring: ${this.half_mps2} m/s²`, 4 * px, canvas.height - 9 * px);
  }

  private line(from_s: number, to_s: number, alpha: number, width: number): void {
    const { ctx, sway, palette } = this;
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = palette.accent;
    ctx.lineWidth = width * devicePixelRatio;
    ctx.lineJoin = "round";
    ctx.beginPath();
    let drawing = false;
    for (let i = 0; i < sway.count && (sway.time_s[i] as number) <= to_s; i++) {
      if ((sway.time_s[i] as number) < from_s) continue;
      const x = this.x(sway.ml_mps2[i] as number);
      const y = this.y(sway.ap_mps2[i] as number);
      if (drawing) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
      drawing = true;
    }
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  /** A square where balance was lost or a foot moved. */
  private disturbances(to_s: number): void {
    const { ctx, sway, palette, scene } = this;
    const size = DISTURBED_PX * devicePixelRatio;
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 2 * devicePixelRatio;
    for (const at_s of scene.disturbed_s) {
      let i = 0;
      while (i < sway.count && (sway.time_s[i] as number) < at_s) i++;
      if (i === sway.count || at_s > to_s) continue;
      ctx.strokeRect(this.x(sway.ml_mps2[i] as number) - size / 2, this.y(sway.ap_mps2[i] as number) - size / 2, size, size);
    }
  }

  private ellipse(): void {
    const { ctx, palette, shape } = this;
    const perUnit = this.radius() / this.half_mps2;
    ctx.strokeStyle = palette.ink;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.beginPath();
    // Sideways is drawn to the left and forward upwards: both axes of the canvas are turned over, angles stay.
    ctx.ellipse(
      this.x(shape.ml_mps2),
      this.y(shape.ap_mps2),
      shape.a_mps2 * perUnit,
      shape.b_mps2 * perUnit,
      shape.angle_rad,
      0,
      2 * Math.PI,
    );
    ctx.stroke();
  }
}
