/** Something fetched for a view: what came, or why it did not, and asking again. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "./api";
import { toLogin } from "./router";

export interface Asked<T> {
  found: T | null;
  problem: ApiError | null;
  again: () => void;
}

export function useAsked<T>(ask: (signal: AbortSignal) => Promise<T>, key: string): Asked<T> {
  const [found, setFound] = useState<T | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    ask(abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return; // another question was asked while this answer was being read
        setFound(answer);
        setProblem(null);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) toLogin();
        else setProblem(error);
      },
    );
    return () => abort.abort();
  }, [key, attempt]);
  return { found, problem, again: () => setAttempt((count) => count + 1) };
}
