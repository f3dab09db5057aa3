/** A waveform's line: broken at holes, thinned to what a column of pixels can show. */

import type uPlot from "uplot";

/** A step of time longer than this many sample periods is a hole (the contract's 1.5 periods, and some rounding). */
const HOLE_PERIODS = 1.6;

/** Where a line is drawn: pixels of a time and of a value, and the longest step of time that is no hole. */
export interface TraceScale {
  left: number;
  xMin_s: number;
  perSecond: number;
  top: number;
  yMax: number;
  perUnit: number;
  hole_s: number;
}

export const holeOf_s = (dt_s: number): number => HOLE_PERIODS * dt_s;

type Pen = Pick<Path2D, "moveTo" | "lineTo">;

/** The line through samples `first` … `last`, which must be in order of time. */
export function trace(pen: Pen, time_s: Float64Array, values: Float32Array, first: number, last: number, scale: TraceScale): void {
  const { left, xMin_s, perSecond, top, yMax, perUnit, hole_s } = scale;
  let drawing = false;
  let before_s = -Infinity;
  let column = -1;
  let low = 0;
  let high = 0;
  for (let i = first; i <= last; i++) {
    const value = values[i] as number;
    const at_s = time_s[i] as number;
    if (drawing && (Number.isNaN(value) || at_s - before_s > hole_s)) {
      finishColumn(pen, column, low, high);
      drawing = false;
    }
    if (Number.isNaN(value)) continue;
    const x = Math.round(left + (at_s - xMin_s) * perSecond);
    const y = top + (yMax - value) * perUnit;
    if (!drawing) {
      pen.moveTo(x, y);
      drawing = true;
      column = x;
      low = high = y;
    } else if (x === column) {
      if (y < low) low = y;
      else if (y > high) high = y;
    } else {
      finishColumn(pen, column, low, high);
      pen.lineTo(x, y);
      column = x;
      low = high = y;
    }
    before_s = at_s;
  }
  if (drawing) finishColumn(pen, column, low, high);
}

function finishColumn(pen: Pen, column: number, low: number, high: number): void {
  if (high <= low) return;
  pen.lineTo(column, low);
  pen.lineTo(column, high);
}

/** uPlot's path builder for the samples of a ring; `dt_s` tells the present spacing of samples. */
export function traceBuilder(dt_s: () => number): uPlot.Series.PathBuilder {
  return (plot, seriesIndex, first, last) => {
    const stroke = new Path2D();
    const x = plot.scales["x"];
    const y = plot.scales[plot.series[seriesIndex]?.scale ?? ""];
    const xMin_s = x?.min ?? 0;
    const yMax = y?.max ?? 1;
    const { left, top, width, height } = plot.bbox;
    trace(stroke, plot.data[0] as unknown as Float64Array, plot.data[seriesIndex] as unknown as Float32Array, first, last, {
      left,
      xMin_s,
      perSecond: width / ((x?.max ?? 1) - xMin_s),
      top,
      yMax,
      perUnit: height / (yMax - (y?.min ?? 0)),
      hole_s: holeOf_s(dt_s()),
    });
    return { stroke, fill: null, clip: null, band: null, flags: 1 };
  };
}
