/** One test as the live connection tells it, fetched when the page opens and whenever the connection was lost meanwhile. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { toLogin } from "../router";
import { getTest } from "../testApi";
import type { LiveStore } from "../live/store";
import type { TestRun } from "../wire/tests";

export interface TestFound {
  test: TestRun | null;
  problem: ApiError | null;
  again: () => void;
}

export function useTest(store: LiveStore, id: string): TestFound {
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    getTest(id, abort.signal).then(
      (found) => {
        store.takeTest(found, performance.now());
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
  }, [store, id, attempt, store.reconnections]);
  return { test: store.tests.get(id)?.test ?? null, problem, again: () => setAttempt((count) => count + 1) };
}
