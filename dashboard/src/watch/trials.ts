/** Several trials of one test on one day under the same conditions, averaged with their spread. */

import type { TestRun } from "../wire/tests";

const SAME = ["protocol", "stance", "course_length_m", "hold_s", "variant", "position", "person"] as const;

export interface Spread {
  key: string;
  label: string;
  unit: string;
  n: number;
  mean: number;
  low: number;
  high: number;
}

const dayOf = (iso: string): string => new Date(iso).toDateString();

/** Those done on the day of `run` under its conditions, oldest first, `run` among them; whether they count or not. */
export function trialsOf(run: TestRun, others: readonly TestRun[]): TestRun[] {
  const alike = others.filter(
    (other) =>
      other.id !== run.id &&
      other.result !== null &&
      dayOf(other.created_at) === dayOf(run.created_at) &&
      SAME.every((name) => other[name] === run[name]),
  );
  return [...alike, run].sort((a, b) => a.created_at.localeCompare(b.created_at));
}

/** Whether a trial goes into the average. */
export const counts = (run: TestRun): boolean => run.result?.value != null && run.invalidated === null;

function spreadOf(key: string, label: string, unit: string, values: readonly number[]): Spread {
  const mean = values.reduce((sum, it) => sum + it, 0) / values.length;
  return { key, label, unit, n: values.length, mean, low: Math.min(...values), high: Math.max(...values) };
}

/** Of the result and of every figure that at least two trials have. */
export function spreadsOf(trials: readonly TestRun[]): Spread[] {
  const cards = trials.filter(counts).map((run) => run.result as NonNullable<TestRun["result"]>);
  const first = cards[0];
  if (first === undefined || cards.length < 2) return [];
  const results = cards.map((card) => card.value as number);
  const figures = first.figures.map(({ key, label, unit }) => {
    const values = cards.map((card) => card.figures.find((it) => it.key === key)?.value ?? null);
    return spreadOf(key, label, unit, values.filter((it): it is number => it !== null));
  });
  return [spreadOf("result", "Result", first.unit, results), ...figures.filter((it) => it.n > 1)];
}
