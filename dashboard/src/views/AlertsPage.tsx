/** The inbox: what nobody has taken first; counts by week; export. */

import { useState } from "preact/hooks";
import { exportUrl, getAlerts, getWeeks } from "../alertApi";
import { useAsked } from "../useAsked";
import { KINDS, standing, tone } from "../alarm/words";
import { date, shortDate, timeOfDay } from "../format";
import { needsSomebody } from "../live/alerts";
import { usePeople } from "../people/known";
import { go } from "../router";
import { Refused } from "./Refused";
import { Budgets } from "./alarm/Budgets";
import { Take } from "./alarm/Take";
import { useStore } from "./useStore";
import type { LiveStore } from "../live/store";
import type { Alert, Week } from "../wire/alerts";

const SHOWN = 50;
/** As many as the server gives at once. */
const MOST = 500;

export function AlertsPage({ person, store }: { person: string | null; store: LiveStore }) {
  useStore(store);
  const [limit, setLimit] = useState(SHOWN);
  const live = store.alerts.all();
  const changes = live.map(({ alert }) => `${alert.id}${alert.state}`).join();
  const { found, problem, again } = useAsked((signal) => getAlerts(person, limit, signal), `${person} ${limit} ${changes}`);
  if (problem !== null && found === null) return <Refused problem={problem} missing="There are no alarms" onAgain={again} />;
  if (found === null) return <p class="loading">Loading…</p>;
  const alerts = found.alerts.map((alert) => {
    const newer = store.alerts.get(alert.id)?.alert;
    return newer && newer.now > alert.now ? newer : alert;
  });
  return (
    <>
      <div class="page-head">
        <h1>{person === null ? "Alarms" : `Alarms of ${person}`}</h1>
        <p class="button-row">
          <Whose person={person} alerts={found.alerts} />
          <a class="button" href={`/care${person === null ? "" : `?person=${encodeURIComponent(person)}`}`}>
            Who is told
          </a>
          <a class="button" href={exportUrl(person)} download="alerts.csv">
            Save as a table (CSV)
          </a>
        </p>
      </div>
      {alerts.length === 0 ? (
        <section class="empty" data-testid="no-alerts">
          <h2>No alarm yet</h2>
          <p>When somebody may have fallen, or asks for help, it stands here first.</p>
        </section>
      ) : (
        <ul class="alert-list">
          {alerts.map((alert) => (
            <Item key={alert.id} alert={alert} store={store} />
          ))}
        </ul>
      )}
      {found.total > alerts.length && limit < MOST && (
        <p>
          <button type="button" class="button" onClick={() => setLimit(Math.min(MOST, 4 * limit))}>
            Show older ones ({alerts.length} of {found.total})
          </button>
        </p>
      )}
      <Budgets person={person} changes={changes} />
      <Weeks person={person} changes={changes} />
    </>
  );
}

/** One person's alarms and counts, or everybody's. */
function Whose({ person, alerts }: { person: string | null; alerts: readonly Alert[] }) {
  const { people } = usePeople();
  const names = [...(people ?? []).map((one) => one.name), ...alerts.map((alert) => alert.person), ...(person === null ? [] : [person])];
  return (
    <select
      class="select"
      aria-label="Whose alarms"
      value={person ?? ""}
      onChange={(event) => go(event.currentTarget.value === "" ? "/alerts" : `/alerts?person=${encodeURIComponent(event.currentTarget.value)}`)}
    >
      <option value="">Everybody</option>
      {[...new Set(names)].sort().map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Item({ alert, store }: { alert: Alert; store: LiveStore }) {
  return (
    <li class="alert-item" data-tone={tone(alert)} data-testid="alert" data-state={alert.state}>
      <div class="alert-head">
        <h2>
          <a href={`/alerts/${encodeURIComponent(alert.id)}`}>
            {KINDS[alert.kind]}: {alert.person}
          </a>
        </h2>
        <span class="badge" data-tone={tone(alert)}>
          <span class="badge-sign" aria-hidden="true" />
          {standing(alert)}
        </span>
        {alert.simulated && <span class="tag">Simulated</span>}
        <span>
          {date(alert.at)}, {timeOfDay(alert.at)}
        </span>
      </div>
      <p>
        {alert.text}
        {alert.label ? ` ${alert.label}.` : ""}
      </p>
      {needsSomebody(alert) && <Take alert={alert} store={store} onChange={() => undefined} />}
    </li>
  );
}

function Weeks({ person, changes }: { person: string | null; changes: string }) {
  const { found } = useAsked<Week[]>((signal) => getWeeks(person, signal), `${person} ${changes}`);
  if (found === null || found.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="weeks-heading">
      <h2 id="weeks-heading">Week by week{person === null ? ", everybody" : ""}</h2>
      <table class="alert-table">
        <thead>
          <tr>
            <th scope="col">Week from</th>
            {["Falls", "Unclear", "False", "Help"].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.map((week) => (
            <tr key={week.week}>
              <th scope="row">{shortDate(week.week)}</th>
              <td class="number">{week.confirmed}</td>
              <td class="number">{week.unconfirmed}</td>
              <td class="number">{week.false_alarms}</td>
              <td class="number">{week.helps}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="panel-note">
        Falls: somebody has confirmed them. Unclear: nobody has said what it was. False: false alarms. Help: calls for help.
      </p>
    </section>
  );
}
