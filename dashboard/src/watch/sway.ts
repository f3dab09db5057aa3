/**
 * A person's sway as a screen draws it: both horizontal accelerations, low-passed as they come, and the ellipse that
 * holds 95 % of them. It is for looking; the figures of a result are the server's.
 */

import { AP, ML } from "../wire/frame";
import type { Waveform } from "../live/ring";

const RATE_HZ = 100;
/** Where instrumented stances are low-passed (Mancini 2012). */
const CUT_OFF_HZ = 3.5;
/** Every other point is drawn: nothing above 3.5 Hz is left between them. */
const EVERY = 2;
/** A longer break begins anew. */
const HOLE_S = 0.3;
/** 95 % of a bivariate normal distribution lie within this many squared standard deviations (chi², 2 degrees). */
const CHI2_95 = 5.991;

export interface Ellipse {
  ml_mps2: number;
  ap_mps2: number;
  /** Half axes. */
  a_mps2: number;
  b_mps2: number;
  /** Of the longer axis, from the sideways one towards forward. */
  angle_rad: number;
  area_m2ps4: number;
}

/** Second-order Butterworth low-pass that starts at rest at its first value. */
class LowPass {
  private x1 = 0;
  private x2 = 0;
  private y1 = 0;
  private y2 = 0;
  private readonly b: number;
  private readonly a1: number;
  private readonly a2: number;

  constructor() {
    const k = Math.tan((Math.PI * CUT_OFF_HZ) / RATE_HZ);
    const norm = 1 / (1 + Math.SQRT2 * k + k * k);
    this.b = k * k * norm;
    this.a1 = 2 * (k * k - 1) * norm;
    this.a2 = (1 - Math.SQRT2 * k + k * k) * norm;
  }

  rest(at: number): void {
    this.x1 = this.x2 = this.y1 = this.y2 = at;
  }

  next(x: number): number {
    const y = this.b * (x + 2 * this.x1 + this.x2) - this.a1 * this.y1 - this.a2 * this.y2;
    this.x2 = this.x1;
    this.x1 = x;
    this.y2 = this.y1;
    this.y1 = y;
    return y;
  }
}

/** Points of one stance in fixed memory; the oldest are kept when it is full, as a stance is drawn from its beginning. */
export class SwayTrace {
  readonly time_s: Float64Array;
  readonly ml_mps2: Float32Array;
  readonly ap_mps2: Float32Array;
  count = 0;
  private from_s = NaN;
  private first_s = Infinity;
  private last_s = -Infinity;
  private skipped = 0;
  private readonly mlPass = new LowPass();
  private readonly apPass = new LowPass();

  constructor(longest_s: number) {
    const most = Math.ceil((longest_s * RATE_HZ) / EVERY);
    this.time_s = new Float64Array(most);
    this.ml_mps2 = new Float32Array(most);
    this.ap_mps2 = new Float32Array(most);
  }

  /**
   * Goes on with the samples up to `to_s`. It begins anew for another `from_s`, for a `to_s` before what was drawn, and
   * when samples have come in before those that were there first.
   */
  follow({ time_s, channels }: Waveform, from_s: number, to_s: number): void {
    const first_s = time_s[firstAfter(time_s, from_s)] ?? Infinity;
    if (from_s !== this.from_s || to_s < this.last_s - 1 / RATE_HZ || first_s < this.first_s - 1 / RATE_HZ) {
      this.clear(from_s, first_s);
    }
    const ml = channels[ML];
    const ap = channels[AP];
    for (let i = firstAfter(time_s, Math.max(this.last_s, from_s)); i < time_s.length; i++) {
      const at_s = time_s[i] as number;
      if (at_s > to_s) break;
      const ml_mps2 = ml[i] as number;
      const ap_mps2 = ap[i] as number;
      if (Number.isNaN(ml_mps2) || Number.isNaN(ap_mps2)) continue;
      if (at_s - this.last_s > HOLE_S) {
        this.mlPass.rest(ml_mps2);
        this.apPass.rest(ap_mps2);
      }
      this.put(at_s, this.mlPass.next(ml_mps2), this.apPass.next(ap_mps2));
      this.last_s = at_s;
    }
  }

  private put(at_s: number, ml_mps2: number, ap_mps2: number): void {
    this.skipped++;
    if (this.skipped < EVERY || this.count === this.time_s.length) return;
    this.skipped = 0;
    this.time_s[this.count] = at_s;
    this.ml_mps2[this.count] = ml_mps2;
    this.ap_mps2[this.count] = ap_mps2;
    this.count++;
  }

  private clear(from_s: number, first_s: number): void {
    this.from_s = from_s;
    this.first_s = first_s;
    this.last_s = -Infinity;
    this.count = 0;
    this.skipped = 0;
  }

  /** Of the points from `from_s` to `to_s`, written into `into`; false where there are too few of them. */
  ellipse(from_s: number, to_s: number, into: Ellipse): boolean {
    let n = 0;
    let ml = 0;
    let ap = 0;
    for (let i = 0; i < this.count; i++) {
      if ((this.time_s[i] as number) < from_s || (this.time_s[i] as number) > to_s) continue;
      n++;
      ml += this.ml_mps2[i] as number;
      ap += this.ap_mps2[i] as number;
    }
    if (n < 2 * (RATE_HZ / EVERY)) return false;
    ml /= n;
    ap /= n;
    let mlml = 0;
    let apap = 0;
    let mlap = 0;
    for (let i = 0; i < this.count; i++) {
      if ((this.time_s[i] as number) < from_s || (this.time_s[i] as number) > to_s) continue;
      const x = (this.ml_mps2[i] as number) - ml;
      const y = (this.ap_mps2[i] as number) - ap;
      mlml += x * x;
      apap += y * y;
      mlap += x * y;
    }
    mlml /= n - 1;
    apap /= n - 1;
    mlap /= n - 1;
    const middle = (mlml + apap) / 2;
    const apart = Math.hypot((mlml - apap) / 2, mlap);
    into.ml_mps2 = ml;
    into.ap_mps2 = ap;
    into.a_mps2 = Math.sqrt(CHI2_95 * (middle + apart));
    into.b_mps2 = Math.sqrt(CHI2_95 * Math.max(0, middle - apart));
    into.angle_rad = 0.5 * Math.atan2(2 * mlap, mlml - apap);
    into.area_m2ps4 = Math.PI * into.a_mps2 * into.b_mps2;
    return true;
  }
}

/** Index of the first time after `at_s` in rising times. */
function firstAfter(time_s: Float64Array, at_s: number): number {
  let low = 0;
  let high = time_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time_s[middle] as number) <= at_s) low = middle + 1;
    else high = middle;
  }
  return low;
}
