/** The minute around an alarm as a drawing: where things lie, in pixels. */

import { posturesOver } from "./figure";
import type { Stretch } from "./figure";
import type { Signal } from "../wire/alerts";

export const LEFT = 40;
export const RIGHT = 10;
export const NORM = { top: 26, bottom: 156 };
export const TILT = { top: 176, bottom: 246 };
export const FEET = 316;
export const HEIGHT = 344;

const LEAST_TOP_MPS2 = 20;
const MOST_TILT_DEG = 120;
/** A figure that lies needs so much room. */
const FIGURE_PX = 52;
const STEPS_S = [5, 10, 15, 30] as const;
const NARROW_PX = 520;

export interface Minute {
  width: number;
  x: (time_s: number) => number;
  /** The uppermost line of the acceleration, m/s². */
  most_mps2: number;
  yNorm: (value_mps2: number) => number;
  yTilt: (tilt_rad: number) => number;
  stretches: Stretch[];
  /** Seconds from the alarm that are named below. */
  named_s: readonly number[];
}

export const degrees = (tilt_rad: number): number => (tilt_rad * 180) / Math.PI;

export function minuteOf({ start_s, end_s, dt_s, norm_mps2, tilt_rad }: Signal, width: number): Minute {
  const most_mps2 = norm_mps2.reduce<number>((most, value) => Math.max(most, value ?? 0), LEAST_TOP_MPS2);
  const inner = width - LEFT - RIGHT;
  const every_s = STEPS_S.find((step_s) => (step_s / (end_s - start_s)) * inner >= FIGURE_PX) ?? 30;
  return {
    width,
    x: (time_s) => LEFT + ((time_s - start_s) / (end_s - start_s)) * inner,
    most_mps2,
    yNorm: (value) => NORM.bottom - (value / most_mps2) * (NORM.bottom - NORM.top),
    yTilt: (value) => TILT.bottom - (Math.min(MOST_TILT_DEG, degrees(value)) / MOST_TILT_DEG) * (TILT.bottom - TILT.top),
    stretches: posturesOver(tilt_rad, start_s, dt_s, every_s),
    named_s: width < NARROW_PX ? [-30, -15, 0, 15, 30] : [-30, -20, -10, 0, 10, 20, 30],
  };
}

/** A path through what is known; it breaks where nothing is. */
export function pathOf(values: readonly (number | null)[], at: (index: number) => number, y: (value: number) => number): string {
  let path = "";
  let pen = false;
  values.forEach((value, index) => {
    if (value !== null) path += `${pen ? "L" : "M"}${at(index).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = value !== null;
  });
  return path;
}
