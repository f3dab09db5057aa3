/** The few large figures that a person sees while a test runs. */

import { clockTime } from "../format";
import type { TestRun } from "../wire/tests";

export interface BigFigure {
  value: string;
  label: string;
  /** How much of it is done, from 0 to 1; null where there is no known end. */
  share: number | null;
}

const STANDS_OF_FIVE = 5;
const USUAL_HOLD_S = 30;

const plural = (count: number, one: string, several: string): string => (count === 1 ? one : several);

/** Whole seconds until the cue; 0 from the cue on. */
export function countdown(cue_s: number, now_s: number): number {
  return Math.max(0, Math.ceil(cue_s - now_s));
}

/** Seconds since "go" by the page's own clock, which goes on when nothing is heard; null before it. */
export function elapsed_s(test: Pick<TestRun, "cue_s" | "progress">, now_s: number | null): number | null {
  const from_s = test.cue_s ?? test.progress?.started_s ?? null;
  return from_s === null || now_s === null ? null : Math.max(0, now_s - from_s);
}

function left(test: TestRun, sinceHeard_s: number): BigFigure[] {
  const left_s = test.progress?.left_s ?? null;
  return left_s === null ? [] : [{ value: clockTime(Math.ceil(Math.max(0, left_s - sinceHeard_s))), label: "left", share: null }];
}

function elapsed(test: TestRun, now_s: number | null): BigFigure[] {
  const so_far_s = elapsed_s(test, now_s);
  return so_far_s === null ? [] : [{ value: clockTime(so_far_s), label: "since go", share: null }];
}

function stance(test: TestRun, sinceHeard_s: number): BigFigure[] {
  const hold_s = test.hold_s ?? USUAL_HOLD_S;
  const told_s = test.progress?.held_s ?? null;
  if (told_s === null) return [];
  const held_s = Math.min(hold_s, told_s + (test.state === "running" ? sinceHeard_s : 0));
  return [{ value: String(Math.floor(held_s)), label: `of ${hold_s} seconds`, share: held_s / hold_s }];
}

/** `sinceHeard_s`: how long ago the server spoke of this test. Where it told no figure yet, the time since "go" is shown. */
export function figuresOf(test: TestRun, now_s: number | null, sinceHeard_s: number): BigFigure[] {
  const told = toldFigures(test, sinceHeard_s);
  return told.length > 0 ? told : elapsed(test, now_s);
}

function toldFigures(test: TestRun, sinceHeard_s: number): BigFigure[] {
  const { laps = null, repetitions = null } = test.progress ?? {};
  switch (test.protocol) {
    case "6mwt":
    case "2mwt": {
      const walked = laps === null ? [] : [{ value: String(laps), label: plural(laps, "length", "lengths"), share: null }];
      return [...left(test, sinceHeard_s), ...walked];
    }
    case "chair_stand_30s": {
      if (repetitions === null) return [];
      const stood = { value: String(repetitions), label: plural(repetitions, "stand", "stands"), share: null };
      return [stood, ...left(test, sinceHeard_s)];
    }
    case "chair_stand_5x": {
      if (repetitions === null) return [];
      const share = Math.min(1, repetitions / STANDS_OF_FIVE);
      return [{ value: String(repetitions), label: `of ${STANDS_OF_FIVE} stands`, share }];
    }
    case "stance":
      return stance(test, sinceHeard_s);
    default:
      return [];
  }
}
