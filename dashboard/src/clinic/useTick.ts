/** Renders a view again several times a second, for clocks that run on this page. */

import { useEffect, useReducer } from "preact/hooks";

export function useTick(every_ms: number): void {
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  useEffect(() => {
    const ticking = setInterval(() => again(), every_ms);
    return () => clearInterval(ticking);
  }, [every_ms]);
}
