/** A day's figure against what is usual for this person. */

import type { Day, Usual } from "../wire/people";

/** Less recorded than this is no day to compare; the server leaves such days out of what is usual, too. */
export const LEAST_RECORDED_S = 3600;

export type Standing =
  | "unknown" // no figure, or nothing to compare it with
  | "short" // too little recorded to compare
  | "so far" // the day is not over
  | "below"
  | "within"
  | "above";

/** Where the day's figure stands; low and high are the quartiles of the days before. */
export function standing(value: number | null, usual: Usual | null, recorded_s: number, isToday: boolean): Standing {
  if (value === null || usual === null) return "unknown";
  if (recorded_s < LEAST_RECORDED_S) return "short";
  // What grows during the day can only be said to be more than usual before it is over.
  if (value > usual.high) return "above";
  if (isToday) return "so far";
  return value < usual.low ? "below" : "within";
}

/** What a figure measures, for the words that compare it. */
export type Kind = "amount" | "duration" | "speed";

const MORE: Record<Kind, [less: string, more: string]> = {
  amount: ["Less", "More"],
  duration: ["Shorter", "Longer"],
  speed: ["Slower", "Faster"],
};

export function standingWords(it: Standing, kind: Kind): string {
  const [less, more] = MORE[kind];
  switch (it) {
    case "unknown":
      return "";
    case "short":
      return "Too little recorded to compare.";
    case "so far":
      return "So far.";
    case "below":
      return `${less} than on most days.`;
    case "within":
      return "Like most days.";
    case "above":
      return `${more} than on most days.`;
  }
}

/** Whether the sensor was worn so much less than usual that totals may be low for that reason alone. */
export function wornLess({ recorded_s, usual }: Day): boolean {
  return usual?.recorded_s != null && recorded_s < usual.recorded_s.low;
}

/** Positions on a scale from 0 to 1 for the day's figure and its usual range. */
export interface Scale {
  low: number;
  median: number;
  high: number;
  value: number | null;
}

export function scaleOf(value: number | null, usual: Usual): Scale {
  const top = 1.15 * Math.max(usual.high, value ?? 0, 1e-9);
  return { low: usual.low / top, median: usual.median / top, high: usual.high / top, value: value === null ? null : value / top };
}
