/** A therapist's view of one test: as it happens, and afterwards with its result, replayed. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { ApiError } from "../api";
import { date, timeOfDay } from "../format";
import { underWay } from "../live/tests";
import { toLogin } from "../router";
import { getTest } from "../testApi";
import { spanOf } from "../watch/replay";
import { fullName, testStateWords } from "../watch/words";
import { positionWords } from "../words";
import { BackIcon } from "./icons";
import { useStore } from "./useStore";
import { Answers } from "./watch/Answers";
import { LiveTest } from "./watch/LiveTest";
import { Notes, Validity } from "./watch/Notes";
import { ReplayTest } from "./watch/ReplayTest";
import { ResultView } from "./watch/ResultView";
import { Trials } from "./watch/Trials";
import type { LiveStore } from "../live/store";
import type { TestRun } from "../wire/tests";

export function WatchPage({ id, store }: { id: string; store: LiveStore }) {
  useStore(store);
  const [fetched, setFetched] = useState<TestRun | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const changed = useCallback(
    (run: TestRun) => {
      setFetched(run);
      store.takeTest(run, performance.now());
    },
    [store],
  );
  useEffect(() => {
    const abort = new AbortController();
    getTest(id, abort.signal).then(changed, (error: unknown) => {
      if (abort.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 401) toLogin();
      else setProblem(error);
    });
    return () => abort.abort();
  }, [id, changed, store.reconnections]);

  const run = store.tests.get(id)?.test ?? fetched;
  if (run === null) return problem === null ? <p class="loading">Loading the test…</p> : <NotThere problem={problem} />;
  const going = underWay(run);
  return (
    <>
      <div class="page-head">
        <a class="button-quiet" href={going ? `/?focus=${encodeURIComponent(run.session_id)}` : `/sessions/${encodeURIComponent(run.session_id)}`}>
          <BackIcon /> {going ? "Live" : "The session"}
        </a>
        {run.person !== "" && (
          <a class="button-quiet" href={`/tests?person=${encodeURIComponent(run.person)}`}>
            All tests of {run.person}
          </a>
        )}
      </div>
      <article class="card card-large card-watch" aria-labelledby="watch-heading" data-state={run.state}>
        <Head run={run} />
        {store.freshness === "stale" && going && (
          <p class="notice" data-tone="caution">No connection to Surefoot. What is shown is old; the test itself goes on.</p>
        )}
        {going ? (
          <LiveTest run={run} live={store.streams.get(run.session_id)} store={store} onChange={changed} />
        ) : (
          <Over run={run} onChange={changed} />
        )}
        <Notes run={run} onChange={changed} />
      </article>
    </>
  );
}

function Head({ run }: { run: TestRun }) {
  const { label, tone } = testStateWords(run.state);
  return (
    <header class="card-head">
      <h1 id="watch-heading">{fullName(run)}</h1>
      <div class="card-place">
        <span>
          {run.person || "Nobody named"} · {positionWords(run.position)} · {date(run.created_at)}, {timeOfDay(run.created_at)}
        </span>
        {run.found && <span class="tag">Found, not asked for</span>}
        <span class="badge" data-tone={tone} data-testid="test-state">
          <span class="badge-sign" aria-hidden="true" />
          {label}
        </span>
      </div>
    </header>
  );
}

function Over({ run, onChange }: { run: TestRun; onChange: (run: TestRun) => void }) {
  const event = run.state === "aborted" ? null : spanOf(run);
  return (
    <div class="watch-columns">
      <div class="watch-control">
        {run.state === "aborted" && (
          <p class="notice" data-tone="quiet">
            <span>
              <strong>This test was broken off.</strong> {run.problem ?? run.reasons.join(" ")} It has no result.
            </span>
          </p>
        )}
        {run.state === "invalid" && run.result === null && (
          <p class="notice" data-tone="caution">
            <span>
              <strong>This test has no result.</strong> {run.problem ?? run.reasons.join(" ")}
            </span>
          </p>
        )}
        {run.result !== null && <ResultView result={run.result} id={run.id} />}
        {run.result !== null && <Trials run={run} />}
        <Answers run={run} />
        {run.result !== null && <Validity run={run} onChange={onChange} />}
      </div>
      <div class="watch-view">{event !== null && <ReplayTest key={run.id} run={run} event={event} />}</div>
    </div>
  );
}

function NotThere({ problem }: { problem: ApiError }) {
  return (
    <section class="empty">
      <h1>{problem.status === 404 ? "There is no such test" : "This test cannot be shown"}</h1>
      <p>{problem.message}</p>
      <p>
        <a class="button" href="/tests">
          All tests
        </a>
      </p>
    </section>
  );
}
