/** The catalogue of tests, fetched once for the page's life. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { toLogin } from "../router";
import { getProtocols } from "../testApi";
import type { Protocol } from "../wire/tests";

let known: Protocol[] | null = null;

export interface ProtocolsFound {
  protocols: Protocol[] | null;
  problem: ApiError | null;
  again: () => void;
}

export function useProtocols(): ProtocolsFound {
  const [protocols, setProtocols] = useState(known);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (known !== null) return;
    const abort = new AbortController();
    getProtocols(abort.signal).then(
      (found) => {
        known = found;
        setProtocols(found);
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
  }, [attempt]);
  return { protocols, problem, again: () => setAttempt((count) => count + 1) };
}
