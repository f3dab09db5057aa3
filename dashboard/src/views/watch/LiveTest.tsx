/** A test under way: clock, what the protocol shows, and what the therapist may do. */

import { useMemo } from "preact/hooks";
import { liveSource } from "../../live/source";
import { WALK_LIMITS_S, liveSpan, startOf } from "../../watch/look";
import { Operator } from "./Operator";
import { TestClock } from "./TestClock";
import { TestView } from "./TestView";
import type { LiveStore } from "../../live/store";
import type { LiveStream } from "../../live/stream";
import type { Look, Rise } from "../../watch/look";
import type { TestRun } from "../../wire/tests";

/** Charts of a long test show its newest part. */
const LONGEST_S = 40;

interface Props {
  run: TestRun;
  live: LiveStream | undefined;
  store: LiveStore;
  onChange: (run: TestRun) => void;
}

export function LiveTest({ run, live, store, onChange }: Props) {
  const now_ms = performance.now();
  const start_s = startOf(run, run.progress, null);
  const begun = run.state !== "preflight";
  const stopped = run.state === "settling" ? (run.end_cue_s ?? null) : null;
  const read = (page_ms: number): number | null => {
    const now_s = store.tests.now_s(run, page_ms);
    if (start_s === null || now_s === null) return null;
    if (run.state === "settling") return run.progress?.elapsed_s ?? (stopped === null ? null : stopped - start_s);
    return now_s - start_s;
  };
  return (
    <div class={begun ? "watch-columns" : "watch-alone"}>
      <div class="watch-control">
        {begun && (
          <TestClock
            read={read}
            label={run.state === "countdown" ? "Time until the start" : "Time since the start"}
            minutes={run.protocol in WALK_LIMITS_S}
          />
        )}
        {run.state === "settling" && <p class="notice" data-tone="busy">The movement is over. The result follows in a few seconds.</p>}
        {run.state === "paused" && (
          <p class="notice" data-tone="caution" role="alert">
            {run.problem ?? "The sensor is silent."} If it is not heard again within five seconds, this test has no result.
          </p>
        )}
        <Operator key={run.state === "preflight" ? "before" : "during"} run={run} onChange={onChange} />
      </div>
      {begun && (
        <div class="watch-view">
          {live === undefined ? (
            <p class="notice" data-tone="caution">Nothing is heard from this sensor.</p>
          ) : (
            <Moving run={run} live={live} store={store} now_ms={now_ms} />
          )}
        </div>
      )}
    </div>
  );
}

function Moving({ run, live, store, now_ms }: { run: TestRun; live: LiveStream; store: LiveStore; now_ms: number }) {
  const source = useMemo(() => liveSource(live, store), [live, store]);
  const at_s = source.edge_s(now_ms);
  const start_s = startOf(run, run.progress, null);
  const rises: Rise[] = live.recent.flatMap(({ event }) =>
    event.kind === "sit_to_stand" ? [{ at_s: event.end_s ?? event.time_s, velocity_mps: event.peak_velocity_mps ?? null }] : [],
  );
  const look: Look = {
    run,
    progress: run.progress,
    event: null,
    source,
    at_s,
    ...liveSpan(start_s, at_s ?? start_s ?? 0, LONGEST_S),
    rises,
    live: true,
  };
  return <TestView look={look} />;
}
