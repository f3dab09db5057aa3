/** What the test pages let be heard: voice and beep, switched on and off together, remembered in this browser. */

import { useEffect, useReducer } from "preact/hooks";
import { alarmCalls } from "../alarm/speak";
import { Beeper } from "./beep";
import { Voice } from "./voice";
import type { VoiceState } from "./voice";

const KEY = "surefoot-test-sound";
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());

let on = localStorage.getItem(KEY) !== "off";
let voice: Voice | null = null;
const beeper = new Beeper();

/** The browser is asked for its voices only where something is to be said. */
const speaker = (): Voice => (voice ??= new Voice("speechSynthesis" in window ? window.speechSynthesis : null, tell));

/** The same words again so soon come from two views of one thing. */
const SAME_WITHIN_MS = 2000;
let lastSaid = { words: "", at_ms: -Infinity };

export function say(words: string, when: "now" | "next" = "now"): void {
  const now_ms = performance.now();
  if (!on || words === "" || alarmCalls() || (words === lastSaid.words && now_ms - lastSaid.at_ms < SAME_WITHIN_MS)) return;
  lastSaid = { words, at_ms: now_ms };
  speaker().say(words, when);
}

export function hush(): void {
  voice?.hush();
  beeper.cancel();
}

/** Plans the beep of the cue; null takes a planned one back. */
export function beepAt(page_ms: number | null): void {
  if (on && page_ms !== null) beeper.at(page_ms);
  else beeper.cancel();
}

export function switchSound(next: boolean): void {
  on = next;
  localStorage.setItem(KEY, next ? "on" : "off");
  if (next) beeper.wake();
  else hush();
  tell();
}

export interface Sound {
  on: boolean;
  voice: VoiceState;
  /** The browser stays silent until somebody has touched the page. */
  needsTouch: boolean;
}

export const touched = (): boolean => (navigator.userActivation as UserActivation | undefined)?.hasBeenActive !== false;

export function useSound(): Sound {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    const listener = (): void => again();
    const wake = (): void => {
      beeper.wake();
      again();
    };
    listeners.add(listener);
    window.addEventListener("pointerup", wake);
    window.addEventListener("keyup", wake);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("pointerup", wake);
      window.removeEventListener("keyup", wake);
    };
  }, []);
  return { on, voice: speaker().state, needsTouch: on && !touched() };
}
