/** Calls somebody until they answer: voice and tones every few seconds, a notification, vibration, the window's title. */

import { useEffect, useRef } from "preact/hooks";
import { notify, unnotify, vibrate } from "./notify";
import { sound } from "./siren";
import { hushAlarm, speak } from "./speak";

const EVERY_MS = 8000;
const LOUD_EVERY_MS = 4000;
const TITLE_EVERY_MS = 1000;

export interface Calling {
  words: string;
  title: string;
  loud: boolean;
}

export function useCalling(calling: Calling | null): void {
  const newest = useRef(calling);
  newest.current = calling;
  const calls = calling !== null;
  const loud = calling?.loud === true;
  useEffect(() => {
    if (!calls) return;
    let count = 0;
    const call = (): void => {
      const now = newest.current;
      if (now === null) return;
      sound(loud ? count + 4 : count);
      speak(now.words);
      vibrate();
      notify(now.title, now.words);
      count++;
    };
    call();
    const calling = setInterval(call, loud ? LOUD_EVERY_MS : EVERY_MS);
    return () => {
      clearInterval(calling);
      hushAlarm();
    };
  }, [calls, loud]);
  useEffect(() => {
    if (!calls) return;
    const before = document.title;
    let on = false;
    const flashing = setInterval(() => {
      on = !on;
      document.title = on ? `● ${newest.current?.title ?? before}` : before;
    }, TITLE_EVERY_MS);
    return () => {
      clearInterval(flashing);
      document.title = before;
      unnotify();
    };
  }, [calls]);
}
