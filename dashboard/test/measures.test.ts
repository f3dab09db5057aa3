import { describe, expect, it } from "vitest";
import { LiveStream } from "../src/live/stream";
import { mainMeasures, moreMeasures } from "../src/measures";
import { rollingOf } from "../src/views/streamWords";
import { sidesShown } from "../src/views/sidesWords";
import { qualityWords } from "../src/words";
import { readRolling, readStream } from "../src/wire/message";
import type { Rolling } from "../src/wire/types";

const rolling = (it: object): Rolling => readRolling(it) as Rolling;
const context = { position: "lower_back", when: "now", why: "not walking" };
const shown = (it: object | null, more: object = {}) =>
  Object.fromEntries(mainMeasures(it === null ? null : rolling(it), { ...context, ...more }).map((one) => [one.id, one]));

describe("a rolling figure", () => {
  it("stands with its unit, its expected error and its age", () => {
    const { speed, variability, asymmetry } = shown({
      strides: 27,
      speed_mps: 1.1234,
      speed_expected_error_mps: 0.083,
      stride_time_cv: 0.0215,
      stride_time_sd_s: 0.0236,
      step_time_asymmetry: 0.041,
    });
    expect(speed).toMatchObject({ value: "1.12", unit: "m/s", note: "± 0.08 expected, now" });
    expect(variability).toMatchObject({ value: "2.1", unit: "%", note: "± 24 ms, 27 strides, now" });
    expect(asymmetry).toMatchObject({ value: "4", unit: "%", note: "27 strides, now" });
  });

  it("is a dash with its reason where there is none, never a zero", () => {
    for (const one of Object.values(shown(null))) expect(one).toMatchObject({ value: "–", unit: "", note: "not walking" });
    expect(shown({ strides: 4 })["variability"]).toMatchObject({ value: "–", note: "needs more strides, has 4" });
    expect(shown({ strides: 20 })["speed"]?.note).toBe("needs height or a calibration walk");
    expect(shown({ strides: 20 }, { position: "pocket" })["speed"]?.note).toBe("not measured with the sensor worn here");
    expect(shown({ strides: 20 }, { position: "ankle_left" })["asymmetry"]?.note).toBe("needs a sensor that feels both feet");
  });

  it("without an expected error says that the error is not known", () => {
    expect(shown({ strides: 20, speed_mps: 1 })["speed"]?.note).toBe("error not known, now");
  });
});

describe("the figures on demand", () => {
  it("call double support experimental", () => {
    const support = moreMeasures(rolling({ strides: 20, double_support: 0.243 }), context).at(-1);
    expect(support).toMatchObject({ id: "double_support", value: "24", note: "experimental" });
  });

  it("say of each that it is not there, and why", () => {
    for (const one of moreMeasures(rolling({ strides: 20 }), context)) expect(one).toMatchObject({ value: "–", note: "not measured" });
  });
});

describe("rolling figures on a card", () => {
  const told = { age_s: 1, strides: 20, speed_mps: 1 };
  const live = (numbers: object, more: object = {}) =>
    new LiveStream(readStream({ position: "lower_back", state: "streaming", last_sample_age_s: 0, numbers, ...more }), 0);

  it("grow old between two messages and are gone after ten seconds", () => {
    const one = live({ rolling: told });
    const at = (now_ms: number) => rollingOf(one, { now_ms, stale: false });
    expect(at(1000).context.when).toBe("now");
    expect(at(6500).context.when).toBe("7 s ago");
    expect(at(9500).rolling).toBeNull();
  });

  it("are not of now without a signal, and stay greyed with their age while the page is stale", () => {
    const lost = rollingOf(live({ rolling: told }, { state: "stalled", last_sample_age_s: 4 }), { now_ms: 100, stale: false });
    expect(lost).toMatchObject({ rolling: null, sides: null, old: true, context: { why: "no signal for 4 s" } });
    const stale = rollingOf(live({ rolling: told }), { now_ms: 60_000, stale: true });
    expect(stale).toMatchObject({ old: true, context: { when: "1 min old" } });
    expect(stale.rolling?.speed_mps).toBe(1);
  });
});

describe("left and right", () => {
  const sides = { left_step_time_s: 0.5, right_step_time_s: 0.6, steps: 12, confidence: 0.93 };

  it("are not shown while nobody knows them", () => {
    expect(sidesShown(null, null)).toBeNull();
    expect(sidesShown(null, { with_session_id: "t", double_support: 0.2, left_step_time_s: null, right_step_time_s: null, steps: null, age_s: null })).toBeNull();
  });

  it("say how sure they are, and are certain with two sensors", () => {
    expect(sidesShown(sides, null)?.note).toBe("Sides 93 % sure. Last 12 steps.");
    const pair = { with_session_id: "t", double_support: 0.24, left_step_time_s: 0.52, right_step_time_s: 0.58, steps: 20, age_s: 1 };
    expect(sidesShown(sides, pair)).toMatchObject({ left_s: 0.52, double_support: 0.24, note: "Sides certain: two sensors. Last 20 steps." });
  });
});

describe("the quality of a walk", () => {
  it("is a word, and not judged where nothing was said", () => {
    expect([0.9, 0.75, 0.6, 0.2, null].map((it) => qualityWords(it).label)).toEqual(["Good", "Good", "Fair", "Poor", "Not judged"]);
  });
});
