/** The checks before a test, asked anew each second while they matter. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { getPreflight } from "../testApi";
import type { Preflight } from "../wire/tests";

const EVERY_MS = 1000;

export interface PreflightFound {
  preflight: Preflight | null;
  problem: string | null;
}

export function usePreflight(id: string): PreflightFound {
  const [found, setFound] = useState<PreflightFound>({ preflight: null, problem: null });
  useEffect(() => {
    const abort = new AbortController();
    let next: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        setFound({ preflight: await getPreflight(id, abort.signal), problem: null });
      } catch (error) {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        setFound({ preflight: null, problem: error.message });
      }
      next = setTimeout(() => void ask(), EVERY_MS);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(next);
    };
  }, [id]);
  return found;
}
