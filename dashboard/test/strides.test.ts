import { describe, expect, it } from "vitest";
import { scaleLines_s, strideScale } from "../src/chart/strideScale";
import { BoutList } from "../src/live/bouts";
import { Marks } from "../src/live/marks";
import { strideRows } from "../src/live/strideRows";
import { retraction, step } from "./builders";
import type { GaitEvent } from "../src/wire/types";

const bout = (time_s: number, end_s: number): GaitEvent => ({ kind: "walking_bout", time_s, end_s, emitted_s: end_s + 3, steps: 20 });

describe("the scale of the strip of strides", () => {
  it("does not exist without a stride, and stays when the strides have gone by", () => {
    expect(strideScale([], null)).toBeNull();
    expect(strideScale([], { low_s: 1, high_s: 2 })).toEqual({ low_s: 1, high_s: 2 });
  });

  it("never makes an even rhythm look restless", () => {
    const scale = strideScale([1.1, 1.11, 1.12], null);
    expect(scale && scale.high_s - scale.low_s).toBeGreaterThanOrEqual(0.4 - 1e-9);
    expect(scale && scale.low_s <= 1.1 && scale.high_s >= 1.12).toBe(true);
  });

  it("holds every stride but those with a missed or doubled contact", () => {
    const scale = strideScale([1.4, 1.5, 1.6, 1.9, 1.5, 4.5, 0.3], null);
    expect(scale && scale.low_s).toBeLessThanOrEqual(1.4);
    expect(scale && scale.high_s).toBeGreaterThanOrEqual(1.9);
    expect(scale && scale.high_s).toBeLessThanOrEqual(3.2);
  });

  it("is kept while it fits, widened at once when it does not, and narrowed when it is far too wide", () => {
    const before = { low_s: 0.9, high_s: 1.4 };
    expect(strideScale([1.1, 1.2], before)).toBe(before);
    expect(strideScale([1.1, 1.7], before)?.high_s).toBeGreaterThanOrEqual(1.7);
    expect(strideScale([1.1, 1.2], { low_s: 0.5, high_s: 3 })?.high_s).toBeLessThan(2);
  });

  it("has two to five lines at round numbers inside it", () => {
    for (const [low_s, high_s] of [[0.9, 1.3], [0.5, 2.4], [1, 6.1], [0.2, 0.9]] as const) {
      const lines = scaleLines_s({ low_s, high_s });
      expect(lines.length).toBeGreaterThanOrEqual(2);
      expect(lines.length).toBeLessThanOrEqual(5);
      for (const line_s of lines) expect(line_s > low_s && line_s < high_s && Math.abs(line_s * 10 - Math.round(line_s * 10)) < 1e-6).toBe(true);
    }
  });
});

describe("the table of strides", () => {
  it("sums up ten seconds to a row, newest first, without what was withdrawn", () => {
    const marks = new Marks(100);
    for (const [time_s, stride_time_s] of [[1, 1.0], [2, 1.4], [3, 1.2], [14, 1.1]] as const) marks.add(step(time_s, { stride_time_s }), 0);
    marks.add(step(15), 0);
    marks.add(step(16, { stride_time_s: 0.2 }), 0);
    marks.add(retraction(16), 0);
    marks.add({ kind: "turn", time_s: 25, end_s: 27, emitted_s: 30 }, 0);
    expect(strideRows(marks, 30, 120)).toEqual([
      { from_s: 20, strides: 0, least_s: null, median_s: null, most_s: null, turns: 1 },
      { from_s: 10, strides: 1, least_s: 1.1, median_s: 1.1, most_s: 1.1, turns: 0 },
      { from_s: 0, strides: 3, least_s: 1.0, median_s: 1.2, most_s: 1.4, turns: 0 },
    ]);
  });

  it("holds only what the strip shows", () => {
    const marks = new Marks(100);
    for (const time_s of [1, 50, 99]) marks.add(step(time_s, { stride_time_s: 1 }), 0);
    expect(strideRows(marks, 60, 20).map((row) => row.from_s)).toEqual([50]);
  });
});

describe("the list of walks", () => {
  it("has every walk once and in order, though history and live stream both tell of it", () => {
    const list = new BoutList();
    list.add(bout(30, 40));
    list.add(bout(5, 20));
    list.add({ ...bout(30.02, 40) });
    list.add({ kind: "walking_bout", time_s: 50, emitted_s: 60 });
    list.add(step(3));
    expect(list.walks.map((walk) => walk.time_s)).toEqual([5, 30]);
    expect(list.version).toBe(2);
  });

  it("forgets a walk that is withdrawn", () => {
    const list = new BoutList();
    list.add(bout(5, 20));
    list.add(retraction(5));
    expect(list.walks.length).toBe(1);
    list.add(retraction(5, "walking_bout"));
    list.add(retraction(5, "walking_bout"));
    expect([list.walks.length, list.version]).toEqual([0, 2]);
  });
});
