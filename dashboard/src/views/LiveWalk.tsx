/** A walk that happens now: one button at the start line, one at the finish. */

import { useEffect, useState } from "preact/hooks";
import { clockTime } from "../format";
import { StateBadge, StateNotice } from "./SensorState";
import { useStore } from "./useStore";
import type { LiveStream } from "../live/stream";
import type { LiveStore } from "../live/store";
import type { Stretch } from "../people/walkChoice";
import type { SessionSummary } from "../wire/types";

/** The session's own clock, between two messages moved on by the page's. */
function sessionTime_s(live: LiveStream): number {
  return live.stream.time_s + (performance.now() - live.heardAt_ms) / 1000;
}

interface Props {
  session: SessionSummary;
  store: LiveStore;
  onWalked: (stretch: Stretch) => void;
}

export function LiveWalk({ session, store, onWalked }: Props) {
  useStore(store);
  const [start_s, setStart] = useState<number | null>(null);
  const live = store.streams.get(session.id);
  // Steps that were made before the first press are not part of the walk.
  const [stepsBefore, setStepsBefore] = useState(0);
  useEffect(() => setStart(null), [session.id]);

  if (!live || live.ended !== null) {
    return (
      <p class="notice" data-tone="caution" role="alert">
        This session is over. Choose another one, or use its recording.
      </p>
    );
  }
  const stale = store.freshness === "stale";
  const moment = { now_ms: performance.now(), stale };
  const receiving = live.stream.state === "streaming" && !stale;
  const steps = Math.max(0, live.stream.numbers.steps - stepsBefore);
  return (
    <div class="live-walk">
      <p>
        <StateBadge live={live} stale={stale} />
      </p>
      <StateNotice live={live} moment={moment} />
      {start_s === null ? (
        <>
          <p>Stand at the start line for a few seconds. Press the button, then walk to the other end at the usual pace.</p>
          <button
            type="button"
            class="button button-strong button-huge"
            disabled={!receiving}
            onClick={() => {
              setStart(sessionTime_s(live));
              setStepsBefore(live.stream.numbers.steps);
            }}
          >
            Start walking
          </button>
        </>
      ) : (
        <>
          <p>Stop at the finish line, then press the button.</p>
          <p class="walk-clock">
            {clockTime(sessionTime_s(live) - start_s)} <span>{steps} steps</span>
          </p>
          <button
            type="button"
            class="button button-strong button-huge"
            onClick={() =>
              onWalked({ session_id: session.id, position: session.position, start_s, end_s: sessionTime_s(live) })
            }
          >
            Arrived
          </button>
          <button type="button" class="button button-large" onClick={() => setStart(null)}>
            Start over
          </button>
        </>
      )}
    </div>
  );
}
