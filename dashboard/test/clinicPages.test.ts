import { describe, expect, it } from "vitest";
import { findings, questionOf } from "../src/clinic/checks";
import { kindsOf, outcome, pointsOf, spark } from "../src/clinic/history";
import { countdown, elapsed_s, figuresOf } from "../src/clinic/progress";
import { answersOf, suited, usualSetup, wishOf } from "../src/clinic/wish";
import { readPreflight, readProtocol, readTest } from "../src/wire/testReader";

const run = (more: object = {}) => readTest({ id: "t", session_id: "s", protocol: "tug", state: "running", cue_s: 10, now_s: 12, ...more });
const figures = (more: object, now_s = 20, sinceHeard_s = 0) =>
  figuresOf(run(more), now_s, sinceHeard_s).map(({ value, label }) => `${value} ${label}`);

describe("the figures of a running test", () => {
  it("count the seconds to the cue down, and none after it", () => {
    expect([4.9, 3, 2.01, 0.2, 0, -0.4].map((ahead_s) => countdown(100, 100 - ahead_s))).toEqual([5, 3, 3, 1, 0, 0]);
  });

  it("run on the page's own clock from the cue on, and never below zero", () => {
    expect(elapsed_s(run(), 22.5)).toBeCloseTo(12.5, 6);
    expect(elapsed_s(run(), 9)).toBe(0);
    expect(elapsed_s(run(), null)).toBeNull();
    expect(elapsed_s(run({ cue_s: null }), 22)).toBeNull();
    expect(elapsed_s(run({ cue_s: null, progress: { started_s: 20 } }), 22)).toBe(2);
  });

  it("are the time left and the lengths on a walk, also while nothing is heard", () => {
    expect(figures({ protocol: "6mwt", progress: { left_s: 240.2, laps: 1 } }, 20, 3)).toEqual(["3:58 left", "1 length"]);
    expect(figures({ protocol: "2mwt", progress: { left_s: 1, laps: null } }, 20, 30)).toEqual(["0:00 left"]);
  });

  it("are the stands of a chair test", () => {
    expect(figures({ protocol: "chair_stand_30s", progress: { repetitions: 1, left_s: 12 } })).toEqual(["1 stand", "0:12 left"]);
    expect(figures({ protocol: "chair_stand_5x", progress: { repetitions: 4 } })).toEqual(["4 of 5 stands"]);
  });

  it("are the seconds held, which stop while the sensor is silent and at the end", () => {
    const held = { protocol: "stance", hold_s: 10, progress: { held_s: 4.2 } };
    expect(figures(held, 20, 1)).toEqual(["5 of 10 seconds"]);
    expect(figures({ ...held, state: "paused" }, 20, 60)).toEqual(["4 of 10 seconds"]);
    expect(figures(held, 20, 60)).toEqual(["10 of 10 seconds"]);
    expect(figuresOf(run(held), 20, 60)[0]?.share).toBe(1);
  });

  it("are the seconds since go where the server told none yet, or this page does not know the test", () => {
    for (const protocol of ["6mwt", "chair_stand_30s", "chair_stand_5x", "stance", "tug"]) {
      expect(figures({ protocol, progress: null })).toEqual(["0:10 since go"]);
    }
    expect(figures({ protocol: "new_test" }, 75)).toEqual(["1:05 since go"]);
  });
});

const checks = (...its: [string, string][]) =>
  readPreflight({ ready: false, checks: its.map(([key, state]) => ({ key, state, label: key, text: `${key} text` })) });

describe("the checks before a test", () => {
  it("ask for what nothing can be measured without before everything else", () => {
    const found = findings(checks(["still", "wait"], ["battery", "problem"], ["signal", "wait"], ["floor", "ask"]), new Set());
    expect([found.open?.key, found.measurable, found.asked?.key]).toEqual(["signal", false, "floor"]);
  });

  it("let a test start although somebody moves, once it can be measured", () => {
    const found = findings(checks(["signal", "ok"], ["still", "wait"], ["battery", "problem"]), new Set());
    expect([found.open?.key, found.measurable]).toEqual(["battery", true]);
  });

  it("are confirmed one after the other", () => {
    const all = checks(["floor", "ask"], ["near", "ask"]);
    expect(findings(all, new Set(["floor"])).asked?.key).toBe("near");
    expect(findings(all, new Set(["floor", "near"])).asked).toBeNull();
  });

  it("that never came allow nothing", () => {
    expect(findings(null, new Set())).toMatchObject({ measurable: false, open: null, asked: null });
  });

  it("ask a question, with more words where it is none", () => {
    const [upright, other] = checks(["upright", "ask"], ["carpet", "ask"]).checks;
    expect(upright && questionOf(upright)).toEqual({ title: "Are you upright?", more: "upright text", yes: "Yes, I am upright" });
    expect(other && questionOf(other)).toEqual({ title: "carpet text", more: null, yes: "Yes" });
  });
});

