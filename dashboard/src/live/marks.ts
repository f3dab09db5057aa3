/** What is drawn over time besides the samples: steps with their strides, withdrawn steps, walking bouts, turns. */

import type { GaitEvent } from "../wire/types";

export interface StepMark {
  time_s: number;
  side: "left" | "right" | null;
  walking: boolean | null;
  /** Duration of the stride that this contact completes (same foot to same foot), null where it is not known. */
  stride_s: number | null;
  /** When it was withdrawn, on the page's clock (ms), or null while it stands. */
  withdrawnAt_ms: number | null;
}

export interface BoutMark {
  start_s: number;
  end_s: number;
}

export interface TurnMark extends BoutMark {
  /** Positive to the wearer's left, null where it is not known. */
  angle_rad: number | null;
}

/** How long a withdrawn step takes to fade. */
export const FADE_MS = 900;
/** A retraction names its step to within this. */
const SAME_MOMENT_S = 0.05;

/** Index of the first element whose key is not before `value` in a list sorted by that key. */
export function firstFrom<T>(list: readonly T[], key: (item: T) => number, value: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(list[middle] as T) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertSorted<T>(list: T[], key: (item: T) => number, item: T): void {
  let at = list.length;
  while (at > 0 && key(list[at - 1] as T) > key(item)) at--;
  list.splice(at, 0, item);
}

/** Steps, bouts and turns in order of time, the oldest forgotten beyond `capacity` of each. */
export class Marks {
  readonly steps: StepMark[] = [];
  readonly bouts: BoutMark[] = [];
  readonly turns: TurnMark[] = [];
  version = 0;
  /** Until when a fading mark needs redrawing, on the page's clock (ms). */
  fadingUntil_ms = 0;
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Takes an event in; kinds that are not drawn are ignored. */
  add(event: GaitEvent, now_ms: number): void {
    if (event.kind === "step") {
      const mark: StepMark = {
        time_s: event.time_s,
        side: event.side ?? null,
        walking: event.walking ?? null,
        stride_s: event.stride_time_s ?? null,
        withdrawnAt_ms: null,
      };
      insertSorted(this.steps, (step) => step.time_s, mark);
      if (this.steps.length > this.capacity) this.steps.shift();
    } else if (event.kind === "walking_bout" && event.end_s !== undefined) {
      insertSorted(this.bouts, (bout) => bout.start_s, { start_s: event.time_s, end_s: event.end_s });
      if (this.bouts.length > this.capacity) this.bouts.shift();
    } else if (event.kind === "turn" && event.end_s !== undefined) {
      const turn = { start_s: event.time_s, end_s: event.end_s, angle_rad: event.angle_rad ?? null };
      insertSorted(this.turns, (it) => it.start_s, turn);
      if (this.turns.length > this.capacity) this.turns.shift();
    } else if (event.kind === "retraction" && event.of_time_s !== undefined) {
      this.withdraw(event.of_kind ?? "", event.of_time_s, now_ms);
    } else {
      return;
    }
    this.version++;
  }

  /** Removes for good what was withdrawn, as a replay shows it: as if it had never been. */
  settle(): void {
    const standing = this.steps.filter((step) => step.withdrawnAt_ms === null);
    this.steps.length = 0;
    for (const step of standing) this.steps.push(step);
    this.version++;
  }

  private nearestStep(time_s: number): StepMark | null {
    let nearest: StepMark | null = null;
    let least_s = SAME_MOMENT_S;
    for (let i = firstFrom(this.steps, (step) => step.time_s, time_s - SAME_MOMENT_S); i < this.steps.length; i++) {
      const step = this.steps[i] as StepMark;
      const apart_s = Math.abs(step.time_s - time_s);
      if (step.time_s > time_s + SAME_MOMENT_S) break;
      if (step.withdrawnAt_ms !== null || apart_s > least_s) continue;
      nearest = step;
      least_s = apart_s;
    }
    return nearest;
  }

  private withdraw(kind: string, time_s: number, now_ms: number): void {
    if (kind === "step") {
      const step = this.nearestStep(time_s);
      if (!step) return;
      step.withdrawnAt_ms = now_ms;
      this.fadingUntil_ms = now_ms + FADE_MS;
    } else if (kind === "walking_bout" || kind === "turn") {
      const list = kind === "turn" ? this.turns : this.bouts;
      const at = list.findIndex((it) => Math.abs(it.start_s - time_s) <= SAME_MOMENT_S);
      if (at >= 0) list.splice(at, 1);
    }
  }
}
