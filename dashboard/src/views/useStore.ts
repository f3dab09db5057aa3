/** Renders a view again when the live store has news. */

import { useEffect, useReducer } from "preact/hooks";
import type { LiveStore } from "../live/store";

export function useStore(store: LiveStore): void {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => store.subscribe(() => again()), [store]);
}
