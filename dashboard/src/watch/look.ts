/** What the views of a test are given: one look at it, live or in a replay. */

import type { ChartSource } from "../chart/wavePlot";
import type { Progress, TestRun } from "../wire/tests";
import type { TestEvent } from "./testEvent";

/** One rise from a chair, as it was found in the stream. */
export interface Rise {
  at_s: number;
  velocity_mps: number | null;
}

export interface Look {
  run: TestRun;
  /** Null before anything moved. */
  progress: Progress | null;
  /** The whole test, once it is over; in a replay it may be ahead of what is looked at. */
  event: TestEvent | null;
  source: ChartSource;
  /** The moment looked at, in seconds of the session; null before the first sample. */
  at_s: number | null;
  /** The stretch that charts show. */
  from_s: number;
  to_s: number;
  rises: readonly Rise[];
  live: boolean;
}

/** Walks against the clock, which are told in minutes. */
export const WALK_LIMITS_S: Readonly<Record<string, number>> = { "6mwt": 360, "2mwt": 120 };

/** When the clock of the test began: the cue, else the first movement; null before. */
export function startOf(run: TestRun, progress: Progress | null, event: TestEvent | null): number | null {
  return event?.start_s ?? run.cue_s ?? progress?.started_s ?? null;
}

/** What counts are of: the test so far, up to the moment looked at, or all of it. */
export function whenWords({ live, event, at_s }: Look): string {
  if (live) return "so far";
  return event !== null && at_s !== null && at_s < event.end_s ? "by then" : "in all";
}

/** Live charts begin this much before the start, and grow to the right by whole steps. */
const LEAD_S = 2;
const STEP_S = 10;
const AHEAD_S = 1.5;

/** The stretch that a running test's charts show: from its beginning, at most `longest_s` long. */
export function liveSpan(start_s: number | null, now_s: number, longest_s: number): { from_s: number; to_s: number } {
  if (start_s === null) return { from_s: now_s - STEP_S, to_s: now_s };
  const elapsed_s = Math.max(0, now_s - start_s);
  const to_s = start_s + STEP_S * Math.ceil((elapsed_s + AHEAD_S) / STEP_S);
  return { from_s: Math.max(start_s - LEAD_S, to_s - longest_s), to_s };
}
