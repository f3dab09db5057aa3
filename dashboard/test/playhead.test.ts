import { describe, expect, it } from "vitest";
import { Playhead } from "../src/live/playhead";

/** Frames of 0.1 s that arrive in bursts of `burst`, drawn 30 times a second for `seconds`. */
function shown(playhead: Playhead, seconds: number, burst: number): { at_s: number; heard_s: number }[] {
  const out: { at_s: number; heard_s: number }[] = [];
  let heard_s = 0;
  for (let k = 0; k < seconds * 30; k++) {
    const now_s = k / 30;
    while (heard_s + burst <= now_s) {
      heard_s += burst;
      playhead.heard(heard_s, now_s);
    }
    const at_s = playhead.at(now_s);
    if (at_s !== null) out.push({ at_s, heard_s });
  }
  return out;
}

describe("the right edge of a live chart", () => {
  it("knows nothing before the first frame", () => {
    expect(new Playhead().at(1)).toBeNull();
  });

  it("never runs backwards and follows real time, though frames come in bursts", () => {
    const moments = shown(new Playhead(), 20, 0.4);
    const steps = moments.slice(1).map((moment, i) => moment.at_s - (moments[i]?.at_s ?? 0));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps.slice(60))).toBeLessThan(0.06);
    for (const { at_s, heard_s } of moments.slice(90)) expect(Math.abs(at_s - heard_s)).toBeLessThan(0.7);
  });

  it("stays behind the newest sample even between two bursts", () => {
    for (const burst of [0.1, 0.36]) {
      const late = shown(new Playhead(), 20, burst).slice(90);
      for (const { at_s, heard_s } of late) expect(at_s).toBeLessThanOrEqual(heard_s);
    }
  });

  it("jumps when the stream jumps", () => {
    const playhead = new Playhead();
    playhead.heard(10, 0);
    expect(playhead.at(0)).toBeCloseTo(9.82, 5);
    playhead.heard(500, 0.1);
    expect(playhead.at(0.1)).toBeCloseTo(499.82, 5);
    playhead.heard(2, 0.2);
    expect(playhead.at(0.2)).toBeCloseTo(1.82, 5);
  });

  it("goes on while nothing comes, so that a hole is seen to grow", () => {
    const playhead = new Playhead();
    playhead.heard(10, 0);
    playhead.at(0);
    expect(playhead.at(5)).toBeCloseTo(14.82, 5);
  });
});
