/** What is said about left and right. */

import { percent } from "../format";
import type { Pair, Sides } from "../wire/types";

export interface SidesShown {
  left_s: number;
  right_s: number;
  note: string;
  double_support: number | null;
}

/** Two sensors know the sides for certain and come first; one sensor only with its confidence; null is unknown. */
export function sidesShown(sides: Sides | null, pair: Pair | null): SidesShown | null {
  if (pair && pair.left_step_time_s !== null && pair.right_step_time_s !== null) {
    const from = pair.steps === null ? "" : ` Last ${pair.steps} steps.`;
    return {
      left_s: pair.left_step_time_s,
      right_s: pair.right_step_time_s,
      note: `Sides certain: two sensors.${from}`,
      double_support: pair.double_support,
    };
  }
  if (sides === null) return null;
  const { left_step_time_s: left_s, right_step_time_s: right_s, confidence, steps } = sides;
  const sure = confidence === null ? "How sure the sides are is not known." : `Sides ${percent(confidence)} sure.`;
  return { left_s, right_s, note: `${sure}${steps === null ? "" : ` Last ${steps} steps.`}`, double_support: null };
}
