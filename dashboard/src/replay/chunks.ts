/** A recording's waveform, fetched piece by piece where it is looked at, with a bounded memory. */

import { channelsOf, endOf_s } from "../wire/frame";
import type { Waveform } from "../live/ring";
import type { Channels, WaveFrame } from "../wire/frame";

export const CHUNK_S = 30;
/** 20 pieces of 30 s at 100 Hz take about 1.7 MB. */
const KEPT_CHUNKS = 20;
/** A piece that could not be fetched is asked for again after this long, if it is still looked at. */
const RETRY_MS = 2000;

const EMPTY: Waveform = { time_s: new Float64Array(0), channels: channelsOf(0) };

/** Frames in order of time into arrays without a copy of any moment. */
export function joinFrames(frames: readonly WaveFrame[], from_s: number, to_s: number): Waveform {
  const most = frames.reduce((sum, frame) => sum + frame.n, 0);
  const time_s = new Float64Array(most);
  const channels = channelsOf(most);
  let count = 0;
  let last_s = -Infinity;
  for (const frame of frames) {
    for (let i = 0; i < frame.n; i++) {
      const at_s = frame.t0_s + i * frame.dt_s;
      if (at_s < from_s || at_s >= to_s || at_s <= last_s + 0.25 * frame.dt_s) continue;
      time_s[count] = last_s = at_s;
      for (let c = 0; c < channels.length; c++) {
        (channels[c] as Float32Array)[count] = (frame.channels[c] as Float32Array)[i] as number;
      }
      count++;
    }
  }
  return {
    time_s: time_s.subarray(0, count),
    channels: channels.map((channel) => channel.subarray(0, count)) as unknown as Channels,
  };
}

export function joinWaveforms(parts: readonly Waveform[]): Waveform {
  const count = parts.reduce((sum, part) => sum + part.time_s.length, 0);
  const time_s = new Float64Array(count);
  const channels = channelsOf(count);
  let at = 0;
  for (const part of parts) {
    time_s.set(part.time_s, at);
    part.channels.forEach((channel, c) => (channels[c] as Float32Array).set(channel, at));
    at += part.time_s.length;
  }
  return { time_s, channels };
}

type Fetch = (start_s: number, end_s: number, signal: AbortSignal) => Promise<WaveFrame[]>;

export class WaveformChunks {
  version = 0;
  dt_s = 0.01;
  /** End of the last samples fetched whose directions were not certain, null where all were. */
  uncertainUntil_s: number | null = null;
  /** Why the last fetch failed, or null. */
  problem: string | null = null;
  private readonly chunks = new Map<number, Waveform>();
  private readonly asked = new Set<number>();
  private window = EMPTY;
  private windowKey = "";
  private readonly abort = new AbortController();
  private readonly fetch: Fetch;
  private readonly duration_s: number;

  constructor(fetch: Fetch, duration_s: number) {
    this.fetch = fetch;
    this.duration_s = duration_s;
  }

  /** The samples around what is shown; asks for what is missing and for the piece that comes next. */
  around(from_s: number, to_s: number): Waveform {
    const first = Math.max(0, Math.floor(from_s / CHUNK_S));
    const last = Math.max(first, Math.floor(to_s / CHUNK_S));
    for (let k = first; k <= last + 1; k++) this.want(k);
    const key = `${first}-${last}-${this.version}`;
    if (key !== this.windowKey) {
      const parts: Waveform[] = [];
      for (let k = first; k <= last; k++) parts.push(this.chunks.get(k) ?? EMPTY);
      this.window = joinWaveforms(parts);
      this.windowKey = key;
    }
    return this.window;
  }

  /** Whether everything that is shown has been fetched. */
  has(from_s: number, to_s: number): boolean {
    for (let k = Math.max(0, Math.floor(from_s / CHUNK_S)); k * CHUNK_S <= Math.min(to_s, this.duration_s); k++) {
      if (!this.chunks.has(k)) return false;
    }
    return true;
  }

  close(): void {
    this.abort.abort();
  }

  private want(k: number): void {
    if (this.chunks.has(k) || this.asked.has(k) || k * CHUNK_S > this.duration_s) return;
    this.asked.add(k);
    void this.load(k);
  }

  private async load(k: number): Promise<void> {
    const start_s = k * CHUNK_S;
    const end_s = start_s + CHUNK_S;
    try {
      const frames = await this.fetch(start_s, end_s, this.abort.signal);
      this.dt_s = frames[0]?.dt_s ?? this.dt_s;
      const uncertain = frames.findLast((frame) => frame.frameUncertain);
      if (uncertain) this.uncertainUntil_s = Math.max(this.uncertainUntil_s ?? -Infinity, endOf_s(uncertain));
      this.chunks.set(k, joinFrames(frames, start_s, end_s));
      this.problem = null;
      this.forgetFarFrom(k);
    } catch (error) {
      if (this.abort.signal.aborted) return;
      this.problem = error instanceof Error ? error.message : String(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    } finally {
      this.asked.delete(k);
      this.version++;
    }
  }

  private forgetFarFrom(k: number): void {
    while (this.chunks.size > KEPT_CHUNKS) {
      let farthest = k;
      for (const other of this.chunks.keys()) if (Math.abs(other - k) > Math.abs(farthest - k)) farthest = other;
      this.chunks.delete(farthest);
    }
  }
}

