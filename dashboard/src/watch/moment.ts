/** What a finished test showed at one moment of it, in the form in which a running test tells of itself. */

import type { Marks } from "../live/marks";
import type { Progress } from "../wire/tests";
import type { Stretch, TestEvent } from "./testEvent";

/** A turn of more than this is the end of a corridor's length; people turn 180° there, not always in one go. */
const LENGTH_ENDS_RAD = (120 * Math.PI) / 180;

/** Steps as they stand in the marks: without those that were withdrawn. */
export function stepsBetween(marks: Marks, from_s: number, to_s: number): number {
  let count = 0;
  for (const step of marks.steps) {
    if (step.time_s > to_s) break;
    if (step.time_s >= from_s && step.withdrawnAt_ms === null) count++;
  }
  return count;
}

/** Times at which a length of the corridor ended: the middle of the turns that were large enough. */
export function lengthEnds_s(marks: Marks, from_s: number, to_s: number): number[] {
  return marks.turns
    .filter((turn) => Math.abs(turn.angle_rad ?? 0) > LENGTH_ENDS_RAD)
    .map((turn) => (turn.start_s + turn.end_s) / 2)
    .filter((at_s) => at_s >= from_s && at_s <= to_s);
}

const begun = (spans: readonly Stretch[], at_s: number): { start_s: number; end_s: number | null }[] =>
  spans.filter((it) => it.start_s <= at_s).map((it) => ({ ...it, end_s: it.end_s <= at_s ? it.end_s : null }));

const upTo = (times_s: readonly number[], at_s: number): number[] => times_s.filter((it) => it <= at_s);

/** Metres by `elapsed_s`, along a straight line within each minute; null where a minute is not known. */
function walkedBy_m(per_minute_m: readonly (number | null)[], elapsed_s: number): number | null {
  if (per_minute_m.length === 0) return null;
  let walked_m = 0;
  for (let minute = 0; minute < per_minute_m.length && 60 * minute < elapsed_s; minute++) {
    const in_minute_m = per_minute_m[minute] ?? null;
    if (in_minute_m === null) return null;
    walked_m += in_minute_m * Math.min(1, elapsed_s / 60 - minute);
  }
  return walked_m;
}

/** `run` names the test; from the event's end on everything is as the result says. */
export function progressAt(protocol: string, event: TestEvent, marks: Marks, at_s: number): Progress {
  const over = at_s >= event.end_s;
  const seen_s = Math.min(at_s, event.end_s);
  const elapsed_s = Math.max(0, seen_s - event.start_s);
  const phases = event.phases
    .filter((phase) => phase.start_s <= at_s)
    .map((phase) => ({ ...phase, end_s: phase.end_s <= at_s ? phase.end_s : null }));
  const rests = begun(event.rests, at_s);
  const whole = Math.floor(elapsed_s / 60);
  return {
    protocol,
    prompted: true,
    state: at_s < event.start_s ? "waiting" : over ? "settling" : "running",
    started_s: event.start_s,
    elapsed_s,
    left_s: Math.max(0, event.end_s - Math.max(at_s, event.start_s)),
    phase: phases.find((phase) => phase.end_s === null)?.name ?? null,
    phases,
    steps: over ? event.steps : stepsBetween(marks, event.start_s, seen_s),
    laps: over ? event.laps : event.laps === null ? null : Math.min(event.laps, lengthEnds_s(marks, event.start_s, seen_s).length),
    distance_m: over ? event.distance_m : walkedBy_m(event.distance_per_minute_m, elapsed_s),
    resting: rests.some((rest) => rest.end_s === null),
    rests,
    minute: Math.min(whole + 1, Math.max(1, Math.ceil((event.end_s - event.start_s) / 60))),
    distance_per_minute_m: over ? event.distance_per_minute_m : event.distance_per_minute_m.slice(0, whole),
    cadence_spm: null,
    repetitions: over ? event.repetitions : upTo(event.repetition_times_s, at_s).length,
    incomplete: upTo(event.incomplete_times_s, at_s).length,
    repetition_times_s: upTo(event.repetition_times_s, at_s),
    condition: event.condition,
    held_s: event.held_s === null ? null : Math.min(event.held_s, elapsed_s),
    loss_of_balance_s: upTo(event.loss_of_balance_s, at_s),
    steps_out_s: upTo(event.steps_out_s, at_s),
    sway: over ? event.sway : null,
  };
}

export interface MinuteRow {
  minute: number;
  distance_m: number | null;
  cadence_spm: number | null;
  speed_mps: number | null;
  /** Rested at some time in it. */
  rested: boolean;
}

/** Whole minutes of a walk so far; a running test knows their distance, its event the rest as well. */
export function minuteRows(progress: Progress, event: TestEvent | null): MinuteRow[] {
  return progress.distance_per_minute_m.map((distance_m, i) => {
    const from_s = (progress.started_s ?? 0) + 60 * i;
    return {
      minute: i + 1,
      distance_m,
      cadence_spm: event?.cadence_per_minute_spm[i] ?? null,
      speed_mps: event ? (event.speed_per_minute_mps[i] ?? null) : distance_m === null ? null : distance_m / 60,
      rested: progress.rests.some((rest) => rest.start_s < from_s + 60 && (rest.end_s ?? Infinity) > from_s),
    };
  });
}

export interface StepRow {
  at_s: number;
  side: "left" | "right" | null;
  /** Since the step before. */
  step_s: number;
}

/** A pause between two steps is no step time. */
const LONGEST_STEP_S = 2.5;

/** Step times within a test, in order. */
export function stepRows(marks: Marks, from_s: number, to_s: number): StepRow[] {
  const rows: StepRow[] = [];
  let before_s: number | null = null;
  for (const step of marks.steps) {
    if (step.time_s > to_s) break;
    if (step.time_s < from_s || step.withdrawnAt_ms !== null) continue;
    if (before_s !== null && step.time_s - before_s <= LONGEST_STEP_S) {
      rows.push({ at_s: step.time_s, side: step.side, step_s: step.time_s - before_s });
    }
    before_s = step.time_s;
  }
  return rows;
}
