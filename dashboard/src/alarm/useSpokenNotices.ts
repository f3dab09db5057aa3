/** Says the wearer's technical notices, when nothing else is to be heard and the hour is not quiet. */

import { useEffect, useReducer } from "preact/hooks";
import { getCare } from "../alertApi";
import { ApiError } from "../api";
import { touched } from "../clinic/sound";
import { speakCalmly } from "./speak";
import { isQuiet, nextToSay, noticeWords, rememberSaid, saidNotices } from "./spokenNotices";
import type { LiveStore } from "../live/store";

/** Quiet hours end, and a device is touched at last. */
const AGAIN_MS = 15_000;

/** `busy`: an alarm or a test has the wearer's ear; what waits is said after it, if it still is so. */
export function useSpokenNotices(store: LiveStore, name: string, busy: boolean): void {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  const next = store.freshness === "stale" ? null : nextToSay(store.notices.shown(), name, saidNotices());
  const id = next?.id ?? null;
  const words = next === null ? null : noticeWords(next, name);
  useEffect(() => {
    if (busy || id === null || words === null) return;
    const abort = new AbortController();
    const say = async (): Promise<void> => {
      if (!touched()) return;
      try {
        const care = await getCare(name, abort.signal);
        if (abort.signal.aborted || isQuiet(care, new Date()) || !speakCalmly(words)) return;
      } catch (error) {
        if (!(error instanceof ApiError) && !abort.signal.aborted) throw error; // not known whether it is quiet: silence
        return;
      }
      rememberSaid(id);
      again();
    };
    void say();
    const trying = setInterval(() => void say(), AGAIN_MS);
    return () => {
      abort.abort();
      clearInterval(trying);
    };
  }, [id, words, name, busy]);
}
