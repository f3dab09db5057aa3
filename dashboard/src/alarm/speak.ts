/** The alarm's voice: speaks whether or not the tests' sound is switched off. */

import { Voice } from "../clinic/voice";

let voice: Voice | null = null;

export function speak(words: string): void {
  voice ??= new Voice("speechSynthesis" in window ? window.speechSynthesis : null, () => undefined);
  voice.say(words, "now");
}

export function hushAlarm(): void {
  voice?.hush();
}
