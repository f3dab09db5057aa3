/** One alarm: how it stands, who was told, the minute of signal around it, what everybody did. */

import { useState } from "preact/hooks";
import { getAlert, getSignal } from "../alertApi";
import { useAsked } from "../useAsked";
import { KINDS, TOLD, spell, standing, tone } from "../alarm/words";
import { useTick } from "../clinic/useTick";
import { date, duration, fixed, timeOfDay } from "../format";
import { left_s } from "../live/alerts";
import { positionWords } from "../words";
import { Refused } from "./Refused";
import { BackIcon } from "./icons";
import { SignalView } from "./alarm/SignalView";
import { Take } from "./alarm/Take";
import { useStore } from "./useStore";
import type { LiveStore } from "../live/store";
import type { Alert } from "../wire/alerts";

const SIGNAL_AFTER_MS = 35_000;

export function AlertPage({ id, store }: { id: string; store: LiveStore }) {
  useStore(store);
  useTick(1000);
  const [changed, setChanged] = useState<Alert | null>(null);
  const { found, problem, again } = useAsked((signal) => getAlert(id, signal), id);
  if (problem !== null && found === null) return <Refused problem={problem} missing="There is no such alarm" onAgain={again} />;
  const live = store.alerts.get(id);
  const alert = [found, changed, live?.alert ?? null].reduce((a, b) => (a !== null && (b === null || a.now >= b.now) ? a : b), null);
  if (alert === null) return <p class="loading">Loading…</p>;
  const seconds = live && live.alert === alert ? left_s(live, performance.now()) : null;
  return (
    <>
      <p>
        <a class="button-quiet" href="/alerts">
          <BackIcon /> All alarms
        </a>
      </p>
      <article class="alert-item" data-tone={tone(alert)} data-testid="one-alert" data-state={alert.state}>
        <div class="alert-head">
          <h1>
            {KINDS[alert.kind]}: {alert.person}
          </h1>
          <span class="badge" data-tone={tone(alert)}>
            <span class="badge-sign" aria-hidden="true" />
            {standing(alert)}
          </span>
          {alert.simulated && <span class="tag">Simulated</span>}
        </div>
        <p role="status">
          {alert.text}
          {seconds !== null && alert.state === "escalating" && alert.next_contact !== null
            ? ` ${alert.next_contact} is told in ${spell(seconds)}.`
            : ""}
        </p>
        <Take alert={alert} store={store} onChange={setChanged} />
      </article>
      {alert.session_id !== null && alert.time_s !== null && alert.kind !== "test" && <Signals alert={alert} />}
      <div class="alert-parts">
        <Facts alert={alert} />
        <WhoWasTold alert={alert} />
        <History alert={alert} />
      </div>
    </>
  );
}

const orDash = (value: number | null, words: (value: number) => string): string => (value === null ? "–" : words(value));

function factsOf(alert: Alert): [string, string][] {
  const { time_s, got_up_s } = alert;
  const general: [string, string][] = [["When", `${date(alert.at)}, ${timeOfDay(alert.at)}`]];
  if (alert.position !== null) general.push(["Sensor at", positionWords(alert.position)]);
  const fall: [string, string][] = [
    ["How sure", orDash(alert.confidence, (value) => `${fixed(100 * value, 0)} of 100`)],
    ["Hardest blow", orDash(alert.impact_mps2, (value) => `${fixed(value, 0)} m/s² (9.8 at rest)`)],
    ["Lying", alert.lying_s === null ? "not known" : duration(alert.lying_s)],
    ["Without movement", alert.still_s === null ? "not known" : duration(alert.still_s)],
    ["Up again", got_up_s === null ? "not seen" : time_s === null ? "yes" : `${duration(got_up_s - time_s)} after`],
    ["The wearer says", alert.fell === null ? "nothing" : alert.fell ? "I fell" : "I did not fall"],
  ];
  const added: [string, string | null][] = [["Label", alert.label], ["Note", alert.note]];
  const kept = added.filter((one): one is [string, string] => one[1] !== null);
  return [...general, ...(alert.kind === "fall" ? fall : []), ...kept];
}

function Facts({ alert }: { alert: Alert }) {
  return (
    <section class="panel" aria-labelledby="facts-heading">
      <h2 id="facts-heading">{alert.kind === "fall" ? "What the sensor says" : "About it"}</h2>
      <dl class="fact-list">
        {factsOf(alert).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function WhoWasTold({ alert }: { alert: Alert }) {
  return (
    <section class="panel" aria-labelledby="told-heading">
      <h2 id="told-heading">Who was told</h2>
      {alert.told.length === 0 ? (
        <p>Nobody.</p>
      ) : (
        <ul class="told-list" data-testid="told">
          {alert.told.map((one) => (
            <li key={one.contact_id} data-state={one.state}>
              <strong>
                {one.name} <span class="panel-note">{one.role}</span>
              </strong>
              <span>
                {TOLD[one.state] ?? one.state}
                {one.channel === null ? "" : ` (${one.channel})`}
                {one.late ? ", late" : ""}
                {one.at === null ? "" : `, ${timeOfDay(one.at)}`}
              </span>
              {one.detail !== null && <span class="panel-note">{one.detail}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Signals({ alert }: { alert: Alert }) {
  const whole = Date.now() - new Date(alert.at).getTime() > SIGNAL_AFTER_MS;
  const { found, problem } = useAsked((signal) => getSignal(alert.id, signal), `${alert.id} ${whole}`);
  return (
    <section class="panel" aria-labelledby="signal-heading">
      <h2 id="signal-heading">The minute around it</h2>
      {problem !== null && <p>{problem.message}</p>}
      {found === null ? problem === null && <p class="loading">Loading…</p> : <SignalView signal={found} />}
      {alert.session_id !== null && alert.time_s !== null && (
        <p>
          <a class="button" href={`/sessions/${encodeURIComponent(alert.session_id)}?at=${Math.max(0, alert.time_s - 15)}`}>
            Open the session there
          </a>
        </p>
      )}
    </section>
  );
}

function History({ alert }: { alert: Alert }) {
  return (
    <section class="panel" aria-labelledby="history-heading">
      <h2 id="history-heading">What happened</h2>
      <ol class="alert-history">
        {alert.history.map((line, at) => (
          <li key={at}>
            <time dateTime={line.at}>{new Date(line.at).toLocaleTimeString("en-GB")}</time> {line.text}
          </li>
        ))}
      </ol>
    </section>
  );
}
