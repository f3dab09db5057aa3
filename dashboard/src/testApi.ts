/** The tests of the clinic in the server's REST interface. */

import { json, send } from "./api";
import { list, object } from "./wire/json";
import { readPreflight, readProtocol, readTest } from "./wire/testReader";
import type { Answers, Preflight, Protocol, TestRun, TestWish } from "./wire/tests";

const test = (id: string): string => `/tests/${encodeURIComponent(id)}`;

export const getProtocols = async (signal?: AbortSignal): Promise<Protocol[]> =>
  list(object(await json<unknown>("/protocols", signal))["items"]).map(readProtocol);

export interface TestFilter {
  session_id?: string;
  person?: string;
  protocol?: string;
  limit?: number;
}

/** Newest first. */
export async function getTests(filter: TestFilter, signal?: AbortSignal): Promise<TestRun[]> {
  const query = new URLSearchParams(Object.entries(filter).map(([key, value]) => [key, String(value)]));
  return list(object(await json<unknown>(`/tests?${query.toString()}`, signal))["items"]).map(readTest);
}

export const getTest = async (id: string, signal?: AbortSignal): Promise<TestRun> => readTest(await json<unknown>(test(id), signal));

export const getPreflight = async (id: string, signal: AbortSignal): Promise<Preflight> =>
  readPreflight(await json<unknown>(`${test(id)}/preflight`, signal));

const change = async (method: string, path: string, body: object): Promise<TestRun> =>
  readTest(await send<unknown>(method, path, body));

export const addTest = (wish: TestWish): Promise<TestRun> => change("POST", "/tests", wish);

export const startTest = (id: string): Promise<TestRun> => change("POST", `${test(id)}/start`, {});

/** "finished" is the operator's end cue; "aborted" leaves no result. */
export const stopTest = (id: string, why: "finished" | "aborted", reason?: string): Promise<TestRun> =>
  change("POST", `${test(id)}/stop`, reason === undefined ? { why } : { why, reason });

export const answerAfter = (id: string, answers: Answers): Promise<TestRun> =>
  change("POST", `${test(id)}/after`, { answers });

export const addTestNote = (id: string, text: string): Promise<TestRun> => change("POST", `${test(id)}/notes`, { text });

export const markInvalid = (id: string, reason: string): Promise<TestRun> => change("PUT", `${test(id)}/invalid`, { reason });

export const unmarkInvalid = (id: string): Promise<TestRun> => change("DELETE", `${test(id)}/invalid`, {});
