/** Which stretch of which session is a calibration walk. */

import type { Walk } from "../live/bouts";

export interface Stretch {
  session_id: string;
  position: string;
  start_s: number;
  end_s: number;
}

/** A first and a last contact lie inside a stretch that is chosen by its bout. */
const AROUND_S = 0.5;
/** The server asks for this many strides; a walk with fewer steps is not worth choosing. */
const FEWEST_STEPS = 24;

export function stretchOf(session_id: string, position: string, walk: Walk): Stretch {
  return { session_id, position, start_s: walk.time_s - AROUND_S, end_s: walk.end_s + AROUND_S };
}

/** Walks long enough to calibrate with, longest first. */
export function usable(walks: readonly Walk[]): Walk[] {
  return walks
    .filter((walk) => (walk.steps ?? 0) >= FEWEST_STEPS)
    .sort((a, b) => b.end_s - b.time_s - (a.end_s - a.time_s));
}
