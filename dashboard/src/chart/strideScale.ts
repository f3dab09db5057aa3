/** The vertical scale of a strip of stride times. */

export interface StrideScale {
  low_s: number;
  high_s: number;
}

/** Less than this would make an even rhythm look restless. */
const LEAST_SPAN_S = 0.4;
const STEP_S = 0.1;
/** A stride beyond these parts of the median has a missed or a doubled contact in it; it is drawn at the edge. */
const FROM_MEDIAN = 0.5;
const TO_MEDIAN = 2;
const LINE_STEPS_S = [0.1, 0.2, 0.5, 1, 2];
const MOST_LINES = 4;

/** The scale that holds these stride times (s); null where there are none. A scale in use is kept while it fits. */
export function strideScale(strides_s: readonly number[], before: StrideScale | null): StrideScale | null {
  if (strides_s.length === 0) return before;
  const sorted = [...strides_s].sort((a, b) => a - b);
  const median_s = sorted[sorted.length >> 1] as number;
  const least_s = Math.max(sorted[0] as number, FROM_MEDIAN * median_s);
  const most_s = Math.min(sorted.at(-1) as number, TO_MEDIAN * median_s);
  const spare_s = Math.max(0, LEAST_SPAN_S - STEP_S - (most_s - least_s)) / 2;
  const low_s = STEP_S * Math.max(0, Math.floor((least_s - spare_s) / STEP_S + 1e-6));
  const high_s = Math.max(low_s + LEAST_SPAN_S, STEP_S * Math.ceil((most_s + spare_s) / STEP_S - 1e-6));
  const fits = before !== null && before.low_s <= least_s && before.high_s >= most_s;
  if (fits && before.high_s - before.low_s <= 1.6 * (high_s - low_s)) return before;
  return { low_s, high_s };
}

/** Where the scale's lines are drawn: round numbers inside it. */
export function scaleLines_s({ low_s, high_s }: StrideScale): number[] {
  const span_s = high_s - low_s;
  const step_s = LINE_STEPS_S.find((step) => span_s / step <= MOST_LINES) ?? 5;
  const lines: number[] = [];
  for (let k = Math.ceil(low_s / step_s + 1e-6); k * step_s < high_s - 1e-6; k++) lines.push(k * step_s);
  return lines;
}
