/** Where a replay stands, whether it runs, and how fast. */

export const SPEEDS = [0.5, 1, 2, 4, 8] as const;

export class Transport {
  position_s: number;
  playing = false;
  speed = 1;
  /** Where it ends and, for a part of a session, where it begins. */
  readonly duration_s: number;
  readonly from_s: number;
  private last_ms: number | null = null;

  constructor(duration_s: number, start_s: number, from_s = 0) {
    this.duration_s = duration_s;
    this.from_s = from_s;
    this.position_s = Math.min(start_s, duration_s);
  }

  /** Moves on with the page's clock and stops at the end. */
  tick(now_ms: number): void {
    const passed_s = this.last_ms === null ? 0 : Math.max(0, now_ms - this.last_ms) / 1000;
    this.last_ms = now_ms;
    if (!this.playing) return;
    this.seek(this.position_s + passed_s * this.speed);
    if (this.position_s >= this.duration_s) this.playing = false;
  }

  seek(to_s: number): void {
    this.position_s = Math.min(this.duration_s, Math.max(this.from_s, to_s));
  }

  /** Plays or pauses; at the end it starts again. */
  toggle(): void {
    this.playing = !this.playing;
    if (this.playing && this.position_s >= this.duration_s) this.position_s = this.from_s;
  }

  /** The next faster (+1) or slower (−1) speed. */
  shift(by: 1 | -1): void {
    const at = SPEEDS.findIndex((speed) => speed === this.speed);
    this.speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + by))] ?? 1;
  }
}
