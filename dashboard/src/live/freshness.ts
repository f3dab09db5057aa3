/** When the page must say that what it shows is old, and how long to wait before connecting again. */

/** Frames come at least every 0.5 s; the page looks four times a second, so it speaks up within 2 s. */
export const STALE_AFTER_MS = 1500;
export const LOOK_EVERY_MS = 250;
/** After this long without a word the connection is given up and made anew. */
export const GIVE_UP_AFTER_MS = 8000;

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 8000;

export type Freshness = "waiting" | "fresh" | "stale";

/** `lastHeard_ms` is null before the first frame ever; `opened_ms` is when the page began to listen. */
export function freshness(now_ms: number, lastHeard_ms: number | null, opened_ms: number): Freshness {
  if (lastHeard_ms === null) return now_ms - opened_ms < STALE_AFTER_MS ? "waiting" : "stale";
  return now_ms - lastHeard_ms < STALE_AFTER_MS ? "fresh" : "stale";
}

/** Doubling waits, each shortened at random by up to half, so that many pages do not come back at the same moment. */
export function reconnectWait_ms(attempt: number, random: number): number {
  const longest_ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt, 10));
  return longest_ms * (1 - 0.5 * random);
}
