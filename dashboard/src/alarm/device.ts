/** Whose device this is, and who uses it: remembered in this browser alone. */

import { useEffect, useReducer } from "preact/hooks";
import { nameKey } from "../people/known";

const WEARER_KEY = "surefoot.wearer";
const NAME_KEY = "surefoot.my-name";
const listeners = new Set<() => void>();

/** The wearer whom this device asks "Are you OK?", null where it belongs to a therapist or carer. */
export const wearer = (): string | null => localStorage.getItem(WEARER_KEY);

export function setWearer(name: string | null): void {
  if (name === null) localStorage.removeItem(WEARER_KEY);
  else localStorage.setItem(WEARER_KEY, name);
  for (const listener of listeners) listener();
}

export const isWearer = (person: string): boolean => {
  const name = wearer();
  return name !== null && nameKey(name) === nameKey(person);
};

/** Who takes alarms at this browser. */
export const myName = (): string => localStorage.getItem(NAME_KEY) ?? "";

export const rememberMyName = (name: string): void => localStorage.setItem(NAME_KEY, name);

export function useWearer(): string | null {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    const listener = (): void => again();
    listeners.add(listener);
    window.addEventListener("storage", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  }, []);
  return wearer();
}
