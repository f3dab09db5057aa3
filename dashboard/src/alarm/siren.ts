/** Tones that cannot be overheard, louder each time; silent until somebody has once touched the page. */

const NOTES_HZ = [660, 880] as const;
const NOTE_S = 0.28;
const LEAST = 0.25;
const STEP = 0.15;

let context: AudioContext | null = null;

/** Browsers let a page sound only after a touch: call this in one. Returns whether sound works now. */
export async function wakeSiren(): Promise<boolean> {
  if (!("AudioContext" in window)) return false;
  context ??= new AudioContext();
  await context.resume();
  return context.state === "running";
}

/** The n-th call of an alarm, from 0 on. */
export function sound(n: number): void {
  if (context === null || context.state !== "running") return;
  const loudness = Math.min(1, LEAST + STEP * n);
  NOTES_HZ.forEach((frequency, place) => {
    const at = (context as AudioContext).currentTime + place * NOTE_S;
    const gain = new GainNode(context as AudioContext, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + 0.02);
    gain.gain.setValueAtTime(loudness, at + NOTE_S - 0.05);
    gain.gain.linearRampToValueAtTime(0, at + NOTE_S);
    const tone = new OscillatorNode(context as AudioContext, { frequency, type: "triangle" });
    tone.connect(gain).connect((context as AudioContext).destination);
    tone.start(at);
    tone.stop(at + NOTE_S);
  });
}
