/** One tone at one moment: "go". */

const TONE_HZ = 880;
const LASTS_S = 0.35;
const LOUDNESS = 0.5;
const RAMP_S = 0.01;
/** A tone that could only come later than this is left out: it would be a wrong "go". */
const TOO_LATE_S = 0.1;

/** The clock becomes surer with every message; a moment that moves by less than this stays as it was planned. */
const SAME_MS = 5;

export class Beeper {
  private context: AudioContext | null = null;
  private planned: OscillatorNode | null = null;
  /** The moment that is planned, on the page's clock (ms). */
  private at_ms: number | null = null;

  /** Browsers let a page sound only after somebody touched it: call this in a touch. */
  wake(): void {
    if (!("AudioContext" in window)) return;
    this.context ??= new AudioContext();
    if (this.context.state === "suspended") void this.context.resume();
  }

  /** Beeps at this moment of the page's clock (ms) and at no other that was planned before. */
  at(page_ms: number): void {
    if (this.at_ms !== null && Math.abs(this.at_ms - page_ms) < SAME_MS) return;
    this.cancel();
    this.at_ms = page_ms;
    this.wake();
    const context = this.context;
    void context?.resume().then(() => this.at_ms === page_ms && this.plan(context, page_ms));
  }

  cancel(): void {
    this.at_ms = null;
    this.planned?.stop();
    this.planned = null;
  }

  private plan(context: AudioContext, page_ms: number): void {
    const ahead_s = (page_ms - performance.now()) / 1000 - (context.outputLatency || 0);
    if (ahead_s < -TOO_LATE_S) return;
    const start_s = context.currentTime + Math.max(0, ahead_s);
    const loudness = context.createGain();
    loudness.gain.setValueAtTime(0, start_s);
    loudness.gain.linearRampToValueAtTime(LOUDNESS, start_s + RAMP_S);
    loudness.gain.setValueAtTime(LOUDNESS, start_s + LASTS_S - RAMP_S);
    loudness.gain.linearRampToValueAtTime(0, start_s + LASTS_S);
    const tone = new OscillatorNode(context, { frequency: TONE_HZ });
    tone.connect(loudness).connect(context.destination);
    tone.start(start_s);
    tone.stop(start_s + LASTS_S);
    this.planned = tone;
  }
}
