import { describe, expect, it } from "vitest";
import { Marks } from "../src/live/marks";
import { bandOf, digitsOf } from "../src/watch/band";
import { isOfEvent, testEventWords } from "../src/watch/eventWords";
import { liveSpan } from "../src/watch/look";
import { lengthEnds_s, minuteRows, progressAt, stepRows } from "../src/watch/moment";
import { spanOf } from "../src/watch/replay";
import { readTestEvent } from "../src/watch/testEvent";
import { counts, spreadsOf, trialsOf } from "../src/watch/trials";
import { clockText } from "../src/watch/words";
import { readTest } from "../src/wire/testReader";
import { retraction, step } from "./builders";
import type { TestEvent } from "../src/watch/testEvent";
import type { TestRun } from "../src/wire/tests";

const event = (fields: object): TestEvent => readTestEvent({ emitted_s: 0, ...fields } as never) as TestEvent;

const TUG = event({
  kind: "tug",
  time_s: 10.6,
  end_s: 22,
  cue_s: 10,
  clock: "cue",
  steps: 14,
  phases: [
    { name: "sit_to_stand", start_s: 10.6, end_s: 12 },
    { name: "walk_out", start_s: 12, end_s: 15 },
    { name: "turn_1", start_s: 15, end_s: 17 },
  ],
});

describe("a test's event", () => {
  it("begins at the cue where the result counts from it, else at the first movement", () => {
    expect(TUG.start_s).toBe(10);
    expect(event({ kind: "tug", time_s: 10.6, end_s: 22, cue_s: 10, clock: "motion" }).start_s).toBe(10.6);
    expect(event({ kind: "stance", time_s: 3, end_s: 13, cue_s: null, clock: "cue" }).start_s).toBe(3);
  });

  it("is none without an end, and forgives what is missing or odd", () => {
    expect(readTestEvent({ kind: "tug", time_s: 1, emitted_s: 9 })).toBeNull();
    expect(readTestEvent(null)).toBeNull();
    const odd = event({ kind: "stance", time_s: 0, end_s: 9, loss_of_balance_s: [1, null, "x"], rests: "no", sway_window_s: [2, 8] });
    expect(odd.loss_of_balance_s).toEqual([1]);
    expect(odd.rests).toEqual([]);
    expect(odd.sway_window).toEqual({ start_s: 2, end_s: 8 });
  });
});

describe("a finished test at a moment", () => {
  const marks = new Marks(100);
  for (const at_s of [12.5, 13.1, 13.7, 14.3]) marks.add(step(at_s), 0);

  it("fills in its phases as they came", () => {
    const before = progressAt("tug", TUG, marks, 9);
    expect(before).toMatchObject({ state: "waiting", elapsed_s: 0, phase: null, phases: [], steps: 0 });
    const amid = progressAt("tug", TUG, marks, 13.5);
    expect(amid).toMatchObject({ state: "running", elapsed_s: 3.5, phase: "walk_out", steps: 2 });
    expect(amid.phases.map((phase) => phase.end_s)).toEqual([12, null]);
    const after = progressAt("tug", TUG, marks, 30);
    expect(after).toMatchObject({ elapsed_s: 12, phase: null, steps: 14 });
    expect(after.phases).toHaveLength(3);
  });

  it("counts the walk up to there, and says at the end what the result says", () => {
    const walk = event({
      kind: "walk_test",
      time_s: 100,
      end_s: 220,
      laps: 6,
      distance_m: 131,
      rests: [{ start_s: 150, end_s: 158 }],
      distance_per_minute_m: [66, 65],
      cadence_per_minute_spm: [110, 108],
      speed_per_minute_mps: [1.1, 1.08],
    });
    const turns = new Marks(100);
    for (const [at_s, angle_rad] of [[118, 3.1], [137, 1.2], [140, -3], [190, 3.2]] as const) {
      turns.add({ kind: "turn", time_s: at_s, end_s: at_s + 2, emitted_s: at_s + 3, angle_rad }, 0);
    }
    const amid = progressAt("2mwt", walk, turns, 155);
    expect(amid).toMatchObject({ laps: 2, resting: true, minute: 1, distance_per_minute_m: [] });
    expect(amid.distance_m).toBeCloseTo((66 * 55) / 60, 6);
    expect(minuteRows(amid, walk)).toEqual([]);
    const later = progressAt("2mwt", walk, turns, 170);
    expect(minuteRows(later, walk)).toEqual([
      { minute: 1, distance_m: 66, cadence_spm: 110, speed_mps: 1.1, rested: true },
    ]);
    expect(progressAt("2mwt", walk, turns, 221)).toMatchObject({ laps: 6, distance_m: 131, minute: 2, resting: false });
    expect(lengthEnds_s(turns, 100, 155)).toEqual([119, 141]);
  });

  it("counts stands, what did not count, and the time held", () => {
    const chair = event({ kind: "chair_stand", time_s: 0, end_s: 30, repetitions: 3, repetition_times_s: [2, 5, 9], incomplete_times_s: [7] });
    expect(progressAt("chair_stand_30s", chair, marks, 8)).toMatchObject({ repetitions: 2, incomplete: 1, left_s: 22 });
    const stance = event({ kind: "stance", time_s: 0, end_s: 30, held_s: 19, loss_of_balance_s: [19], steps_out_s: [19.4], sway: { rms_ml_mps2: 0.1 } });
    expect(progressAt("stance", stance, marks, 10)).toMatchObject({ held_s: 10, loss_of_balance_s: [], sway: null });
    const after = progressAt("stance", stance, marks, 31);
    expect(after).toMatchObject({ held_s: 19, loss_of_balance_s: [19], steps_out_s: [19.4] });
    expect(after.sway?.rms_ml_mps2).toBe(0.1);
  });
});

