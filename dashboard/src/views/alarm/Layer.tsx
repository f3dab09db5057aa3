/** What an alarm lays over whatever page is open: a question to the wearer, a line to everybody else. */

import { useState } from "preact/hooks";
import { useWearer } from "../../alarm/device";
import { needsSomebody } from "../../live/alerts";
import { nameKey } from "../../people/known";
import { useStore } from "../useStore";
import { AfterOk } from "./AfterOk";
import { CallForHelp } from "./CallForHelp";
import { Prompt } from "./Prompt";
import type { LiveStore } from "../../live/store";
import type { LiveAlert } from "../../live/alerts";
import type { Route } from "../../router";

const ASKING: ReadonlySet<string> = new Set(["prompting", "escalating", "acknowledged"]);

/** The alert that the wearer of this device must see, the most urgent first. */
export function wearersAlert(store: LiveStore, name: string | null): LiveAlert | null {
  if (name === null) return null;
  const mine = store.alerts.open().filter(({ alert }) => nameKey(alert.person) === nameKey(name) && alert.kind !== "test");
  return mine.find(({ alert }) => ASKING.has(alert.state)) ?? null;
}

export function AlarmLayer({ store, route }: { store: LiveStore; route: Route }) {
  useStore(store);
  const name = useWearer();
  const [after, setAfter] = useState<string | null>(null);
  const [quiet, setQuiet] = useState<string | null>(null);
  const mine = wearersAlert(store, name);
  if (mine && quiet !== `${mine.alert.id} ${mine.alert.state}`) {
    return (
      <Prompt
        key={mine.alert.id}
        live={mine}
        store={store}
        onOk={() => setAfter(mine.alert.id)}
        onQuiet={() => setQuiet(`${mine.alert.id} ${mine.alert.state}`)}
      />
    );
  }
  const answered = after === null ? undefined : store.alerts.get(after);
  if (answered) return <AfterOk alert={answered.alert} store={store} onDone={() => setAfter(null)} />;
  return (
    <>
      <Banners store={store} route={route} />
      {name !== null && route.page !== "login" && <CallForHelp name={name} store={store} />}
    </>
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
        </a>
      ))}
    </div>
  );
}
