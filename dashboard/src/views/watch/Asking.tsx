/** Something sent to the server on request, with the server's sentence when it refuses. */

import { useState } from "preact/hooks";
import { ApiError } from "../../api";
import { toLogin } from "../../router";
import type { TestRun } from "../../wire/tests";

export interface Asking {
  busy: boolean;
  problem: string | null;
  /** Sends it unless something is under way; whether it was done. */
  ask: (request: () => Promise<TestRun>) => Promise<boolean>;
}

/** `onChange` is given the test as it is afterwards. */
export function useAsking(onChange: (run: TestRun) => void): Asking {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const ask = async (request: () => Promise<TestRun>): Promise<boolean> => {
    if (busy) return false;
    setBusy(true);
    setProblem(null);
    try {
      onChange(await request());
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) toLogin();
      else setProblem(error.message);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, ask };
}

export function Problem({ text }: { text: string | null }) {
  return text === null ? null : (
    <p class="notice" data-tone="caution" role="alert">
      {text}
    </p>
  );
}
