/** Keeps the screen lit while a test is under way, where the browser can; where it cannot, nothing is said. */

import { useEffect } from "preact/hooks";

export function useWakeLock(wanted: boolean): void {
  useEffect(() => {
    const lock = (navigator as { wakeLock?: WakeLock }).wakeLock;
    if (!wanted || lock === undefined) return;
    let held: WakeLockSentinel | null = null;
    let over = false;
    // The browser takes the lock back when the page is hidden, and refuses it on a low battery: the test goes on without.
    const ask = (): void => {
      if (document.visibilityState !== "visible") return;
      lock.request("screen").then(
        (sentinel) => {
          if (over) void sentinel.release();
          else held = sentinel;
        },
        () => undefined,
      );
    };
    ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      over = true;
      document.removeEventListener("visibilitychange", ask);
      void held?.release();
    };
  }, [wanted]);
}