describe("step times", () => {
  it("are the times between steps that stand, never across a pause", () => {
    const marks = new Marks(100);
    for (const at_s of [1, 1.5, 2.1, 2.3, 9, 9.6]) marks.add(step(at_s, { side: "left" }), 0);
    marks.add(retraction(2.3), 0);
    expect(stepRows(marks, 1, 20).map((row) => [row.at_s, Number(row.step_s.toFixed(2))])).toEqual([[1.5, 0.5], [2.1, 0.6], [9.6, 0.6]]);
    expect(stepRows(marks, 1.2, 2)).toEqual([]);
  });
});

describe("a live chart's stretch", () => {
  it("begins before the start and grows by whole steps, the newest part of a long test", () => {
    expect(liveSpan(100, 101, 40)).toEqual({ from_s: 98, to_s: 110 });
    expect(liveSpan(100, 109, 40)).toEqual({ from_s: 98, to_s: 120 });
    expect(liveSpan(100, 300, 40)).toEqual({ from_s: 270, to_s: 310 });
    expect(liveSpan(null, 50, 40)).toEqual({ from_s: 40, to_s: 50 });
  });
});

const run = (fields: object): TestRun =>
  readTest({
    protocol: "stance",
    person: "Anna",
    position: "lower_back",
    stance: "tandem_left",
    hold_s: 30,
    state: "done",
    created_at: "2026-11-25T10:00:00+00:00",
    ...fields,
  });

const card = (value: number | null, sway: number | null = null): object => ({
  value,
  unit: "s",
  value_text: value === null ? "–" : `${value.toFixed(1)} s`,
  figures: sway === null ? [] : [{ key: "rms", label: "Sway", value: sway, unit: "m/s²", text: "" }],
});

describe("trials of a day", () => {
  const first = run({ id: "a", result: card(30, 0.1) });
  const second = run({ id: "b", result: card(24, 0.3), created_at: "2026-11-25T10:05:00+00:00" });
  const invalid = run({ id: "c", result: card(null), created_at: "2026-11-25T10:09:00+00:00" });
  const marked = run({ id: "d", result: card(5), invalidated: { at: "x", reason: "spoken to" } });

  it("are those of the same day and conditions, whether they count or not", () => {
    const others = [
      second,
      invalid,
      run({ id: "other stance", stance: "single_left", result: card(9) }),
      run({ id: "other day", created_at: "2026-11-20T10:00:00+00:00", result: card(9) }),
      run({ id: "no result yet" }),
    ];
    expect(trialsOf(first, others).map((it) => it.id)).toEqual(["a", "b", "c"]);
    expect([first, invalid, marked].map(counts)).toEqual([true, false, false]);
  });

  it("are averaged with their spread, figures too, without those that do not count", () => {
    const spreads = spreadsOf([first, second, invalid, marked]);
    expect(spreads.map(({ key, n, mean, low, high }) => [key, n, mean, low, high])).toEqual([
      ["result", 2, 27, 24, 30],
      ["rms", 2, 0.2, 0.1, 0.3],
    ]);
    expect(spreadsOf([first, invalid])).toEqual([]);
  });
});

