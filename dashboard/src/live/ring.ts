/** The last samples of one stream in fixed memory, readable as one contiguous piece without copying. */

import type { WaveFrame } from "../wire/frame";

/** Time and three channels, as a chart takes them: oldest first. */
export interface Waveform {
  time_s: Float64Array;
  channels_mps2: readonly [Float32Array, Float32Array, Float32Array];
}

/**
 * Every sample is written twice, one capacity apart, so that the window which ends at the newest sample is always one
 * slice of the arrays.
 */
export class WaveRing {
  readonly capacity: number;
  /** Rises with every change, so that a chart can see whether there is anything new. */
  version = 0;
  /** The spacing of the newest frame; a larger jump of time is a hole. */
  dt_s = 0.01;
  private readonly time_s: Float64Array;
  private readonly channels: readonly [Float32Array, Float32Array, Float32Array];
  private next = 0;
  private count = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.time_s = new Float64Array(2 * capacity);
    this.channels = [new Float32Array(2 * capacity), new Float32Array(2 * capacity), new Float32Array(2 * capacity)];
  }

  get length(): number {
    return this.count;
  }

  /** Time of the newest sample, or null when there is none. */
  get last_s(): number | null {
    return this.count === 0 ? null : (this.time_s[this.next + this.capacity - 1] ?? null);
  }

  /** Appends a frame; samples that are not newer than what is there already are left out. */
  push(frame: WaveFrame): void {
    const last_s = this.last_s ?? -Infinity;
    const [v, ml, ap] = frame.channels_mps2;
    this.dt_s = frame.dt_s;
    for (let i = 0; i < frame.n; i++) {
      const at_s = frame.t0_s + i * frame.dt_s;
      if (at_s > last_s + 0.25 * frame.dt_s) this.put(at_s, v[i] as number, ml[i] as number, ap[i] as number);
    }
    this.version++;
  }

  /** Appends samples that are newer than what is there already. */
  append({ time_s, channels_mps2: [v, ml, ap] }: Waveform): void {
    const last_s = this.last_s ?? -Infinity;
    for (let i = 0; i < time_s.length; i++) {
      const at_s = time_s[i] as number;
      if (at_s > last_s + 0.25 * this.dt_s) this.put(at_s, v[i] as number, ml[i] as number, ap[i] as number);
    }
    this.version++;
  }

  private put(at_s: number, v_mps2: number, ml_mps2: number, ap_mps2: number): void {
    const [v, ml, ap] = this.channels;
    const a = this.next;
    const b = a + this.capacity;
    this.time_s[a] = this.time_s[b] = at_s;
    v[a] = v[b] = v_mps2;
    ml[a] = ml[b] = ml_mps2;
    ap[a] = ap[b] = ap_mps2;
    this.next = (a + 1) % this.capacity;
    this.count = Math.min(this.count + 1, this.capacity);
  }

  clear(): void {
    this.next = 0;
    this.count = 0;
    this.version++;
  }

  /** All samples, oldest first, in arrays of their own. */
  copy(): Waveform {
    const { time_s, channels_mps2 } = this.view();
    const [v, ml, ap] = channels_mps2;
    return { time_s: time_s.slice(), channels_mps2: [v.slice(), ml.slice(), ap.slice()] };
  }

  /** All samples, oldest first, as views on the ring: valid until the next push. */
  view(): Waveform {
    const end = this.next + this.capacity;
    const start = end - this.count;
    const [v, ml, ap] = this.channels;
    return {
      time_s: this.time_s.subarray(start, end),
      channels_mps2: [v.subarray(start, end), ml.subarray(start, end), ap.subarray(start, end)],
    };
  }
}
