/** One person of the server's, fetched when a page about them opens. */

import { getPerson } from "../api";
import { useAsked } from "../useAsked";
import type { ApiError } from "../api";
import type { Person } from "../wire/people";

export interface PersonFound {
  person: Person | null;
  problem: ApiError | null;
  again: () => void;
}

export function usePerson(id: number): PersonFound {
  const { found, problem, again } = useAsked((signal) => getPerson(id, signal), String(id));
  return { person: found, problem, again };
}
