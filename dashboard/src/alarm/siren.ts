/** Tones that cannot be overheard, louder each time; silent until somebody has once touched the page. */

import { useEffect, useReducer } from "preact/hooks";
import { touched } from "../clinic/sound";

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

/** Wakes the tones at every touch of a wearer's own device; returns whether the browser lets the page be heard. */
export function useSiren(wanted: boolean): boolean {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    if (!wanted) return;
    const wake = (): void => void wakeSiren().then(() => again());
    window.addEventListener("pointerup", wake);
    window.addEventListener("keyup", wake);
    return () => {
      window.removeEventListener("pointerup", wake);
      window.removeEventListener("keyup", wake);
    };
  }, [wanted]);
  return touched();
}

/** The n-th call of an alarm, from 0 on. */
export function sound(n: number): void {
  if (context === null || context.state !== "running") return;
  const { currentTime, destination } = context;
  const loudness = Math.min(1, LEAST + STEP * n);
  for (const [place, frequency] of NOTES_HZ.entries()) {
    const at = currentTime + place * NOTE_S;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(loudness, at + 0.02);
    gain.gain.setValueAtTime(loudness, at + NOTE_S - 0.05);
    gain.gain.linearRampToValueAtTime(0, at + NOTE_S);
    const tone = new OscillatorNode(context, { frequency, type: "triangle" });
    tone.connect(gain).connect(destination);
    tone.start(at);
    tone.stop(at + NOTE_S);
  }
}
