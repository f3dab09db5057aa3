/** The sessions of one person, those in progress first. */

import { useEffect, useState } from "preact/hooks";
import { ApiError, getSessions } from "../api";
import { date, duration, timeOfDay } from "../format";
import { nameKey } from "../people/known";
import { toLogin } from "../router";
import { positionWords, sessionStateWords } from "../words";
import type { LiveStore } from "../live/store";
import type { SessionSummary } from "../wire/types";

const LOOKED_AT = 200;
const SHOWN = 8;
const REFRESH_MS = 5000;

interface Props {
  name: string;
  store: LiveStore;
  /** A session that the address names: chosen as soon as it is found. */
  wanted: string | null;
  onChoose: (session: SessionSummary) => void;
}

export function ChooseSession({ name, store, wanted, onChoose }: Props) {
  const [sessions, setSessions] = useState<SessionSummary[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    getSessions(LOOKED_AT, 0, abort.signal).then(
      ({ items }) => {
        const own = items.filter((it) => nameKey(it.label) === nameKey(name));
        own.sort((a, b) => Number(b.state === "live") - Number(a.state === "live"));
        setSessions(own);
        setProblem(null);
        const named = own.find((it) => it.id === wanted);
        if (named && attempt === 0) onChoose(named);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) toLogin();
        else setProblem(error.message);
      },
    );
    const again = setTimeout(() => setAttempt(attempt + 1), REFRESH_MS);
    return () => {
      clearTimeout(again);
      abort.abort();
    };
  }, [name, attempt]);

  if (problem !== null) {
    return (
      <p class="notice" data-tone="bad" role="alert">
        {problem}
      </p>
    );
  }
  if (sessions === null) return <p class="loading">Loading sessions…</p>;
  if (sessions.length === 0) {
    return (
      <p class="notice" data-tone="caution">
        There is no session of {name} yet. Switch the sensor on and put it on; the session appears here by itself.
      </p>
    );
  }
  return (
    <ul class="choices">
      {sessions.slice(0, SHOWN).map((it) => (
        <li key={it.id}>
          <button type="button" class="button choice" onClick={() => onChoose(it)}>
            <strong>{it.state === "live" ? "In progress now" : `${date(it.started_at)}, ${timeOfDay(it.started_at)}`}</strong>
            <span>
              {positionWords(it.position)}, {duration(store.streams.get(it.id)?.stream.time_s ?? it.duration_s)}
              {it.state === "live" ? "" : `, ${sessionStateWords(it.state).toLowerCase()}`}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
