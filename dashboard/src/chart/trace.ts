/** A waveform's line as uPlot draws it: broken at holes, thinned to what a column of pixels can show. */

import type uPlot from "uplot";

/** A step of time longer than this many sample periods is a hole (the contract's 1.5 periods, and some rounding). */
const HOLE_PERIODS = 1.6;

/** Path builder for the samples of a ring; `dt_s` tells the present spacing of samples. */
export function traceBuilder(dt_s: () => number): uPlot.Series.PathBuilder {
  return (plot, seriesIndex, first, last) => {
    const stroke = new Path2D();
    const time_s = plot.data[0] as unknown as Float64Array;
    const values = plot.data[seriesIndex] as unknown as Float32Array;
    const xScale = plot.scales["x"];
    const yScale = plot.scales[plot.series[seriesIndex]?.scale ?? ""];
    const xMin = xScale?.min ?? 0;
    const xMax = xScale?.max ?? 1;
    const yMin = yScale?.min ?? 0;
    const yMax = yScale?.max ?? 1;
    const { left, top, width, height } = plot.bbox;
    const perSecond = width / (xMax - xMin);
    const perUnit = height / (yMax - yMin);
    const hole_s = HOLE_PERIODS * dt_s();

    let drawing = false;
    let before_s = -Infinity;
    let column = -1;
    let low = 0;
    let high = 0;
    const finishColumn = (): void => {
      if (high <= low) return;
      stroke.lineTo(column, low);
      stroke.lineTo(column, high);
    };
    for (let i = first; i <= last; i++) {
      const value = values[i] as number;
      const at_s = time_s[i] as number;
      if (drawing && (Number.isNaN(value) || at_s - before_s > hole_s)) {
        finishColumn();
        drawing = false;
      }
      if (Number.isNaN(value)) continue;
      const x = Math.round(left + (at_s - xMin) * perSecond);
      const y = top + (yMax - value) * perUnit;
      if (!drawing) {
        stroke.moveTo(x, y);
        drawing = true;
        column = x;
        low = high = y;
      } else if (x === column) {
        if (y < low) low = y;
        else if (y > high) high = y;
      } else {
        finishColumn();
        stroke.lineTo(x, y);
        column = x;
        low = high = y;
      }
      before_s = at_s;
    }
    if (drawing) finishColumn();
    return { stroke, fill: null, clip: null, band: null, flags: 1 };
  };
}
