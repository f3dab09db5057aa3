import { beforeAll, describe, expect, it } from "vitest";
import { traceBuilder } from "../src/chart/trace";
import type uPlot from "uplot";

/** The browser's Path2D, as far as a trace uses it, keeping what was drawn. */
class RecordedPath {
  readonly pieces: [number, number][][] = [];
  moveTo(x: number, y: number): void {
    this.pieces.push([[x, y]]);
  }
  lineTo(x: number, y: number): void {
    this.pieces.at(-1)?.push([x, y]);
  }
}

beforeAll(() => {
  Object.assign(globalThis, { Path2D: RecordedPath });
});

/** Draws samples onto 100 × 100 pixels that show 0 to `seconds` and −1 to 1. */
function drawn(time_s: number[], values: number[], seconds: number, dt_s: number): [number, number][][] {
  const plot = {
    data: [Float64Array.from(time_s), Float32Array.from(values)],
    scales: { x: { min: 0, max: seconds }, up: { min: -1, max: 1 } },
    series: [{}, { scale: "up" }],
    bbox: { left: 0, top: 0, width: 100, height: 100 },
  } as unknown as uPlot;
  const paths = traceBuilder(() => dt_s)(plot, 1, 0, time_s.length - 1);
  return (paths?.stroke as unknown as RecordedPath).pieces;
}

describe("a trace", () => {
  it("is one line through samples without a hole", () => {
    const pieces = drawn([0, 1, 2, 3], [0, 0.5, -0.5, 0], 4, 1);
    expect(pieces).toEqual([[[0, 50], [25, 25], [50, 75], [75, 50]]]);
  });

  it("breaks where time jumps and where there is no value", () => {
    const jump = drawn([0, 1, 5, 6], [0, 0, 0, 0], 10, 1);
    expect(jump.map((piece) => piece.map(([x]) => x))).toEqual([[0, 10], [50, 60]]);
    const missing = drawn([0, 1, 2, 3, 4], [0, 0, NaN, 0, 0], 10, 1);
    expect(missing.map((piece) => [piece[0]?.[0], piece.at(-1)?.[0]])).toEqual([[0, 10], [30, 40]]);
  });

  it("does not break at ordinary jitter", () => {
    expect(drawn([0, 1.4, 2, 3.5], [0, 0, 0, 0], 4, 1).length).toBe(1);
  });

  it("finishes the column before a hole and at the end", () => {
    const [before, after] = drawn([0, 0.1, 0.2, 50, 50.1], [0, 1, 0, 0, -1], 100, 0.1);
    expect(before?.map(([, y]) => y)).toContain(0);
    expect(after?.map(([, y]) => y)).toContain(100);
  });

  it("keeps the peaks of many samples in one column", () => {
    const n = 10_000;
    const values = Array.from({ length: n }, (_, i) => (i === 5004 ? 1 : i === 5011 ? -1 : 0));
    const pieces = drawn(values.map((_, i) => i * 0.01), values, 100, 0.01);
    const points = pieces.flat();
    expect(points.length).toBeLessThan(400);
    expect(points.map(([, y]) => y)).toEqual(expect.arrayContaining([0, 100]));
  });
});