describe("what can be looked at", () => {
  it("is the event, else the time from the cue to the end, else nothing", () => {
    expect(spanOf(run({ event: { kind: "tug", time_s: 2, end_s: 9 } }))).toMatchObject({ start_s: 2, end_s: 9 });
    expect(spanOf(run({ state: "invalid", cue_s: 5, since_s: 17 }))).toMatchObject({ kind: "", start_s: 5, end_s: 17 });
    expect(spanOf(run({ state: "invalid", cue_s: 5, end_cue_s: 12, since_s: 17 }))).toMatchObject({ end_s: 12 });
    expect(spanOf(run({ state: "aborted", since_s: 17 }))).toBeNull();
  });
});

describe("a reference band", () => {
  const reference = { low: 8, high: 12, unit: "s", text: "", source: "", n: null, kind: "band" };

  it("holds band, result and last result in order", () => {
    const band = bandOf(reference, 10, 15);
    expect(band).not.toBeNull();
    const { low, high, value, last } = band as NonNullable<typeof band>;
    expect([0, low, value, high, last, 1].every((it, i, all) => i === 0 || (it as number) > (all[i - 1] as number))).toBe(true);
  });

  it("reaches to the edge where it is open, and is none without an end", () => {
    expect(bandOf({ ...reference, high: null }, 30, null)).toMatchObject({ high: 1, last: null });
    expect(bandOf({ ...reference, low: null, high: null }, 30, null)).toBeNull();
  });

  it("is written as exactly as the result", () => {
    expect(["11.2 s", "428 m", "0.76 m/s", "–"].map(digitsOf)).toEqual([1, 0, 2, 0]);
  });
});

describe("a test in the log of events", () => {
  const happened = (fields: object) => testEventWords({ time_s: 1, emitted_s: 2, ...fields } as never);

  it("is named with its result, or with the reason why it has none", () => {
    expect(happened({ kind: "tug", duration_s: 11.24, verdict: "valid", prompted: false })).toEqual({
      name: "Timed Up and Go",
      remark: "11.2 s, found without being asked for",
    });
    expect(happened({ kind: "walk_test", protocol: "6mwt", distance_m: 428.1, prompted: true })?.remark).toBe("428 m");
    expect(happened({ kind: "chair_stand", protocol: "chair_stand_30s", repetitions: 12, duration_s: 30, prompted: true })?.remark).toBe("12 stands in 30.0 s");
    expect(happened({ kind: "stance", condition: "tandem_left", held_s: 9.5, prompted: true })?.remark).toBe("tandem, left foot in front, held 9.5 s");
    const invalid = happened({ kind: "tug", duration_s: null, verdict: "invalid", prompted: true, reasons: ["No turn was found."] });
    expect(invalid?.remark).toBe("no result. No turn was found.");
    expect(happened({ kind: "turn" })).toBeNull();
  });

  it("is found among the tests by kind and moment", () => {
    const known = { event: { kind: "tug", time_s: 5, emitted_s: 9 } };
    expect(isOfEvent(known, { kind: "tug", time_s: 5.01, emitted_s: 9 })).toBe(true);
    expect(isOfEvent(known, { kind: "stance", time_s: 5, emitted_s: 9 })).toBe(false);
    expect(isOfEvent({ event: null }, { kind: "tug", time_s: 5, emitted_s: 9 })).toBe(false);
  });
});

describe("a test's clock", () => {
  it("counts down to the start and up from it, in minutes where a test takes minutes", () => {
    expect([clockText(-2.4, false), clockText(0, false), clockText(12.36, false), clockText(125.9, true)]).toEqual(["−3 s", "0.0 s", "12.3 s", "2:05"]);
  });
});
