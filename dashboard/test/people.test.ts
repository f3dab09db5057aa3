import { describe, expect, it } from "vitest";
import { lengthWords, speedWords, usedSpeeds } from "../src/people/bins";
import { calibrationLine, resultSentences, speedWasKnown, withoutIt } from "../src/people/calibrationWords";
import { scaleOf, standing, standingWords } from "../src/people/compare";
import { dayOf, isDay, longDay, shiftDay } from "../src/people/days";
import { factsOf, typedNumber, typedOf } from "../src/people/facts";
import { nameKey, personNamed } from "../src/people/known";
import { stretchOf, usable } from "../src/people/walkChoice";
import { refusal } from "../src/refusal";
import { routeOf } from "../src/router";
import type { Person } from "../src/wire/people";

const usual = { median: 30, low: 20, high: 40 };
const anna: Person = {
  id: 1,
  name: "Anna",
  height_m: 1.685,
  sensor_height_m: null,
  age_years: 61,
  sex: null,
  condition: "ms",
  freezes: false,
  calibrations: [],
  sessions: 0,
  last_seen_at: null,
};

describe("days", () => {
  it("are those where the reader is, and shift over months and leap years", () => {
    expect(dayOf(new Date(2026, 10, 5, 23, 59))).toBe("2026-11-05");
    expect([shiftDay("2028-02-28", 1), shiftDay("2026-01-01", -1)]).toEqual(["2028-02-29", "2025-12-31"]);
    expect(longDay("2026-11-25")).toMatch(/Wednesday,? 25 November 2026/);
  });

  it("that there are not are refused", () => {
    expect(["2026-11-25", "2026-02-30", "2026-13-01", "today", "", "2026-1-1"].map(isDay)).toEqual([true, false, false, false, false, false]);
  });
});

describe("a day's figure", () => {
  it("is compared with the quartiles of the days before", () => {
    expect([10, 20, 30, 40, 50].map((value) => standing(value, usual, 7200, false))).toEqual(["below", "within", "within", "within", "above"]);
  });

  it("is never called low while the day goes on", () => {
    expect([10, 30, 50].map((value) => standing(value, usual, 7200, true))).toEqual(["so far", "so far", "above"]);
  });

  it("is not compared when little was recorded, nothing is known or nothing is usual yet", () => {
    expect(standing(5, usual, 600, false)).toBe("short");
    expect(standing(null, usual, 7200, false)).toBe("unknown");
    expect(standing(5, null, 7200, false)).toBe("unknown");
  });

  it("is compared in words that fit it", () => {
    expect(standingWords("below", "speed")).toBe("Slower than on most days.");
    expect(standingWords("above", "duration")).toBe("Longer than on most days.");
    expect(standingWords("unknown", "amount")).toBe("");
  });

  it("stays on its scale", () => {
    for (const value of [null, 0, 30, 400]) {
      const { low, median, high, value: at } = scaleOf(value, usual);
      for (const share of [low, median, high, at ?? 0]) expect(share >= 0 && share <= 1).toBe(true);
    }
    expect(scaleOf(0, { median: 0, low: 0, high: 0 }).value).toBe(0);
  });
});

describe("classes of walks", () => {
  it("have plain names", () => {
    const bounds = [[0, 10], [10, 30], [30, 60], [60, 120], [120, null]] as const;
    expect(bounds.map(([from_s, to_s]) => lengthWords({ from_s, to_s }))).toEqual([
      "Under 10 s", "10 s to 30 s", "30 s to 1 min", "1 min to 2 min", "2 min and longer",
    ]);
    expect(speedWords({ from_mps: 2, to_mps: null })).toBe("2.0 m/s and faster");
  });

  it("are shown from the first to the last that is used", () => {
    const speeds = [0, 0, 5, 0, 7, 0].map((walking_s, i) => ({ from_mps: i, to_mps: i + 1, walking_s }));
    expect(usedSpeeds(speeds).map((it) => it.from_mps)).toEqual([2, 3, 4]);
    expect(usedSpeeds([])).toEqual([]);
  });
});

describe("what is typed about a person", () => {
  it("comes back as it was", () => {
    expect(factsOf(typedOf(anna))).toEqual({
      facts: { name: "Anna", height_m: 1.685, sensor_height_m: null, age_years: 61, sex: null, condition: "ms", freezes: false },
    });
  });

  it("may have a decimal comma and must be a number", () => {
    expect(["", " 168,5 ", "1.7", "tall", "-3", "1e3"].map(typedNumber)).toEqual([null, 168.5, 1.7, NaN, NaN, NaN]);
  });

  it("is refused in sentences", () => {
    const problems = (more: object) => {
      const read = factsOf({ ...typedOf(anna), ...more });
      return "problems" in read ? read.problems : [];
    };
    expect(problems({ name: " " })).toEqual(["Please give a name."]);
    expect(problems({ height_cm: "1.68" })).toEqual(["Height must be a number from 50 to 250 cm, or stay empty."]);
    expect(problems({ sensorHeight_cm: "175" })).toEqual(["The sensor cannot be higher than the person is tall."]);
  });
});

