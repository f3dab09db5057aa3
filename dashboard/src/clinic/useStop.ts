/** Stopping: said at once on this page, and to the server as often as it takes. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { stopTest } from "../testApi";
import { hush } from "./sound";
import type { LiveStore } from "../live/store";

const AGAIN_AFTER_MS = 1500;

export interface Stop {
  /** Somebody has stopped this test here. */
  asked: boolean;
  /** The server has not heard of it yet. */
  unheard: boolean;
  stop: () => void;
}

export function useStop(store: LiveStore, id: string, onTooLate: () => void): Stop {
  const [asked, setAsked] = useState(false);
  const [unheard, setUnheard] = useState(false);
  useEffect(() => {
    if (!asked) return;
    let left = false;
    let next: ReturnType<typeof setTimeout> | undefined;
    const tell = async (): Promise<void> => {
      try {
        store.takeTest(await stopTest(id, "aborted"), performance.now());
        setUnheard(false);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (left) return;
        if (error.status === 0 || error.status >= 500) {
          setUnheard(true);
          next = setTimeout(() => void tell(), AGAIN_AFTER_MS);
        } else {
          setUnheard(false);
          onTooLate();
        }
      }
    };
    void tell();
    return () => {
      left = true;
      clearTimeout(next);
    };
  }, [asked, id]);
  const stop = (): void => {
    hush();
    setAsked(true);
  };
  return { asked, unheard, stop };
}
