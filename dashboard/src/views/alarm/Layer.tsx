/** What an alarm lays over whatever page is open: a question to the wearer, a line to everybody else. */

import { useState } from "preact/hooks";
import { useWearer } from "../../alarm/device";
import { useSiren } from "../../alarm/siren";
import { useSpokenNotices } from "../../alarm/useSpokenNotices";
import { useWakeLock } from "../../clinic/wakeLock";
import { isOpen, needsSomebody } from "../../live/alerts";
import { underWay } from "../../live/tests";
import { nameKey } from "../../people/known";
import { useStore } from "../useStore";
import { AfterOk } from "./AfterOk";
import { CallForHelp } from "./CallForHelp";
import { Prompt } from "./Prompt";
import type { LiveAlert } from "../../live/alerts";
import type { LiveStore } from "../../live/store";
import type { Route } from "../../router";

const URGENCY: Record<string, number> = { escalating: 3, prompting: 2, acknowledged: 1 };

/** The alert that the wearer of a device must see, the most urgent first. */
export function wearersAlert(store: LiveStore, name: string): LiveAlert | null {
  const mine = store.alerts
    .open()
    .filter(({ alert }) => alert.state in URGENCY && alert.kind !== "test" && nameKey(alert.person) === nameKey(name))
    .sort((a, b) => (URGENCY[b.alert.state] ?? 0) - (URGENCY[a.alert.state] ?? 0));
  return mine[0] ?? null;
}

export function AlarmLayer({ store, route }: { store: LiveStore; route: Route }) {
  useStore(store);
  const name = useWearer();
  return name === null ? <Banners store={store} route={route} /> : <WearersLayer key={name} name={name} store={store} route={route} />;
}

function WearersLayer({ name, store, route }: { name: string; store: LiveStore; route: Route }) {
  const [answered, setAnswered] = useState<string | null>(null);
  const [quiet, setQuiet] = useState<string | null>(null);
  const worn = [...store.streams.values()].find((it) => it.ended === null && nameKey(it.stream.label) === nameKey(name));
  const audible = useSiren(true);
  // A phone whose screen has gone dark hears nothing of an alarm.
  useWakeLock(worn !== undefined);
  const mine = wearersAlert(store, name);
  const state = mine === null ? null : `${mine.alert.id} ${mine.alert.state}`;
  const after = answered === null ? undefined : store.alerts.get(answered);
  const testing = route.page === "choose-test" || route.page === "test";
  const tested = worn !== undefined && store.tests.ofSession(worn.stream.session_id).some(({ test }) => underWay(test));
  useSpokenNotices(store, name, mine !== null || after !== undefined || testing || tested);
  if (mine && quiet !== state) {
    return (
      <Prompt
        key={mine.alert.id}
        live={mine}
        store={store}
        onAnswer={(word) => setAnswered(word === "ok" ? mine.alert.id : null)}
        onQuiet={() => setQuiet(state)}
      />
    );
  }
  if (after && !isOpen(after.alert)) return (
      <AfterOk
        key={after.alert.id}
        alert={after.alert}
        store={store}
        onDone={() => setAnswered((now) => (now === after.alert.id ? null : now))}
      />
    );
  return (
    <CallForHelp name={name} sessionId={worn?.stream.session_id ?? null} store={store} above={testing}>
      {!audible && <p class="help-note">Touch this page once, so that I can speak to you.</p>}
      {mine && (
        <button type="button" class="button button-large" onClick={() => setQuiet(null)}>
          {mine.alert.acknowledged?.by ?? "Somebody"} takes care of you: show
        </button>
      )}
      {!testing && !mine && <a href="/what-happened">What happened</a>}
    </CallForHelp>
  );
}

function Banners({ store, route }: { store: LiveStore; route: Route }) {
  const waiting = store.alerts.open().filter(({ alert }) => needsSomebody(alert) && alert.state !== "observing");
  const elsewhere = waiting.filter(({ alert }) => !(route.page === "alert" && route.id === alert.id) && route.page !== "alerts");
  if (elsewhere.length === 0) return null;
  return (
    <div class="alarm-banners" role="alert">
      {elsewhere.map(({ alert }) => (
        <a key={alert.id} class="alarm-banner" href={`/alerts/${encodeURIComponent(alert.id)}`}>
          <strong>{alert.kind === "help" ? `${alert.person} asks for help` : `${alert.person} may have fallen`}</strong>
          <span>{alert.state === "prompting" ? "Is being asked right now." : "Nobody has taken it yet."}</span>
          {alert.simulated && <span class="tag">Simulated</span>}
        </a>
      ))}
    </div>
  );
}
