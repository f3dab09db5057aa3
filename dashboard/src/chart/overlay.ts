/** What lies behind and over the traces: bouts as shading, turns as bars, steps as ticks that fade when withdrawn. */

import type uPlot from "uplot";
import { FADE_MS, firstFrom } from "../live/marks";
import { turnSign } from "../words";
import type { BoutMark, Marks, StepMark, TurnMark } from "../live/marks";
import type { Palette } from "./palette";

const MARKER_PX = 5;
const TURN_BAR_PX = 4;

function xOf(plot: uPlot, time_s: number): number {
  return plot.valToPos(time_s, "x", true);
}

function span(plot: uPlot): { from_s: number; to_s: number } {
  const scale = plot.scales["x"];
  return { from_s: scale?.min ?? 0, to_s: scale?.max ?? 0 };
}

function shade(plot: uPlot, from_s: number, to_s: number): void {
  const seen = span(plot);
  if (to_s <= seen.from_s || from_s >= seen.to_s) return;
  const left = Math.max(plot.bbox.left, xOf(plot, from_s));
  const right = Math.min(plot.bbox.left + plot.bbox.width, xOf(plot, to_s));
  plot.ctx.fillRect(left, plot.bbox.top, Math.max(1, right - left), plot.bbox.height);
}

/** Behind the traces: where somebody walked, and where nothing was received. */
export function drawShading(
  plot: uPlot,
  marks: Marks,
  openBout: BoutMark | null,
  gaps: readonly BoutMark[],
  palette: Palette,
): void {
  plot.ctx.save();
  plot.ctx.fillStyle = palette.bout;
  for (const bout of marks.bouts) shade(plot, bout.start_s, bout.end_s);
  if (openBout) shade(plot, openBout.start_s, openBout.end_s);
  plot.ctx.fillStyle = palette.gap;
  for (const gap of gaps) shade(plot, gap.start_s, gap.end_s);
  plot.ctx.restore();
}

/** Along the lower edge: where somebody turned, with direction and angle. */
export function drawTurns(plot: uPlot, turns: readonly TurnMark[], palette: Palette): void {
  const { ctx, bbox } = plot;
  const seen = span(plot);
  const px = devicePixelRatio;
  ctx.save();
  ctx.fillStyle = palette.turn;
  ctx.font = palette.font.replace(/^\d+/, String(12 * px));
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  const bottom = bbox.top + bbox.height;
  for (let i = turns.length - 1; i >= 0; i--) {
    const turn = turns[i] as TurnMark;
    if (turn.end_s < seen.from_s - (seen.to_s - seen.from_s)) break;
    if (turn.end_s <= seen.from_s || turn.start_s >= seen.to_s) continue;
    const left = Math.max(bbox.left, xOf(plot, turn.start_s));
    const right = Math.min(bbox.left + bbox.width, xOf(plot, turn.end_s));
    ctx.fillRect(left, bottom - TURN_BAR_PX * px, Math.max(px, right - left), TURN_BAR_PX * px);
    ctx.fillText(turnSign(turn.angle_rad), left, bottom - (TURN_BAR_PX + 1) * px);
  }
  ctx.restore();
}

/** The sign of one contact: it points to the foot's side, a dot where the side is not known. */
export function drawMarker(
  ctx: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  side: StepMark["side"],
): void {
  ctx.beginPath();
  if (side === null) {
    ctx.arc(x, y, 0.6 * size, 0, 2 * Math.PI);
  } else {
    const toSide = side === "left" ? -size : size;
    ctx.moveTo(x - toSide / 2, y - size);
    ctx.lineTo(x + toSide, y);
    ctx.lineTo(x - toSide / 2, y + size);
  }
  ctx.fill();
}

/** How strongly a step is drawn: withdrawn ones fade away, undecided and non-walking ones are faint. */
export function strength(step: StepMark, now_ms: number): number {
  const certain = step.walking === true ? 1 : 0.55;
  if (step.withdrawnAt_ms === null) return certain;
  return certain * Math.max(0, 1 - (now_ms - step.withdrawnAt_ms) / FADE_MS);
}

/** Over the traces: one thin line per step with a marker that points to the foot's side. */
export function drawSteps(plot: uPlot, marks: Marks, now_ms: number, palette: Palette): void {
  const { ctx, bbox } = plot;
  const seen = span(plot);
  const px = devicePixelRatio;
  const size = MARKER_PX * px;
  ctx.save();
  ctx.lineWidth = px;
  for (let i = firstFrom(marks.steps, (step) => step.time_s, seen.from_s); i < marks.steps.length; i++) {
    const step = marks.steps[i] as StepMark;
    if (step.time_s > seen.to_s) break;
    const alpha = strength(step, now_ms);
    if (alpha === 0) continue;
    const x = Math.round(xOf(plot, step.time_s)) + 0.5;
    ctx.globalAlpha = 0.45 * alpha;
    ctx.strokeStyle = palette.step;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top + size);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = alpha;
    ctx.fillStyle = palette.step;
    drawMarker(ctx, x, bbox.top + size, size, step.side);
  }
  ctx.restore();
}
