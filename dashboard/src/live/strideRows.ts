/** The strip of stride times as rows of a table. */

import { firstFrom } from "./marks";
import type { Marks } from "./marks";

const ROW_S = 10;

export interface StrideRow {
  from_s: number;
  strides: number;
  least_s: number | null;
  median_s: number | null;
  most_s: number | null;
  turns: number;
}

/** Pieces of ten seconds with a stride or a turn in them, newest first, over the window that ends at `edge_s`. */
export function strideRows(marks: Marks, edge_s: number, window_s: number): StrideRow[] {
  const strides = new Map<number, number[]>();
  const turns = new Map<number, number>();
  for (let i = firstFrom(marks.steps, (step) => step.time_s, edge_s - window_s); i < marks.steps.length; i++) {
    const { time_s, stride_s, withdrawnAt_ms } = marks.steps[i] as Marks["steps"][number];
    if (time_s > edge_s) break;
    if (stride_s === null || withdrawnAt_ms !== null) continue;
    const row = Math.floor(time_s / ROW_S);
    strides.set(row, [...(strides.get(row) ?? []), stride_s]);
  }
  for (const { start_s } of marks.turns) {
    if (start_s < edge_s - window_s || start_s > edge_s) continue;
    const row = Math.floor(start_s / ROW_S);
    turns.set(row, (turns.get(row) ?? 0) + 1);
  }
  const rows = [...new Set([...strides.keys(), ...turns.keys()])].sort((a, b) => b - a);
  return rows.map((row) => {
    const sorted = (strides.get(row) ?? []).sort((a, b) => a - b);
    return {
      from_s: row * ROW_S,
      strides: sorted.length,
      least_s: sorted[0] ?? null,
      median_s: sorted[sorted.length >> 1] ?? null,
      most_s: sorted.at(-1) ?? null,
      turns: turns.get(row) ?? 0,
    };
  });
}
