/** Says that the page is old, how old, and that it tries by itself. */

import { age } from "../format";
import { AlertIcon } from "./icons";
import type { LiveStore } from "../live/store";

export function StaleBanner({ store, onTryNow }: { store: LiveStore; onTryNow: () => void }) {
  if (store.freshness !== "stale") return null;
  const old_s = store.lastHeard_ms === null ? null : (performance.now() - store.lastHeard_ms) / 1000;
  return (
    <div class="stale-banner" data-testid="stale">
      <AlertIcon />
      <p>
        <strong>No connection to Surefoot.</strong>{" "}
        {old_s === null ? "Nothing has been received yet." : `What you see is ${age(old_s)} old.`} This page keeps trying
        to reconnect by itself.
      </p>
      <button type="button" class="button" onClick={onTryNow}>
        Try now
      </button>
    </div>
  );
}
