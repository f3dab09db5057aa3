/** The numbers of a recording at one moment of it. */

import type { BoutMark } from "../live/marks";
import type { Bout, NumbersTrack } from "../wire/types";

export interface ReplayNumbers {
  steps: number;
  cadence_spm: number | null;
  walking_s: number;
  bout: Bout | null;
}

/** Index of the last entry of a sorted list that is not after `value`, or −1. */
export function lastUpTo(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function boutAt(bouts: readonly BoutMark[], at_s: number): BoutMark | null {
  return bouts.findLast((bout) => bout.start_s <= at_s && at_s <= bout.end_s) ?? null;
}

export function walkedUntil_s(bouts: readonly BoutMark[], at_s: number): number {
  return bouts.reduce((sum, bout) => sum + Math.max(0, Math.min(bout.end_s, at_s) - bout.start_s), 0);
}

function stepsUntil(track: NumbersTrack, at_s: number): number {
  return track.steps[lastUpTo(track.time_s, at_s)] ?? 0;
}

export function numbersAt(track: NumbersTrack, bouts: readonly BoutMark[], at_s: number): ReplayNumbers {
  const cadence_spm = track.cadence_spm[lastUpTo(track.time_s, at_s)] ?? null;
  const bout = boutAt(bouts, at_s);
  return {
    steps: stepsUntil(track, at_s),
    cadence_spm,
    walking_s: walkedUntil_s(bouts, at_s),
    bout: bout && {
      start_s: bout.start_s,
      steps: stepsUntil(track, at_s) - stepsUntil(track, bout.start_s),
      cadence_spm,
      duration_s: at_s - bout.start_s,
    },
  };
}
