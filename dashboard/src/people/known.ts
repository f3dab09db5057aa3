/** Everybody whom the server knows, fetched once for all views that need it. */

import { useEffect, useReducer } from "preact/hooks";
import { ApiError, getPeople } from "../api";
import { toLogin } from "../router";
import type { Person } from "../wire/people";

/** A list older than this is fetched again when a view opens. */
const FRESH_MS = 20_000;

let people: Person[] | null = null;
let problem: string | null = null;
let asked_ms = -Infinity;
const listeners = new Set<() => void>();

/** Fetches the list anew; views that show it follow. */
export async function refreshPeople(): Promise<void> {
  asked_ms = performance.now();
  try {
    people = await getPeople();
    problem = null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) toLogin();
    problem = error.message;
  }
  for (const listener of listeners) listener();
}

export interface KnownPeople {
  /** Null until the first answer. */
  people: Person[] | null;
  problem: string | null;
}

export function usePeople(): KnownPeople {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    const listener = (): void => again();
    listeners.add(listener);
    if (performance.now() - asked_ms > FRESH_MS) void refreshPeople();
    return () => void listeners.delete(listener);
  }, []);
  return { people, problem };
}

/** The same for every spelling of a name, as the server compares them. */
export function nameKey(name: string): string {
  return name.normalize("NFKC").toLowerCase().split(/\s+/).filter((part) => part !== "").join(" ");
}

export function personNamed(known: readonly Person[], name: string): Person | null {
  const key = nameKey(name);
  return known.find((person) => nameKey(person.name) === key) ?? null;
}
