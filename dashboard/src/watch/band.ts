/** How a result is drawn and written beside a reference and earlier results. */

import type { Reference } from "../wire/tests";

export interface Band {
  /** Shares of the scale's width, 0 to 1. */
  low: number;
  high: number;
  value: number | null;
  last: number | null;
  /** Numbers under the scale's ends and the band's. */
  ticks: { at: number; value: number }[];
}

/** Free space beside what is marked, as a share of the whole. */
const MARGIN = 0.12;

/** Null where the reference has neither end or nothing lies apart. An open end reaches to the scale's edge. */
export function bandOf({ low, high }: Reference, value: number | null, last: number | null): Band | null {
  if (low === null && high === null) return null;
  const marked = [low, high, value, last].filter((it): it is number => it !== null);
  const least = Math.min(...marked);
  const most = Math.max(...marked);
  const span = most - least || Math.abs(most) || 1;
  const from = least - MARGIN * span;
  const to = most + MARGIN * span;
  const share = (it: number): number => (it - from) / (to - from);
  return {
    low: low === null ? 0 : share(low),
    high: high === null ? 1 : share(high),
    value: value === null ? null : share(value),
    last: last === null ? null : share(last),
    ticks: [low, high].filter((it): it is number => it !== null).map((it) => ({ at: share(it), value: it })),
  };
}

/** Digits after the point in a result's own words: what is compared with it is shown as exactly, and no more so. */
export function digitsOf(value_text: string): number {
  return /\d\.(\d+)/.exec(value_text)?.[1]?.length ?? 0;
}
