/** A finished test as it happened: the same views, filled in up to a moment that can be moved. */

import { useCallback, useEffect, useReducer, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { drawSoon, onEachFrame } from "../../chart/loop";
import { PlayButton, Speeds } from "../../replay/TransportBar";
import { useReplayKeys } from "../../replay/keys";
import { WALK_LIMITS_S } from "../../watch/look";
import { progressAt } from "../../watch/moment";
import { openTest } from "../../watch/replay";
import { clockText } from "../../watch/words";
import { TestView } from "./TestView";
import type { Look, Rise } from "../../watch/look";
import type { TestReplay } from "../../watch/replay";
import type { TestEvent } from "../../watch/testEvent";
import type { TestRun } from "../../wire/tests";

const SHOW_EVERY_MS = 120;
const NO_RISES: readonly Rise[] = [];

export function ReplayTest({ run, event }: { run: TestRun; event: TestEvent }) {
  const [replay, setReplay] = useState<TestReplay | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { start_s, end_s } = event;
  useEffect(() => {
    const abort = new AbortController();
    openTest(run, event, abort.signal).then(setReplay, (error: unknown) => {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    });
    return () => abort.abort();
  }, [run.id, start_s, end_s]);
  if (problem !== null) return <p class="notice" data-tone="caution">The recording of this test cannot be shown. {problem}</p>;
  if (replay === null) return <p class="loading">Loading the recording of the test…</p>;
  return <Replayed run={run} replay={replay} />;
}

function Replayed({ run, replay }: { run: TestRun; replay: TestReplay }) {
  const { event, transport, chunks, source, from_s, to_s } = replay;
  const [, again] = useReducer<number, void>((count) => count + 1, 0);
  const changed = useCallback(() => {
    drawSoon();
    again();
  }, []);
  useReplayKeys(transport, changed);
  useEffect(() => {
    let shown_ms = 0;
    let shown_s = NaN;
    let shownVersion = -1;
    const stop = onEachFrame((now_ms) => {
      transport.tick(now_ms);
      const same = transport.position_s === shown_s && chunks.version === shownVersion;
      if (same || now_ms - shown_ms < SHOW_EVERY_MS) return;
      shown_s = transport.position_s;
      shownVersion = chunks.version;
      shown_ms = now_ms;
      again();
    });
    return () => {
      stop();
      chunks.close();
    };
  }, [transport, chunks]);
  const at_s = transport.position_s;
  const look: Look = {
    run,
    progress: progressAt(run.protocol, event, source.marks, at_s),
    event,
    source,
    at_s,
    from_s,
    to_s,
    rises: NO_RISES,
    live: false,
  };
  const position = clockText(Math.min(Math.max(at_s, event.start_s), event.end_s) - event.start_s, run.protocol in WALK_LIMITS_S);
  return (
    <>
      <div class="transport test-transport" role="group" aria-label="Replay of the test">
        <PlayButton transport={transport} onChange={changed} />
        <input
          class="test-slider"
          type="range"
          min={from_s}
          max={to_s}
          step="any"
          value={at_s}
          aria-label="Moment of the test"
          aria-valuetext={`${position} from the start`}
          onInput={(input) => {
            transport.seek(Number(input.currentTarget.value));
            changed();
          }}
        />
        <output class="transport-time" data-testid="position">
          {position}
        </output>
        <Speeds transport={transport} onChange={changed} />
      </div>
      {chunks.problem !== null && <p class="notice" data-tone="caution">{chunks.problem}</p>}
      <TestView look={look} />
    </>
  );
}
