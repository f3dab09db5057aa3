/** The last walks, turns, tests and other things that happened to one person, newest first; steps are on the chart. */

import { useEffect } from "preact/hooks";
import { clockTime } from "../format";
import { fillTests } from "../live/earlierTests";
import { isOfEvent, testEventWords } from "../watch/eventWords";
import { watchUrl } from "../watch/words";
import { eventRemark, eventWords } from "../words";
import type { LiveStore } from "../live/store";
import type { LiveStream } from "../live/stream";
import type { TestRun } from "../wire/tests";
import type { EventMessage, GaitEvent } from "../wire/types";

const SHOWN = 12;

export function EventLog({ live, store }: { live: LiveStream; store: LiveStore }) {
  const { session_id, time_s } = live.stream;
  useEffect(() => {
    const abort = new AbortController();
    void fillTests(store, session_id, abort.signal);
    return () => abort.abort();
  }, [store, session_id]);
  const events: readonly EventMessage[] = live.recent;
  const tests = store.tests.ofSession(session_id).map(({ test }) => test);
  const newest = events.slice(-SHOWN).reverse();
  return (
    <section class="event-log" aria-labelledby="event-log-heading">
      <h2 id="event-log-heading">Just happened</h2>
      {newest.length === 0 ? (
        <p>No walk, turn or test has ended yet. Session time {clockTime(time_s)}.</p>
      ) : (
        <ol>
          {newest.map(({ seq, event }) => (
            <li key={seq}>
              <span class="event-time">{clockTime(event.time_s)}</span>
              <Happened event={event} test={tests.find((it) => isOfEvent(it, event))} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

function Happened({ event, test }: { event: GaitEvent; test: TestRun | undefined }) {
  const words = testEventWords(event) ?? { name: eventWords(event.kind), remark: eventRemark(event) };
  return (
    <>
      <span class="event-kind">{test === undefined ? words.name : <a href={watchUrl(test.id)}>{words.name}</a>}</span>
      <span class="event-remark">{words.remark}</span>
    </>
  );
}