const walk = readProtocol({ id: "6mwt", needs_course: false, course_choices_m: [30, 20], positions: ["lower_back"] });
const tug = readProtocol({
  id: "tug",
  needs_course: true,
  course_choices_m: [3, 7],
  positions: ["lower_back", "wrist"],
  variants: [
    { key: "chair_height_cm", label: "Height of the seat", kind: "number", unit: "cm" },
    { key: "arms_used", label: "Arms", kind: "yes_no" },
    { key: "variant", label: "The clock stops", kind: "choice", choices: [{ value: "sppb", label: "at the fifth stand" }] },
  ],
});

describe("how a test is to be done", () => {
  it("is as usual, and a course that nobody measured has no length", () => {
    expect(usualSetup(tug, null)).toMatchObject({ course_length_m: 3, stance: null, hold_s: null });
    expect(usualSetup(walk, null).course_length_m).toBeNull();
  });

  it("is as the last time", () => {
    const last = run({ course_length_m: 7, variant: "sppb", variants: { chair_height_cm: 46, arms_used: false } });
    const setup = usualSetup(tug, last);
    expect(setup.course_length_m).toBe(7);
    expect(setup.fields).toEqual({ chair_height_cm: "46", arms_used: "no", variant: "sppb" });
  });

  it("is not as the last time where that is not offered any more", () => {
    expect(usualSetup(tug, run({ course_length_m: 5 })).course_length_m).toBe(3);
  });

  it("is sent with what was said and without what was not", () => {
    const read = answersOf(tug, { chair_height_cm: "45,5", arms_used: "yes", variant: "sppb" });
    const answers = "answers" in read ? read.answers : {};
    expect(wishOf("s", tug, usualSetup(tug, null), answers, { borg_fatigue: 2 })).toEqual({
      session_id: "s",
      protocol: "tug",
      course_length_m: 3,
      variant: "sppb",
      variants: { chair_height_cm: 45.5, arms_used: true },
      started_by: "patient",
      before: { borg_fatigue: 2 },
    });
    expect(answersOf(tug, { chair_height_cm: " ", arms_used: "" })).toEqual({ answers: {} });
  });

  it("is sent back where a number is none", () => {
    expect(answersOf(tug, { chair_height_cm: "low" })).toEqual({ problem: "Height of the seat must be a number, or stay empty." });
  });

  it("depends on where the sensor is worn", () => {
    const { fit, unfit } = suited([walk, tug], "wrist");
    expect([fit.map((it) => it.id), unfit.map((it) => it.id)]).toEqual([["tug"], ["6mwt"]]);
  });
});

const done = (value: number | null, more: object = {}) =>
  run({ state: "done", result: { value, value_text: `${value} s`, verdict: "valid" }, ...more });

describe("a person's tests", () => {
  it("are put together only where they were done the same way", () => {
    const kinds = kindsOf([done(12, { course_length_m: 3 }), done(25, { course_length_m: 7 }), done(13, { course_length_m: 3 })]);
    expect(kinds.map((it) => it.runs.length)).toEqual([2, 1]);
    expect(kinds[0]?.title).toContain("3 m");
  });

  it("take the usual form for none, and name another", () => {
    const kinds = kindsOf([done(12, { variant: "standard" }), done(12), done(11, { variant: "sppb" }), done(1, { variant: "run_in" })]);
    expect(kinds.map((it) => it.runs.length)).toEqual([2, 1, 1]);
    expect(kinds.map((it) => it.title.split(", ").at(-1))).toEqual(["", "SPPB", "run in"]);
  });

  it("leave out what is under way, and keep what was stopped", () => {
    expect(kindsOf([run(), run({ state: "aborted" })]).map((it) => it.runs.length)).toEqual([1]);
  });

  it("are a line of the results that count, oldest first", () => {
    expect(pointsOf([done(12), done(null), run({ state: "invalid" }), done(14)]).map((it) => it.value)).toEqual([14, 12]);
  });

  it("say of each what became of it", () => {
    const words = [done(12), done(null), run({ state: "aborted" }), done(12, { result: { value: 12, verdict: "attention" } })];
    expect(words.map((it) => outcome(it).text)).toEqual(["Counts", "Did not count", "Stopped", "With a remark"]);
  });

  it("are drawn from edge to edge, a level line in the middle", () => {
    expect(spark([3, 1, 2])).toEqual([
      { x: 0, y: 0 },
      { x: 0.5, y: 1 },
      { x: 1, y: 0.5 },
    ]);
    expect(spark([4, 4]).map((it) => it.y)).toEqual([0.5, 0.5]);
    expect(spark([4])).toEqual([{ x: 0.5, y: 0.5 }]);
  });
});
