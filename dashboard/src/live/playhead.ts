/** The time at a live chart's right edge: smooth although frames arrive in bursts, never ahead of what was sent. */

/** Shown this much behind the newest sample, beside the time between two bursts of frames. */
const MARGIN_S = 0.08;
const LONGEST_BURST_S = 0.8;
/** Frames closer together than this came in one burst. */
const SAME_BURST_S = 0.02;
const BURST_FORGOTTEN = 0.98;
const SNAP_S = 1.5;
const LOOKBACK_S = 3.0;
const SLEW_PER_S = 0.25;

export class Playhead {
  private offset_s: number | null = null;
  private newest_s: number | null = null;
  private newestAt_s = 0;
  private heardAt_s: number | null = null;
  private burst_s = 0.1;
  private shownAt_s = 0;

  /** A frame whose newest sample is at `sample_s` came in at `now_s` on the page's clock. */
  heard(sample_s: number, now_s: number): void {
    const since_s = this.heardAt_s === null ? 0 : now_s - this.heardAt_s;
    if (since_s > SAME_BURST_S) {
      this.burst_s = Math.max(Math.min(since_s, LONGEST_BURST_S), BURST_FORGOTTEN * this.burst_s);
    }
    this.heardAt_s = now_s;
    const offset_s = sample_s - now_s;
    const old = this.newest_s === null || now_s - this.newestAt_s > LOOKBACK_S;
    if (old || offset_s > (this.newest_s as number) || offset_s < (this.newest_s as number) - SNAP_S) {
      this.newest_s = offset_s;
      this.newestAt_s = now_s;
    }
  }

  /** Session time to show at `now_s` on the page's clock, or null before anything was heard. */
  at(now_s: number): number | null {
    if (this.newest_s === null) return null;
    const target_s = this.newest_s - this.burst_s - MARGIN_S;
    if (this.offset_s === null || Math.abs(target_s - this.offset_s) > SNAP_S) {
      this.offset_s = target_s;
    } else {
      const most_s = SLEW_PER_S * Math.min(0.1, Math.max(0, now_s - this.shownAt_s));
      this.offset_s += Math.max(-most_s, Math.min(most_s, target_s - this.offset_s));
    }
    this.shownAt_s = now_s;
    return now_s + this.offset_s;
  }
}
