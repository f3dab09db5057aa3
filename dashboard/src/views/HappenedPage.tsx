/** The wearer's own page: whose device this is, whether it can be heard, what happened and who was told. */

import { useId, useState } from "preact/hooks";
import { getAlerts, getCare } from "../alertApi";
import { setWearer, useWearer } from "../alarm/device";
import { askForNotifications, notificationsAllowed } from "../alarm/notify";
import { sound, wakeSiren } from "../alarm/siren";
import { speak } from "../alarm/speak";
import { useAsked } from "../useAsked";
import { ended, toldLine } from "../alarm/words";
import { date, timeOfDay } from "../format";
import { usePeople } from "../people/known";
import { useStore } from "./useStore";
import type { LiveStore } from "../live/store";
import type { Alert } from "../wire/alerts";

const SHOWN = 30;

export function HappenedPage({ store }: { store: LiveStore }) {
  useStore(store);
  const name = useWearer();
  return (
    <div class="happened">
      <h1>What happened</h1>
      {name !== null && <WhoHelps key={name} name={name} />}
      {name === null ? <p>Whose device is this? Choose below. Then it asks that person “Are you OK?” after a possible fall, and shows what happened.</p> : <Past name={name} store={store} />}
      <Device name={name} store={store} />
    </div>
  );
}

/** Who is called for the wearer, and whether falls are watched at all now. */
function WhoHelps({ name }: { name: string }) {
  const { found } = useAsked((signal) => getCare(name, signal), name);
  if (found === null) return null;
  const names = found.contacts.map((one) => one.name);
  return (
    <>
      {found.snooze !== null && (
        <p class="notice" data-tone="caution" data-testid="not-watched">
          Falls are not watched until {timeOfDay(found.snooze.until)}, {date(found.snooze.until)}: {found.snooze.by} switched it off. “I
          need help” works.
        </p>
      )}
      <p>
        {names.length === 0
          ? "Nobody is set up whom I could call. Ask your therapist or carer to add somebody."
          : `If you need help, I call ${names.join(", then ")}.`}
      </p>
    </>
  );
}

function Past({ name, store }: { name: string; store: LiveStore }) {
  const changes = store.alerts.all().map(({ alert }) => `${alert.id}${alert.state}`).join();
  const { found, problem } = useAsked((signal) => getAlerts(name, SHOWN, signal), `${name} ${changes}`);
  if (problem !== null && found === null) return <p class="notice" data-tone="bad">{problem.message}</p>;
  if (found === null) return <p class="loading">Loading…</p>;
  if (found.alerts.length === 0) return <p data-testid="nothing-happened">Nothing has happened, {name}.</p>;
  return (
    <ul class="alert-list">
      {found.alerts.map((alert) => (
        <li key={alert.id} class="alert-item" data-testid="happened">
          <strong>
            {date(alert.at)}, {timeOfDay(alert.at)}
          </strong>
          <span>{plain(alert)}</span>
          {alert.told.length === 0 ? (
            <span>Nobody was told.</span>
          ) : (
            <ul>
              {alert.told.map((one) => (
                <li key={one.contact_id}>{toldLine(one)}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}

function plain(alert: Alert): string {
  const what = { fall: "It looked as if you had fallen.", help: "You asked for help.", test: "The alarm was tested." }[alert.kind];
  if (alert.state !== "resolved") return what;
  const how = alert.resolved?.by === alert.person ? "You said that you were OK." : `How it ended: ${ended(alert).toLowerCase()}.`;
  return `${what} ${alert.kind === "test" ? "" : how}`.trim();
}

function Device({ name, store }: { name: string | null; store: LiveStore }) {
  const { people } = usePeople();
  const [chosen, setChosen] = useState(name ?? "");
  const [ready, setReady] = useState<string | null>(null);
  const id = useId();
  const worn = [...store.streams.values()].filter((live) => live.ended === null).map((live) => live.stream.label);
  const names = [...new Set([...worn, ...(people ?? []).map((person) => person.name)])].filter((one) => one !== "").sort();
  const getReady = async (): Promise<void> => {
    const heard = await wakeSiren();
    sound(1);
    speak("This is how I will speak to you.");
    const allowed = await askForNotifications();
    setReady(
      [
        heard ? "Did you hear the tone and the words?" : "This browser makes no tones.",
        allowed === "yes" ? "I may also show a message when this page is in the background." : "In the background this browser shows no messages: keep this page open and the screen on.",
      ].join(" "),
    );
  };
  return (
    <section class="panel device-ready" aria-labelledby="device-heading">
      <h2 id="device-heading">This device</h2>
      <div class="field">
        <label for={`${id}-whose`}>Whose device is it?</label>
        <select
          id={`${id}-whose`}
          value={chosen}
          onChange={(event) => {
            const next = event.currentTarget.value;
            setChosen(next);
            setWearer(next === "" ? null : next);
          }}
        >
          <option value="">A therapist’s or carer’s: ask nobody here</option>
          {name !== null && !names.includes(name) && <option value={name}>{name}</option>}
          {names.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </div>
      {name !== null && (
        <>
          <p>
            Leave this page open, and the device where you hear it. Browsers stay silent until somebody has touched the page: do
            this once after each start.
          </p>
          <p>
            <button type="button" class="button button-strong button-large" onClick={() => void getReady()}>
              Make this device ready
            </button>
          </p>
          <p role="status">{ready ?? (notificationsAllowed() === "yes" ? "Messages are allowed here." : "")}</p>
        </>
      )}
    </section>
  );
}
