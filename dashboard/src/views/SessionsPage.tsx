/** All recorded sessions, newest first, a page at a time. */

import { useEffect, useState } from "preact/hooks";
import { ApiError, getSessions } from "../api";
import { date, duration, minutes, timeOfDay, whole } from "../format";
import { dayOf } from "../people/days";
import { personNamed, usePeople } from "../people/known";
import { toLogin } from "../router";
import { positionWords, sessionStateWords } from "../words";
import { BackIcon, ForwardIcon } from "./icons";
import type { SessionPage } from "../api";
import type { SessionSummary } from "../wire/types";

const PER_PAGE = 20;
/** So often the list is fetched again while somebody looks: sessions begin and end. */
const REFRESH_MS = 10_000;

export function SessionsPage({ offset }: { offset: number }) {
  const [page, setPage] = useState<SessionPage | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const abort = new AbortController();
    getSessions(PER_PAGE, offset, abort.signal).then(
      (found) => {
        setPage(found);
        setProblem(null);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (error instanceof ApiError && error.status === 401) toLogin();
        else setProblem(error instanceof Error ? error.message : String(error));
      },
    );
    const again = setTimeout(() => setAttempt(attempt + 1), REFRESH_MS);
    return () => {
      clearTimeout(again);
      abort.abort();
    };
  }, [offset, attempt]);

  return (
    <>
      <div class="page-head">
        <h1>Sessions</h1>
        {page !== null && page.total > 0 && <p class="page-count">{whole(page.total)} recorded</p>}
      </div>
      {problem !== null && (
        <div class="notice" data-tone="bad" role="alert">
          <p>{problem}</p>
          <button type="button" class="button" onClick={() => setAttempt(attempt + 1)}>
            Try again
          </button>
        </div>
      )}
      {page === null && problem === null && <p class="loading">Loading sessions…</p>}
      {page !== null && page.total === 0 && <NoSessions />}
      {page !== null && page.total > 0 && (
        <>
          <SessionTable items={page.items} />
          <Paging total={page.total} offset={offset} />
        </>
      )}
    </>
  );
}

function SessionTable({ items }: { items: SessionSummary[] }) {
  return (
    <table class="sessions" role="table">
      <caption class="visually-hidden">Recorded sessions, newest first</caption>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">Date</th>
          <th role="columnheader" scope="col">Person</th>
          <th role="columnheader" scope="col">Position</th>
          <th role="columnheader" scope="col" class="number">Duration</th>
          <th role="columnheader" scope="col" class="number">Steps</th>
          <th role="columnheader" scope="col" class="number">Walking</th>
          <th role="columnheader" scope="col">State</th>
          <th role="columnheader" scope="col"><span class="visually-hidden">Open</span></th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {items.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </tbody>
    </table>
  );
}

function SessionRow({ session }: { session: SessionSummary }) {
  const { id, label, position, started_at, duration_s, steps, walking_s, state, simulated } = session;
  const name = label || session.sensor_name || "Unnamed";
  return (
    <tr role="row">
      <td role="cell" data-name="Date">
        {date(started_at)}, {timeOfDay(started_at)}
      </td>
      <th role="rowheader" scope="row" class="session-who">
        <Who name={name} label={label} started_at={started_at} />
        {simulated && <span class="tag">Simulated</span>}
      </th>
      <td role="cell" data-name="Position">{positionWords(position)}</td>
      <td role="cell" data-name="Duration" class="number">{duration(duration_s)}</td>
      <td role="cell" data-name="Steps" class="number">{whole(steps)}</td>
      <td role="cell" data-name="Walking" class="number">{minutes(walking_s)} min</td>
      <td role="cell" data-name="State">
        <span class="badge" data-tone={state === "live" ? "good" : state === "recovered" ? "caution" : "quiet"}>
          <span class="badge-sign" aria-hidden="true" />
          {sessionStateWords(state)}
        </span>
      </td>
      <td role="cell" class="session-open">
        <a class="button" href={`/sessions/${encodeURIComponent(id)}`} aria-label={`Open ${name}, ${date(started_at)}, ${timeOfDay(started_at)}`}>
          Open
        </a>
      </td>
    </tr>
  );
}

/** The name, which leads to that person's day where they are known. */
function Who({ name, label, started_at }: { name: string; label: string; started_at: string }) {
  const { people } = usePeople();
  const person = people === null || label === "" ? null : personNamed(people, label);
  if (person === null) return <>{name}</>;
  const day = dayOf(new Date(started_at));
  return (
    <a class="session-person" href={`/people/${person.id}/today?date=${day}`} aria-label={`${name}: the day of ${date(started_at)}`}>
      {name}
    </a>
  );
}

function Paging({ total, offset }: { total: number; offset: number }) {
  if (total <= PER_PAGE && offset === 0) return null;
  const last = Math.min(total, offset + PER_PAGE);
  const link = (to: number): string => (to === 0 ? "/sessions" : `/sessions?offset=${to}`);
  return (
    <nav class="paging" aria-label="Pages of the list">
      {offset > 0 ? (
        <a class="button" href={link(Math.max(0, offset - PER_PAGE))}>
          <BackIcon /> Newer
        </a>
      ) : (
        <span />
      )}
      <span>
        {offset + 1} to {last} of {whole(total)}
      </span>
      {last < total ? (
        <a class="button" href={link(offset + PER_PAGE)}>
          Older <ForwardIcon />
        </a>
      ) : (
        <span />
      )}
    </nav>
  );
}

function NoSessions() {
  return (
    <section class="empty">
      <h2>No sessions yet</h2>
      <p>Every time somebody wears a sensor while Surefoot runs, the session is kept here.</p>
      <ol>
        <li>
          Put a sensor on and run <code>surefoot live</code> on this computer.
        </li>
        <li>
          No sensor at hand? <code>surefoot demo</code> shows a simulated person walking.
        </li>
      </ol>
    </section>
  );
}
