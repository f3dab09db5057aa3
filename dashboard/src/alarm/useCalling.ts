/** Calls somebody: voice and tones, a notification, vibration, the window's title. */

import { useEffect } from "preact/hooks";
import { notify, unnotify, vibrate } from "./notify";
import { sound } from "./siren";
import { setAlarmCalls, speak } from "./speak";
import type { Call } from "./calls";

const TITLE_EVERY_MS = 1000;

export function useCalling(call: Call | null): void {
  const { words, title, every_ms, tonesFrom, flashes } = call ?? NO_CALL;
  useEffect(() => {
    if (words === "") return;
    let count = 0;
    setAlarmCalls(true);
    const once = (): void => {
      if (tonesFrom !== null) sound(tonesFrom + count);
      speak(words);
      vibrate();
      notify(title, words);
      count++;
    };
    once();
    const calling = every_ms === null ? undefined : setInterval(once, every_ms);
    return () => {
      clearInterval(calling);
      setAlarmCalls(false);
    };
  }, [words, title, every_ms, tonesFrom]);
  useEffect(() => {
    if (!flashes) return;
    const before = document.title;
    let on = false;
    const flashing = setInterval(() => {
      on = !on;
      document.title = on ? `● ${title}` : before;
    }, TITLE_EVERY_MS);
    return () => {
      clearInterval(flashing);
      document.title = before;
    };
  }, [flashes, title]);
  useEffect(() => unnotify, []);
}

const NO_CALL: Call = { words: "", title: "", every_ms: null, tonesFrom: null, flashes: false };
