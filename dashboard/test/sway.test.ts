import { describe, expect, it } from "vitest";
import { SwayTrace } from "../src/watch/sway";
import { channelsOf } from "../src/wire/frame";
import type { Waveform } from "../src/live/ring";
import type { Ellipse } from "../src/watch/sway";

const RATE_HZ = 100;
const blank = (): Ellipse => ({ ml_mps2: 0, ap_mps2: 0, a_mps2: 0, b_mps2: 0, angle_rad: 0, area_m2ps4: 0 });

/** Samples of `seconds` from `from_s` on, sideways and forward given as functions of time. */
function wave(seconds: number, ml: (t: number) => number, ap: (t: number) => number, from_s = 0): Waveform {
  const n = seconds * RATE_HZ;
  const channels = channelsOf(n);
  const time_s = Float64Array.from({ length: n }, (_, i) => from_s + i / RATE_HZ);
  time_s.forEach((t, i) => {
    channels[1][i] = ml(t);
    channels[2][i] = ap(t);
  });
  return { time_s, channels };
}

const sine = (hz: number, size: number) => (t: number) => size * Math.sin(2 * Math.PI * hz * t);

function points(trace: SwayTrace): [number, number][] {
  return Array.from({ length: trace.count }, (_, i) => [trace.ml_mps2[i] as number, trace.ap_mps2[i] as number]);
}

describe("a person's sway", () => {
  it("keeps slow sway and loses tremor", () => {
    const trace = new SwayTrace(60);
    trace.follow(wave(20, sine(0.5, 0.1), sine(9, 0.1)), 0, 20);
    const late = points(trace).filter((_, i) => (trace.time_s[i] as number) > 5);
    expect(Math.max(...late.map(([ml]) => ml))).toBeCloseTo(0.1, 2);
    expect(Math.max(...late.map(([, ap]) => Math.abs(ap)))).toBeLessThan(0.02);
  });

  it("is the same however the samples come", () => {
    const all = wave(12, sine(0.7, 0.1), sine(0.4, 0.05));
    const once = new SwayTrace(60);
    once.follow(all, 1, 12);
    const often = new SwayTrace(60);
    for (let to_s = 1.03; to_s < 12.1; to_s += 0.37) often.follow(all, 1, to_s);
    often.follow(all, 1, 12);
    expect(points(often)).toEqual(points(once));
  });

  it("begins anew when it is looked at from an earlier moment, and when earlier samples come in", () => {
    const all = wave(12, sine(0.7, 0.1), sine(0.4, 0.05));
    const late = new SwayTrace(60);
    late.follow(wave(6, sine(0.7, 0.1), sine(0.4, 0.05), 6), 2, 12);
    late.follow(all, 2, 12);
    const back = new SwayTrace(60);
    back.follow(all, 2, 12);
    const whole = points(back);
    expect(points(late)).toEqual(whole);
    back.follow(all, 2, 5);
    expect(back.count).toBeLessThan(whole.length);
    expect(back.time_s[back.count - 1]).toBeLessThanOrEqual(5);
  });

  it("starts without a jump, wherever it stands, and again after a hole", () => {
    const trace = new SwayTrace(60);
    trace.follow(wave(3, () => 0.8, () => -0.4), 0, 3);
    trace.follow(wave(3, () => 0.2, () => 0.1, 10), 0, 13);
    expect(points(trace).every(([ml]) => Math.abs(ml - 0.8) < 1e-6 || Math.abs(ml - 0.2) < 1e-6)).toBe(true);
  });

  it("never outgrows its memory", () => {
    const trace = new SwayTrace(2);
    trace.follow(wave(10, sine(1, 0.1), sine(1, 0.1)), 0, 10);
    expect(trace.count).toBe(trace.time_s.length);
    expect(trace.time_s[trace.count - 1]).toBeLessThan(2.01);
  });
});

describe("the ellipse of 95 %", () => {
  it("has the area that the covariance gives, and lies along the sway", () => {
    const trace = new SwayTrace(120);
    const along = 0.3;
    const u = sine(0.31, 0.2);
    const v = sine(0.73, 0.05);
    const ml = (t: number): number => Math.cos(along) * u(t) - Math.sin(along) * v(t);
    const ap = (t: number): number => Math.sin(along) * u(t) + Math.cos(along) * v(t);
    trace.follow(wave(100, ml, ap), 0, 100);
    const ellipse = blank();
    expect(trace.ellipse(0, 100, ellipse)).toBe(true);
    // A sine of size s has the variance s²/2.
    expect(ellipse.area_m2ps4).toBeCloseTo(5.991 * Math.PI * (0.2 / Math.SQRT2) * (0.05 / Math.SQRT2), 2);
    expect(ellipse.a_mps2 / ellipse.b_mps2).toBeCloseTo(4, 1);
    expect(ellipse.angle_rad).toBeCloseTo(along, 1);
  });

  it("is of its own stretch only, and of none that is too short", () => {
    const trace = new SwayTrace(60);
    trace.follow(wave(30, (t) => (t < 10 ? 5 : sine(0.5, 0.1)(t)), sine(0.5, 0.1)), 0, 30);
    const calm = blank();
    const all = blank();
    expect(trace.ellipse(12, 30, calm)).toBe(true);
    expect(trace.ellipse(0, 30, all)).toBe(true);
    expect(calm.a_mps2).toBeLessThan(1);
    expect(all.a_mps2).toBeGreaterThan(3);
    expect(trace.ellipse(12, 12.5, calm)).toBe(false);
  });
});
