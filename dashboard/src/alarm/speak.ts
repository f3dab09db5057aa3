/** The alarm's voice: speaks whether or not the tests' sound is switched off, and keeps their voice away while it calls. */

import { Voice } from "../clinic/voice";

let voice: Voice | null = null;
let calls = false;

export function speak(words: string): void {
  voice ??= new Voice("speechSynthesis" in window ? window.speechSynthesis : null, () => undefined);
  voice.say(words, "now");
}

/** After whatever is being said, and not at all while an alarm calls; returns whether it will be said. */
export function speakCalmly(words: string): boolean {
  voice ??= new Voice("speechSynthesis" in window ? window.speechSynthesis : null, () => undefined);
  if (calls || voice.state === "none") return false;
  voice.say(words, "next");
  return true;
}

/** While an alarm calls, nothing else may take the voice. */
export function setAlarmCalls(next: boolean): void {
  calls = next;
  if (!next) voice?.hush();
}

export const alarmCalls = (): boolean => calls;