describe("a calibration in words", () => {
  const done = { position: "lower_back", factor: 0.926, pendulum_m: 0.9, error_share: 0.031, walked_m: 40, at: "2026-11-25T10:00:00Z", measured_m: 43.2, strides: 30 };

  it("says how far off speed was, that it is corrected, and what error is left", () => {
    const said = resultSentences(done, 40, true).join(" ");
    expect(said).toContain("measures 43.2 m for these 40 m. Speed was 8 % too high. It is corrected now.");
    expect(said).toContain("The expected error is now ± 3.1 %");
    expect(said).toContain("sessions that begin from now on");
    expect(resultSentences({ ...done, measured_m: 36 }, 40, true)[0]).toContain("10 % too low");
    expect(resultSentences({ ...done, measured_m: 40.1 }, 40, true)[0]).toContain("right already");
  });

  it("does not call a speed wrong that nobody knew", () => {
    expect(resultSentences(done, 40, false)[0]).toContain("not known before");
    expect(speedWasKnown(anna, "lower_back")).toBe(true);
    expect(speedWasKnown({ ...anna, height_m: null }, "lower_back")).toBe(false);
    expect(speedWasKnown({ ...anna, height_m: null, calibrations: [done] }, "lower_back")).toBe(true);
  });

  it("says what earlier walks add", () => {
    expect(resultSentences({ ...done, walked_m: 60 }, 40, true).join(" ")).toContain("rests on 60 m in all");
  });

  it("is one line in the list", () => {
    expect(calibrationLine(done)).toMatch(/^Lower back: Without it, speed would be 8 % too high\. From 40 m walked, .*2026\. Expected error now ± 3.1 %\.$/);
    expect([1.25, 0.999].map(withoutIt)).toEqual(["Without it, speed would be 20 % too low.", "Without it, speed would be right to within half a per cent."]);
  });
});

describe("walks to calibrate with", () => {
  const walk = (time_s: number, end_s: number, steps: number) => ({ kind: "walking_bout", time_s, end_s, emitted_s: end_s, steps });

  it("are long enough, longest first, and are chosen with a little time around them", () => {
    const walks = usable([walk(0, 5, 8), walk(10, 40, 50), walk(50, 110, 100)]);
    expect(walks.map((it) => it.time_s)).toEqual([50, 10]);
    expect(stretchOf("s", "waist", walks[1] ?? walk(0, 0, 0))).toEqual({ session_id: "s", position: "waist", start_s: 9.5, end_s: 40.5 });
  });
});

describe("a name", () => {
  it("is the same however it is spelled", () => {
    expect(nameKey("  Anna   Maria ")).toBe("anna maria");
    expect(personNamed([anna], "ANNA")?.id).toBe(1);
    expect(personNamed([anna], "Bert")).toBeNull();
  });
});

describe("a refusal", () => {
  it("is the server's sentence, or what is wrong with each field", () => {
    expect(refusal({ detail: "There is no person 7." })).toBe("There is no person 7.");
    expect(refusal({ detail: [{ loc: ["body", "height_m"], msg: "Input should be less than or equal to 2.8" }] })).toBe(
      "Height (in metres): this should be less than or equal to 2.8.",
    );
    expect(refusal({ detail: [{ loc: ["body"], msg: "Value error, the sensor cannot be worn above the head" }] })).toBe("The sensor cannot be worn above the head.");
    for (const body of [null, "x", {}, { detail: [] }, { detail: 4 }]) expect(refusal(body)).toBeNull();
  });
});

describe("addresses of people", () => {
  it("lead to their pages", () => {
    expect(routeOf("/people", "?add=Anna")).toEqual({ page: "people", add: "Anna" });
    expect(routeOf("/people/3", "")).toEqual({ page: "person", id: 3 });
    expect(routeOf("/people/3/today", "?date=2026-11-24")).toEqual({ page: "day", id: 3, date: "2026-11-24" });
    expect(routeOf("/people/3/today", "?date=yesterday")).toEqual({ page: "day", id: 3, date: null });
    expect(routeOf("/people/3/calibrate", "")).toEqual({ page: "calibrate", id: 3, session: null });
    expect(routeOf("/sessions/s", "?at=12.5")).toEqual({ page: "replay", id: "s", at_s: 12.5 });
  });

  it("that mean nobody are unknown", () => {
    for (const path of ["/people/x", "/people/0", "/people/3/tomorrow", "/people/3/today/4"]) expect(routeOf(path, "")).toEqual({ page: "unknown" });
  });
});
