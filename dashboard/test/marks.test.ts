import { describe, expect, it } from "vitest";
import { Marks, firstFrom } from "../src/live/marks";
import { retraction, step } from "./builders";

describe("marks", () => {
  it("keep steps in order of time, however they come", () => {
    const marks = new Marks(10);
    for (const time_s of [3, 1, 2]) marks.add(step(time_s), 0);
    expect(marks.steps.map((mark) => mark.time_s)).toEqual([1, 2, 3]);
  });

  it("fade the step that was withdrawn and no other", () => {
    const marks = new Marks(10);
    for (const time_s of [1, 1.5, 2]) marks.add(step(time_s), 0);
    marks.add(retraction(1.5), 5000);
    expect(marks.steps.map((mark) => mark.withdrawnAt_ms)).toEqual([null, 5000, null]);
    expect(marks.fadingUntil_ms).toBeGreaterThan(5000);
    marks.settle();
    expect(marks.steps.map((mark) => mark.time_s)).toEqual([1, 2]);
  });

  it("withdraw the nearest step that still stands", () => {
    const marks = new Marks(10);
    marks.add(step(1), 0);
    marks.add(step(1.04), 0);
    marks.add(retraction(1.03), 1);
    marks.add(retraction(1.03), 2);
    marks.add(retraction(1.03), 3);
    expect(marks.steps.map((mark) => mark.withdrawnAt_ms)).toEqual([2, 1]);
  });

  it("forget the oldest beyond their capacity", () => {
    const marks = new Marks(3);
    for (let i = 0; i < 10; i++) marks.add(step(i), 0);
    expect(marks.steps.map((mark) => mark.time_s)).toEqual([7, 8, 9]);
  });

  it("ignore what is not drawn, and bouts without an end", () => {
    const marks = new Marks(3);
    marks.add({ kind: "freeze", time_s: 1, emitted_s: 1, end_s: 2 }, 0);
    marks.add({ kind: "walking_bout", time_s: 1, emitted_s: 1 }, 0);
    expect([marks.version, marks.steps.length, marks.bouts.length]).toEqual([0, 0, 0]);
    marks.add({ kind: "walking_bout", time_s: 1, end_s: 9, emitted_s: 12 }, 0);
    expect(marks.bouts).toEqual([{ start_s: 1, end_s: 9 }]);
  });
});

describe("turns and strides", () => {
  it("are kept with direction and stride time, and leave when they are withdrawn", () => {
    const marks = new Marks(10);
    marks.add({ kind: "turn", time_s: 5, end_s: 7, emitted_s: 10, angle_rad: -3.1 }, 0);
    marks.add({ kind: "turn", time_s: 1, end_s: 2, emitted_s: 5 }, 0);
    marks.add(step(1, { stride_time_s: 1.1 }), 0);
    marks.add(step(2), 0);
    expect(marks.turns).toEqual([
      { start_s: 1, end_s: 2, angle_rad: null },
      { start_s: 5, end_s: 7, angle_rad: -3.1 },
    ]);
    expect(marks.steps.map((mark) => mark.stride_s)).toEqual([1.1, null]);
    marks.add(retraction(5, "turn"), 0);
    expect(marks.turns.map((turn) => turn.start_s)).toEqual([1]);
  });
});

describe("the first from a value on", () => {
  it("is found in any sorted list", () => {
    const list = [1, 2, 2, 5];
    const found = [0, 1, 1.5, 2, 3, 5, 6].map((value) => firstFrom(list, (item) => item, value));
    expect(found).toEqual([0, 0, 1, 1, 3, 3, 4]);
    expect(firstFrom([], () => 0, 1)).toBe(0);
  });
});
