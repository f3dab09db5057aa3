import { describe, expect, it } from "vitest";
import { age, clockTime, duration, percent, whole } from "../src/format";
import { counterWords, eventRemark, eventWords, positionWords, signalWords, stateWords } from "../src/words";

describe("times", () => {
  it("read as people say them", () => {
    expect([7, 754, 3723].map(clockTime)).toEqual(["0:07", "12:34", "1:02:03"]);
    expect([42, 185, 3720].map(duration)).toEqual(["42 s", "3 min 05 s", "1 h 02 min"]);
    expect([0.2, 12.9, 190, 7300].map(age)).toEqual(["under 1 s", "12 s", "3 min", "2 h"]);
  });
});

describe("what is not known", () => {
  it("is a dash, never a zero", () => {
    expect([duration(null), age(null), whole(null), percent(null)]).toEqual(["–", "–", "–", "–"]);
    expect([whole(0), percent(0)]).toEqual(["0", "0 %"]);
    expect(signalWords(null)).toEqual({ label: "Unknown", bars: 0 });
  });
});

describe("words", () => {
  it("for loss do not round a little to nothing", () => {
    expect([0.0004, 0.012, 0.25].map(percent)).toEqual(["< 0.1 %", "1.2 %", "25 %"]);
  });

  it("for signal strength go from strong to very weak", () => {
    expect([-40, -70, -80, -95].map((rssi) => signalWords(rssi).bars)).toEqual([4, 3, 2, 1]);
  });

  it("cope with positions and counters of a newer server", () => {
    expect(positionWords("left_knee")).toBe("left knee");
    expect(counterWords("radio_hops")).toBe("Radio hops");
  });

  it("for a lost sensor always offer something to do", () => {
    for (const state of ["scanning", "stalled", "backing_off", "no_data", "failed"] as const) {
      expect(stateWords(state).remedy).toBeTruthy();
    }
  });
});

describe("an event's remark", () => {
  const at = { time_s: 10, emitted_s: 14 };

  it("call a freeze no more than freezing-like, with how long it lasted", () => {
    const freeze = { kind: "freeze", time_s: 10, end_s: 14, emitted_s: 19, form: "trembling" };
    expect(`${eventWords(freeze.kind)}: ${eventRemark(freeze)}`).toBe("Freezing-like episode: 4 s, trembling");
  });

  it("says of a turn its direction and roughly its angle", () => {
    const turn = { ...at, kind: "turn", end_s: 12.1 };
    expect(eventRemark({ ...turn, angle_rad: 3.1 })).toBe("to the left, about 180°, 2 s");
    expect(eventRemark({ ...turn, angle_rad: -1.6 })).toBe("to the right, about 90°, 2 s");
    expect(eventRemark({ ...turn, angle_rad: null })).toBe("angle not known, 2 s");
  });

  it("says of a walk what was measured and leaves out what was not", () => {
    const bout = { ...at, kind: "walking_bout", end_s: 40 };
    expect(eventRemark({ ...bout, steps: 54, cadence_spm: 107.4 })).toBe("30 s, 54 steps, 107 steps/min");
    expect(eventRemark({ ...bout, steps: 54, cadence_spm: null })).toBe("30 s, 54 steps");
    const quick = { ...bout, steps: 54, speed_mps: 1.234, speed_expected_error_mps: 0.1 };
    expect(eventRemark(quick)).toBe("30 s, 54 steps, 1.23 ± 0.10 m/s");
    expect(eventRemark({ ...quick, speed_expected_error_mps: null })).toBe("30 s, 54 steps");
  });

  it("calls a stumble possible and says how sure the sensor was in words", () => {
    const stumble = { ...at, kind: "stumble" };
    expect(eventWords("stumble")).toBe("Possible stumble");
    expect(eventRemark({ ...stumble, confidence: 0.8 })).toBe("felt clearly");
    expect(eventRemark({ ...stumble, confidence: 0.79 })).toBe("not certain");
    expect(eventRemark({ ...stumble, confidence: null })).toBe("");
  });
});
