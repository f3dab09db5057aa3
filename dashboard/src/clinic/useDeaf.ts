/** Deaf for a moment, so that one touch of a trembling hand cannot answer two questions. */

import { useEffect, useState } from "preact/hooks";

/** A second touch of a trembling hand comes sooner than this. */
const DEAF_MS = 600;

/** True right after a view has appeared, and right after what it asks has changed. */
export function useDeaf(asked = ""): boolean {
  const [heard, setHeard] = useState<string | null>(null);
  useEffect(() => {
    const listening = setTimeout(() => setHeard(asked), DEAF_MS);
    return () => clearTimeout(listening);
  }, [asked]);
  return heard !== asked;
}
