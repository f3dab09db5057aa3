/** Tests of a session that ended before this page was opened, so that its list of events can lead to them. */

import { ApiError } from "../api";
import { getTests } from "../testApi";
import type { LiveStore } from "./store";

/** As many as the list of events can name. */
const MOST = 40;

export async function fillTests(store: LiveStore, session_id: string, signal: AbortSignal): Promise<void> {
  try {
    const tests = await getTests({ session_id, limit: MOST }, signal);
    for (const test of tests.reverse()) store.takeTest(test, performance.now());
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ApiError)) throw error;
    console.info(`No earlier tests of session ${session_id}: ${error.message}`);
  }
}
