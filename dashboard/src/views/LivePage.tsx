/** The live page: everybody who wears a sensor side by side, or one person large. */

import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { getStatus } from "../api";
import { go } from "../router";
import { EventLog } from "./EventLog";
import { Legend } from "./Legend";
import { LiveTable } from "./LiveTable";
import { StreamPanel } from "./StreamPanel";
import type { Status } from "../api";
import type { LiveStore } from "../live/store";
import type { Moment } from "./streamWords";

const STATUS_EVERY_MS = 1000;

export function LivePage({ store, focus }: { store: LiveStore; focus: string | null }) {
  const [tableShown, showTable] = useState(false);
  const moment: Moment = { now_ms: performance.now(), stale: store.freshness === "stale" };
  const streams = [...store.streams.values()];
  const focused = focus === null ? undefined : store.streams.get(focus);

  const large = focused !== undefined;
  useLayoutEffect(() => {
    if (!large) return;
    const leave = (press: KeyboardEvent): void => {
      if (press.key === "Escape") go("/");
    };
    window.addEventListener("keydown", leave);
    return () => window.removeEventListener("keydown", leave);
  }, [large]);

  if (streams.length === 0) return <NobodyYet waiting={!store.greeted} />;
  if (focused) {
    return (
      <>
        <StreamPanel key={focused.stream.session_id} live={focused} store={store} moment={moment} large />
        <EventLog live={focused} store={store} />
        <LiveTable streams={[focused]} moment={moment} shown={false} />
        <Legend />
      </>
    );
  }
  return (
    <>
      <div class="page-head">
        <h1>Live</h1>
        <button type="button" class="button-quiet" aria-pressed={tableShown} onClick={() => showTable(!tableShown)}>
          {tableShown ? "Hide table" : "Show as table"}
        </button>
      </div>
      {focus !== null && <p class="notice" data-tone="quiet">That session is not live any more. Here is everybody who is.</p>}
      <LiveTable streams={streams} moment={moment} shown={tableShown} />
      <div class="cards" data-count={Math.min(streams.length, 3)}>
        {streams.map((live) => (
          <StreamPanel key={live.stream.session_id} live={live} store={store} moment={moment} large={false} />
        ))}
      </div>
      <Legend />
      <p>
        <a class="button" href="/what-happened">
          Is this a wearer’s own device?
        </a>
      </p>
      <ConnectionDetails store={store} />
    </>
  );
}

function ConnectionDetails({ store }: { store: LiveStore }) {
  const { first, last, received, missed, duplicates } = store.sequence;
  const rows: [string, string | number, string][] = [
    ["Events received", received, "events-received"],
    ["First event", first ?? "–", "events-first"],
    ["Last event", last ?? "–", "events-last"],
    ["Event numbers not heard (also those of sessions shown nowhere)", missed, "events-missed"],
    ["Events sent twice, ignored", duplicates, "events-twice"],
    ["Reconnections of this page", store.reconnections, "reconnections"],
    ["Unreadable chart pieces", store.badFrames, "bad-frames"],
    ["Surefoot version", store.serverVersion || "–", "version"],
  ];
  return (
    <details class="details">
      <summary>Details of this page’s connection</summary>
      <dl>
        {rows.map(([name, value, id]) => (
          <div key={id}>
            <dt>{name}</dt>
            <dd data-testid={id}>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function NobodyYet({ waiting }: { waiting: boolean }) {
  const [status, setStatus] = useState<Status | null>(null);
  useEffect(() => {
    if (waiting) return;
    const ask = (): void => void getStatus().then(setStatus, () => setStatus(null));
    ask();
    const asking = setInterval(ask, STATUS_EVERY_MS);
    return () => clearInterval(asking);
  }, [waiting]);
  if (!waiting && status?.radio.state === "starting") {
    return (
      <section class="empty" aria-live="polite">
        <h1>Getting ready…</h1>
        <p>{status.radio.reason}</p>
        <p>People appear here by themselves; there is nothing you need to do.</p>
      </section>
    );
  }
  return (
    <section class="empty">
      <h1>{waiting ? "Connecting to Surefoot…" : "Nobody is wearing a sensor right now"}</h1>
      {!waiting && (
        <>
          {status?.radio.reason && <p class="notice" data-tone="caution">{status.radio.reason}</p>}
          <p>As soon as a sensor is received, the person appears here by itself.</p>
          <ol>
            <li>Switch the sensor on and put it on, for example on a belt at the lower back.</li>
            <li>
              On this computer, run <code>surefoot live</code>. To try without a sensor, run <code>surefoot demo</code>.
            </li>
            <li>Keep the sensor within a few metres.</li>
          </ol>
          <p>
            <a class="button" href="/sessions">
              See earlier sessions
            </a>
          </p>
        </>
      )}
    </section>
  );
}
