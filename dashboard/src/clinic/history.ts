/** A person's tests, put together with those that may be compared: the same test, done the same way. */

import type { TestRun } from "../wire/tests";

export interface Kind {
  key: string;
  title: string;
  /** Newest first. */
  runs: TestRun[];
}

/** Never across lengths, stances or forms: their numbers mean different things. */
const keyOf = (it: TestRun): string => JSON.stringify([it.protocol, it.stance, it.course_length_m, it.hold_s, formOf(it)]);

/** Which form of the protocol; none for the usual one. */
function formOf({ variant }: TestRun): string | null {
  if (variant === null || variant === "standard") return null;
  return variant === "sppb" ? "SPPB" : variant.replaceAll("_", " ");
}

/** `runs` newest first, as the server gives them; kinds in the order of their newest. Only what is over counts. */
export function kindsOf(runs: readonly TestRun[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const run of runs) {
    if (!["done", "invalid", "aborted"].includes(run.state)) continue;
    const key = keyOf(run);
    const kind = kinds.get(key) ?? { key, title: titleOf(run), runs: [] };
    kind.runs.push(run);
    kinds.set(key, kind);
  }
  return [...kinds.values()];
}

function titleOf(run: TestRun): string {
  const details = [
    run.stance?.replaceAll("_", " "),
    run.course_length_m === null || run.protocol === "t25fw" ? undefined : `${run.course_length_m} m`,
    run.hold_s === null ? undefined : `${run.hold_s} s`,
    formOf(run),
  ].filter((it) => it !== undefined && it !== null);
  return [run.plain_name, ...details].join(", ");
}

export interface Point {
  at: string;
  value: number;
  text: string;
}

/** The results that count, oldest first. */
export function pointsOf(runs: readonly TestRun[]): Point[] {
  return runs
    .flatMap(({ created_at, result }) =>
      result === null || result.value === null ? [] : [{ at: created_at, value: result.value, text: result.value_text }],
    )
    .reverse();
}

/** What became of a test, in a few words. */
export function outcome(run: TestRun): { text: string; tone: "good" | "caution" | "quiet" } {
  if (run.state === "aborted") return { text: "Stopped", tone: "quiet" };
  if (run.result === null || run.result.value === null) return { text: "Did not count", tone: "quiet" };
  if (run.result.verdict === "attention") return { text: "With a remark", tone: "caution" };
  return { text: "Counts", tone: "good" };
}

/** Points of a small chart, x and y from 0 to 1, y downwards; a single height stands in the middle. */
export function spark(values: readonly number[]): { x: number; y: number }[] {
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  return values.map((value, i) => ({
    x: values.length === 1 ? 0.5 : i / (values.length - 1),
    y: range === 0 ? 0.5 : 1 - (value - low) / range,
  }));
}
