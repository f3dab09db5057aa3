/** The server's REST interface. */

import { refusal } from "./refusal";
import { decodeFrames } from "./wire/frame";
import type { WaveFrame } from "./wire/frame";
import type { CalibrationDone, CalibrationWish, Day, Person, PersonFacts } from "./wire/people";
import type { EventMessage, NumbersTrack, SessionDetail, SessionSummary } from "./wire/types";

/** A refusal, with the server's own sentence where it gave one. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const NO_ANSWER = "Surefoot does not answer. Check that it is running, then try again.";

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, { ...init, headers: { Accept: "application/json", ...init.headers } });
  } catch (error) {
    if (init.signal?.aborted && !(error instanceof DOMException && error.name === "TimeoutError")) throw error;
    throw new ApiError(0, NO_ANSWER);
  }
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  throw new ApiError(response.status, refusal(body) ?? `${NO_ANSWER} (${response.status})`);
}

export async function json<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, signal ? { signal } : {});
  return (await response.json()) as T;
}

export async function send<T>(method: string, path: string, body: object, signal?: AbortSignal): Promise<T> {
  const response = await request(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  return (await response.json()) as T;
}

export interface Status {
  version: string;
  mode: string;
  radio: { state: string; reason: string | null };
  last_seq: number;
}

const STATUS_WITHIN_MS = 5000;

export const getStatus = (): Promise<Status> => json<Status>("/status", AbortSignal.timeout(STATUS_WITHIN_MS));

/** Whether the server lets this browser in; a log-in is of use only when it says no. */
export const getAllowed = async (): Promise<boolean> => (await json<{ allowed: boolean }>("/login")).allowed;

/** Remembers that this browser logged in: the cookie itself is out of a script's reach. */
const LOGGED_IN_KEY = "surefoot-logged-in";

export const hasLoggedIn = (): boolean => localStorage.getItem(LOGGED_IN_KEY) !== null;

export async function logIn(token: string): Promise<void> {
  await request("/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ token }),
  });
  localStorage.setItem(LOGGED_IN_KEY, "yes");
}

export async function logOut(): Promise<void> {
  await request("/logout", { method: "POST" });
  localStorage.removeItem(LOGGED_IN_KEY);
}

export interface SessionPage {
  total: number;
  items: SessionSummary[];
}

export const getSessions = (limit: number, offset: number, signal: AbortSignal): Promise<SessionPage> =>
  json<SessionPage>(`/sessions?limit=${limit}&offset=${offset}`, signal);

const session = (id: string): string => `/sessions/${encodeURIComponent(id)}`;

export const getSession = (id: string, signal: AbortSignal): Promise<SessionDetail> =>
  json<SessionDetail>(session(id), signal);

export const getNumbers = (id: string, signal: AbortSignal): Promise<NumbersTrack> =>
  json<NumbersTrack>(`${session(id)}/numbers`, signal);

export const recordingUrl = (id: string): string => `/api${session(id)}/recording`;

const EVENTS_PER_REQUEST = 5000;

interface EventPage {
  events: Pick<EventMessage, "seq" | "event">[];
}

/** All events of a session, or those of one kind, fetched page by page. */
export async function getEvents(id: string, signal: AbortSignal, kind?: string): Promise<EventPage["events"]> {
  const all: EventPage["events"] = [];
  const only = kind === undefined ? "" : `&kind=${kind}`;
  for (let after = 0; ; ) {
    const path = `${session(id)}/events?after_seq=${after}&limit=${EVENTS_PER_REQUEST}${only}`;
    const page = await json<EventPage>(path, signal);
    for (const event of page.events) all.push(event);
    const last = page.events.at(-1);
    if (!last || page.events.length < EVENTS_PER_REQUEST) return all;
    after = last.seq;
  }
}

export async function getWaveform(id: string, start_s: number, end_s: number, signal: AbortSignal): Promise<WaveFrame[]> {
  const response = await request(`${session(id)}/waveform?start_s=${start_s}&end_s=${end_s}`, {
    signal,
    headers: { Accept: "application/octet-stream" },
  });
  return decodeFrames(await response.arrayBuffer());
}

export const getPeople = async (): Promise<Person[]> => (await json<{ items: Person[] }>("/people")).items;

export const getPerson = (id: number, signal: AbortSignal): Promise<Person> => json<Person>(`/people/${id}`, signal);

export const addPerson = (facts: PersonFacts): Promise<Person> => send<Person>("POST", "/people", facts);

export const changePerson = (id: number, facts: PersonFacts): Promise<Person> =>
  send<Person>("PUT", `/people/${id}`, facts);

export const addCalibration = (id: number, wish: CalibrationWish): Promise<CalibrationDone> =>
  send<CalibrationDone>("POST", `/people/${id}/calibrations`, wish);

export async function removeCalibration(id: number, position: string): Promise<void> {
  await request(`/people/${id}/calibrations/${encodeURIComponent(position)}`, { method: "DELETE" });
}

/** `date` is a local day, YYYY-MM-DD; `utc_offset_min` is local time less UTC. */
export const getDay = (id: number, date: string, utc_offset_min: number, signal: AbortSignal): Promise<Day> =>
  json<Day>(`/people/${id}/day?date=${date}&utc_offset_min=${utc_offset_min}`, signal);
