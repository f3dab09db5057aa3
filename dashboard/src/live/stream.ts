/** One person's sensor on the live page: the server's last word about it, its samples and its marks. */

import { BoutList } from "./bouts";
import { Marks } from "./marks";
import { Playhead } from "./playhead";
import { WaveRing } from "./ring";
import { endOf_s } from "../wire/frame";
import type { BoutMark } from "./marks";
import type { Waveform } from "./ring";
import type { EventMessage, GaitEvent, Stream } from "../wire/types";
import type { WaveFrame } from "../wire/frame";

/** 40 s at 100 Hz: more than the longest window that is shown. */
const RING_SAMPLES = 4096;
const MARKS = 512;
const RECENT_EVENTS = 40;
const FINISHED_BOUT_WITHIN_S = 6;
/** Time that goes back by more than this began anew. */
const RESTARTED_S = 5;

export class LiveStream {
  stream: Stream;
  /** When `stream` came, on the page's clock (ms). */
  heardAt_ms: number;
  readonly ring = new WaveRing(RING_SAMPLES);
  readonly marks = new Marks(MARKS);
  readonly bouts = new BoutList();
  readonly recent: EventMessage[] = [];
  /** Left and right have been told apart at least once: their place stays, so that nothing jumps when they come and go. */
  sidesSeen = false;
  /** Waveform frames that the server left out for this page because it was slow. */
  framesLeftOut = 0;
  frameUncertain = false;
  /** End of the newest samples whose directions were not certain, null where all were. */
  uncertainUntil_s: number | null = null;
  /** Why the session ended, or null while it goes on. */
  ended: string | null = null;
  private readonly playhead = new Playhead();
  private lastFrameNo: number | null = null;
  private firstHeard_s: number | null = null;
  private frozenAt_s: number | null = null;
  private lastOpen: BoutMark | null = null;

  constructor(stream: Stream, now_ms: number) {
    this.stream = stream;
    this.heardAt_ms = now_ms;
  }

  update(stream: Stream, now_ms: number): void {
    this.stream = stream;
    this.heardAt_ms = now_ms;
    this.ended = null;
    this.sidesSeen ||= stream.numbers.sides !== null || stream.numbers.pair !== null;
    // While no samples come, the session's own clock moves the chart on, so that the hole is seen to grow.
    if (stream.state !== "streaming") this.playhead.heard(stream.time_s, now_ms / 1000);
  }

  push(frame: WaveFrame, now_ms: number): void {
    const last_s = this.ring.last_s;
    if (last_s !== null && frame.t0_s < last_s - RESTARTED_S) this.ring.clear();
    if (this.lastFrameNo !== null && frame.frameNo > this.lastFrameNo + 1) {
      this.framesLeftOut += frame.frameNo - this.lastFrameNo - 1;
    }
    this.lastFrameNo = frame.frameNo;
    this.frameUncertain = frame.frameUncertain;
    if (frame.frameUncertain) this.uncertainUntil_s = endOf_s(frame);
    this.firstHeard_s ??= frame.t0_s;
    this.ring.push(frame);
    if (this.ring.last_s !== null) this.playhead.heard(this.ring.last_s, now_ms / 1000);
  }

  take(message: EventMessage, now_ms: number): void {
    const { event } = message;
    this.marks.add(event, now_ms);
    this.bouts.add(event);
    if (event.kind === "retraction") this.forget(event);
    else if (event.kind !== "step") this.recent.push(message); // steps are the chart's ticks; here they would bury the rest
    if (this.recent.length > RECENT_EVENTS) this.recent.shift();
  }

  /** What was withdrawn leaves the list without a word. */
  private forget({ of_kind, of_time_s = NaN }: GaitEvent): void {
    const at = this.recent.findIndex(({ event }) => event.kind === of_kind && Math.abs(event.time_s - of_time_s) < 0.05);
    if (at >= 0) this.recent.splice(at, 1);
  }

  /** A new connection numbers its frames anew. */
  reconnected(): void {
    this.lastFrameNo = null;
  }

  /** What was recorded before this page began to listen; what it heard itself stays as it is, holes included. */
  backfill(frames: readonly WaveFrame[], now_ms: number): void {
    const heard = this.ring.copy();
    const before_s = this.firstHeard_s ?? Infinity;
    this.ring.clear();
    for (const frame of frames) if (frame.t0_s < before_s) this.ring.push(frame);
    this.ring.append(heard);
    if (this.firstHeard_s === null && this.ring.last_s !== null) this.playhead.heard(this.ring.last_s, now_ms / 1000);
  }

  /** Walks that ended before this page began to listen. */
  takeEarlier(walks: readonly GaitEvent[]): void {
    for (const walk of walks) this.bouts.add(walk);
  }

  waveform(): Waveform {
    return this.ring.view();
  }

  /** Session time at the chart's right edge; it stands still while the page is stale or the session over. */
  edge_s(now_ms: number, running: boolean): number | null {
    if (!running || this.ended !== null) {
      this.frozenAt_s ??= this.playhead.at(now_ms / 1000);
      return this.frozenAt_s;
    }
    this.frozenAt_s = null;
    return this.playhead.at(now_ms / 1000);
  }

  /**
   * The bout in progress as far as samples came. It stays for a while after its last step, until the finished bout
   * takes its place, so that the shading does not blink.
   */
  openBout(): BoutMark | null {
    const bout = this.stream.numbers.bout;
    const last_s = this.ring.last_s ?? 0;
    if (bout) {
      const seen_s = bout.start_s + bout.duration_s;
      this.lastOpen = { start_s: bout.start_s, end_s: Math.max(bout.start_s, Math.min(seen_s, last_s)) };
    }
    const open = this.lastOpen;
    if (!open || last_s > open.end_s + FINISHED_BOUT_WITHIN_S) return null;
    return this.marks.bouts.some((known) => known.end_s > open.start_s) ? null : open;
  }
}
