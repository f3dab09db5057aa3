/** The numbers of a recording at one moment of it. */

import { firstFrom } from "../live/marks";
import { readPair, readRolling, readSides } from "../wire/message";
import type { BoutMark } from "../live/marks";
import type { Bout, NumbersTrack, Pair, Rolling, Sides } from "../wire/types";

export interface ReplayNumbers {
  steps: number;
  cadence_spm: number | null;
  walking_s: number;
  bout: Bout | null;
  rolling: Rolling | null;
  sides: Sides | null;
  pair: Pair | null;
}

/** Older than this they say nothing about the moment. */
const GONE_S = 10;

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

/** The newest entry that had been sent by then, unless it is too old to be of the moment. */
function newest<T extends { emitted_s: number }>(entries: readonly T[], at_s: number): T | null {
  const entry = entries[firstFrom(entries, (it) => it.emitted_s, at_s + 1e-9) - 1];
  return entry !== undefined && at_s - entry.emitted_s <= GONE_S ? entry : null;
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
    rolling: readRolling(newest(track.rolling, at_s)),
    sides: readSides(newest(track.sides, at_s)),
    pair: readPair(newest(track.pair ?? [], at_s)),
  };
}
