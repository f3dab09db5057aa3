/** The last samples of one stream in fixed memory, readable as one contiguous piece without copying. */

import { channelsOf } from "../wire/frame";
import type { Channels, WaveFrame } from "../wire/frame";

/** Time and channels, as a chart takes them: oldest first. */
export interface Waveform {
  time_s: Float64Array;
  channels: Channels;
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
  private readonly channels: Channels;
  private next = 0;
  private count = 0;
  private shown: Waveform | null = null;
  private shownVersion = -1;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.time_s = new Float64Array(2 * capacity);
    this.channels = channelsOf(2 * capacity);
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
    this.dt_s = frame.dt_s;
    for (let i = 0; i < frame.n; i++) {
      const at_s = frame.t0_s + i * frame.dt_s;
      if (at_s > last_s + 0.25 * frame.dt_s) this.put(at_s, frame.channels, i);
    }
    this.version++;
  }

  /** Appends samples that are newer than what is there already. */
  append({ time_s, channels }: Waveform): void {
    const last_s = this.last_s ?? -Infinity;
    for (let i = 0; i < time_s.length; i++) {
      const at_s = time_s[i] as number;
      if (at_s > last_s + 0.25 * this.dt_s) this.put(at_s, channels, i);
    }
    this.version++;
  }

  /** Appends sample `i` of these channels. */
  private put(at_s: number, from: Channels, i: number): void {
    const a = this.next;
    const b = a + this.capacity;
    this.time_s[a] = this.time_s[b] = at_s;
    for (let c = 0; c < from.length; c++) {
      const channel = this.channels[c] as Float32Array;
      channel[a] = channel[b] = (from[c] as Float32Array)[i] as number;
    }
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
    const { time_s, channels } = this.view();
    return { time_s: time_s.slice(), channels: channels.map((channel) => channel.slice()) as unknown as Channels };
  }

  /** All samples, oldest first, as views on the ring: valid until the next push, made anew only after one. */
  view(): Waveform {
    if (this.shown === null || this.shownVersion !== this.version) {
      const end = this.next + this.capacity;
      const start = end - this.count;
      const channels = this.channels.map((channel) => channel.subarray(start, end)) as unknown as Channels;
      this.shown = { time_s: this.time_s.subarray(start, end), channels };
      this.shownVersion = this.version;
    }
    return this.shown;
  }
}
