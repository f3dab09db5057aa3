/** The inbox: what nobody has taken first; counts by week; export. */

import { exportUrl, getAlerts, getWeeks } from "../alertApi";
import { useAsked } from "../useAsked";
import { KINDS, OUTCOMES, STATES, tone } from "../alarm/words";
import { date, shortDate, timeOfDay } from "../format";
import { needsSomebody } from "../live/alerts";
import { Refused } from "./Refused";
import { Take } from "./alarm/Take";
import { useStore } from "./useStore";
import type { LiveStore } from "../live/store";
import type { Alert, Week } from "../wire/alerts";

const SHOWN = 100;

export function AlertsPage({ person, store }: { person: string | null; store: LiveStore }) {
  useStore(store);
  const live = store.alerts.all();
  const changes = live.map(({ alert }) => `${alert.id}${alert.state}`).join();
  const { found, problem, again } = useAsked((signal) => getAlerts(person, SHOWN, signal), `${person} ${changes}`);
  if (problem !== null && found === null) return <Refused problem={problem} missing="There are no alarms" onAgain={again} />;
  if (found === null) return <p class="loading">Loading…</p>;
  const alerts = found.map((alert) => {
    const newer = store.alerts.get(alert.id)?.alert;
    return newer && newer.now > alert.now ? newer : alert;
  });
  return (
    <>
      <div class="page-head">
        <h1>{person === null ? "Alarms" : `Alarms of ${person}`}</h1>
        <p class="button-row">
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
      <Weeks person={person} changes={changes} />
    </>
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
          {alert.state === "resolved" ? (OUTCOMES[alert.outcome ?? ""] ?? "Over") : STATES[alert.state]}
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
      <h2 id="weeks-heading">Week by week</h2>
      <table class="alert-table" data-narrow="true">
        <thead>
          <tr>
            <th scope="col">Week from</th>
            <th scope="col">Falls</th>
            <th scope="col">Not sure</th>
            <th scope="col">False alarms</th>
            <th scope="col">Help</th>
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
    </section>
  );
}
