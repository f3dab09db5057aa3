/** The walks of a recorded session that are long enough to calibrate with. */

import { useEffect, useState } from "preact/hooks";
import { ApiError, getEvents } from "../api";
import { clockTime, duration, whole } from "../format";
import { BoutList } from "../live/bouts";
import { stretchOf, usable } from "../people/walkChoice";
import { toLogin } from "../router";
import type { Walk } from "../live/bouts";
import type { Stretch } from "../people/walkChoice";
import type { SessionSummary } from "../wire/types";

const SHOWN = 12;

export function ChooseWalk({ session, onChoose }: { session: SessionSummary; onChoose: (stretch: Stretch) => void }) {
  const [walks, setWalks] = useState<Walk[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    getEvents(session.id, abort.signal, "walking_bout").then(
      (found) => {
        const bouts = new BoutList();
        for (const { event } of found) bouts.add(event);
        setWalks(usable(bouts.walks));
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) toLogin();
        else setProblem(error.message);
      },
    );
    return () => abort.abort();
  }, [session.id]);

  if (problem !== null) {
    return (
      <p class="notice" data-tone="bad" role="alert">
        {problem}
      </p>
    );
  }
  if (walks === null) return <p class="loading">Loading the walks…</p>;
  if (walks.length === 0) {
    return (
      <p class="notice" data-tone="caution">
        No walk in this session is long enough: it takes at least 24 steps. Choose another session.
      </p>
    );
  }
  return (
    <>
      <p>Choose the walk over the known distance. Nothing else may have been walked in it.</p>
      <ul class="choices">
        {walks.slice(0, SHOWN).map((walk) => (
          <li key={walk.time_s}>
            <button type="button" class="button choice" onClick={() => onChoose(stretchOf(session.id, session.position, walk))}>
              <strong>{duration(walk.end_s - walk.time_s)}</strong>
              <span>
                {whole(walk.steps ?? null)} steps, at {clockTime(walk.time_s)} of the session
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
