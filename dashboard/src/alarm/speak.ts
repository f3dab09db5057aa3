/** The alarm's voice: speaks whether or not the tests' sound is switched off, and keeps their voice away while it calls. */

import { Voice } from "../clinic/voice";

let voice: Voice | null = null;
let calls = false;

export function speak(words: string): void {
  voice ??= new Voice("speechSynthesis" in window ? window.speechSynthesis : null, () => undefined);
  voice.say(words, "now");
}

/** While an alarm calls, nothing else may take the voice. */
export function setAlarmCalls(next: boolean): void {
  calls = next;
  if (!next) voice?.hush();
}

export const alarmCalls = (): boolean => calls;
