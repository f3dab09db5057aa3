/** One person of the server's, fetched when a page about them opens. */

import { useEffect, useState } from "preact/hooks";
import { ApiError, getPerson } from "../api";
import { toLogin } from "../router";
import type { Person } from "../wire/people";

export interface PersonFound {
  person: Person | null;
  problem: ApiError | null;
  again: () => void;
}

export function usePerson(id: number): PersonFound {
  const [person, setPerson] = useState<Person | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    getPerson(id, abort.signal).then(
      (found) => {
        setPerson(found);
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
  }, [id, attempt]);
  return { person, problem, again: () => setAttempt((count) => count + 1) };
}
