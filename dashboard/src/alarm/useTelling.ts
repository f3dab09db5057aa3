/** Tells the server something about an alarm as often as it takes; what is said later replaces what was not heard yet. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api";
import type { LiveStore } from "../live/store";
import type { Alert } from "../wire/alerts";

const AGAIN_MS = 2000;
/** A server that has not answered by then is asked anew. */
const WITHIN_MS = 5000;

export interface Telling<Word extends string> {
  /** What is on its way to the server. */
  word: Word | null;
  /** The server has not heard it at the first attempt. */
  unheard: boolean;
  /** The server's reason for not taking it. */
  refusal: string | null;
  tell: (word: Word, work: (signal: AbortSignal) => Promise<Alert>) => void;
}

export function useTelling<Word extends string>(store: LiveStore): Telling<Word> {
  const [word, setWord] = useState<Word | null>(null);
  const [unheard, setUnheard] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const present = useRef(new AbortController());
  useEffect(() => () => present.current.abort(), []);

  const tell: Telling<Word>["tell"] = (next, work) => {
    present.current.abort();
    const mine = new AbortController();
    present.current = mine;
    setWord(next);
    setUnheard(false);
    setRefusal(null);
    const attempt = async (): Promise<void> => {
      try {
        const changed = await work(AbortSignal.any([mine.signal, AbortSignal.timeout(WITHIN_MS)]));
        if (mine.signal.aborted) return;
        setWord(null);
        setUnheard(false);
        store.takeAlert(changed, performance.now());
      } catch (error) {
        if (mine.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 0 || error.status >= 500) {
          setUnheard(true);
          setTimeout(() => mine.signal.aborted || void attempt(), AGAIN_MS);
        } else {
          setWord(null);
          setRefusal(error.message);
        }
      }
    };
    void attempt();
  };
  return { word, unheard, refusal, tell };
}
