/** Tests that were done: of one person, put together with those that compare; or whose there are. */

import { useState } from "preact/hooks";
import { kindsOf, outcome, pointsOf } from "../clinic/history";
import { date, shortDate, timeOfDay } from "../format";
import { nameKey } from "../people/known";
import { getTests } from "../testApi";
import { useAsked } from "../useAsked";
import { Refused } from "./Refused";
import { Sparkline } from "./clinic/Sparkline";
import type { Kind } from "../clinic/history";
import type { TestRun } from "../wire/tests";

const LOOKED_AT = 300;
const SHOWN = 5;

export function TestsPage({ person }: { person: string | null }) {
  const asked = person === null ? { limit: LOOKED_AT } : { person, limit: LOOKED_AT };
  const whose = person === null ? "everybody" : `of ${person}`;
  const { found: runs, problem, again } = useAsked((signal) => getTests(asked, signal), whose);
  if (problem !== null) return <Refused problem={problem} missing="There is no such person" onAgain={again} />;
  if (runs === null) return <p class="loading">Loading…</p>;
  const kinds = person === null ? [] : kindsOf(runs);
  return (
    <>
      <div class="page-head">
        <h1>{person === null ? "Tests" : `Tests of ${person}`}</h1>
        <a class="button button-strong button-large" href="/test">
          Do a test
        </a>
      </div>
      {person === null ? <Whose runs={runs} /> : <Kinds kinds={kinds} />}
    </>
  );
}

function Whose({ runs }: { runs: TestRun[] }) {
  const people = new Map<string, { name: string; newest: TestRun; count: number }>();
  for (const run of runs) {
    const known = people.get(nameKey(run.person));
    if (known) known.count++;
    else people.set(nameKey(run.person), { name: run.person, newest: run, count: 1 });
  }
  if (people.size === 0) return <NoTests />;
  return (
    <ul class="choices">
      {[...people.values()].map(({ name, newest, count }) => (
        <li key={name}>
          <a class="button choice" href={`/tests?person=${encodeURIComponent(name)}`}>
            <strong>{name}</strong>
            <span>
              {count === 1 ? "One test" : `${count} tests`}, the newest: {newest.plain_name}, {date(newest.created_at)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function NoTests() {
  return (
    <section class="empty" data-testid="no-tests">
      <h2>No test was done yet</h2>
      <p>A test takes a few minutes. The sensor is worn at the lower back; the page says what to do.</p>
    </section>
  );
}

function Kinds({ kinds }: { kinds: Kind[] }) {
  if (kinds.length === 0) return <NoTests />;
  return (
    <div class="test-kinds">
      {kinds.map((it) => (
        <KindPanel key={it.key} kind={it} />
      ))}
    </div>
  );
}

function KindPanel({ kind }: { kind: Kind }) {
  const [all, setAll] = useState(false);
  const points = pointsOf(kind.runs);
  const newest = points.at(-1);
  const id = `kind-${kind.key}`;
  const shown = all ? kind.runs : kind.runs.slice(0, SHOWN);
  return (
    <section class="panel" aria-labelledby={id} data-testid="kind">
      <h2 id={id}>{kind.title}</h2>
      {newest === undefined ? (
        <p class="panel-note">No result that counts yet.</p>
      ) : (
        <div class="test-newest">
          <p>
            <span class="test-value">{newest.text}</span>
            <span class="panel-note">{date(newest.at)}</span>
          </p>
          {points.length > 1 && <Sparkline points={points} />}
        </div>
      )}
      <table class="test-runs">
        <caption class="visually-hidden">{kind.title}, newest first</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Result</th>
            <th scope="col">Counts?</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((run) => (
            <Row key={run.id} run={run} />
          ))}
        </tbody>
      </table>
      {kind.runs.length > shown.length && (
        <p>
          <button type="button" class="button" onClick={() => setAll(true)}>
            Show all {kind.runs.length}
          </button>
        </p>
      )}
    </section>
  );
}

function Row({ run }: { run: TestRun }) {
  const { text, tone } = outcome(run);
  const counts = run.result !== null && run.result.value !== null;
  return (
    <tr>
      <td>
        <a class="test-link" href={`/test/${encodeURIComponent(run.id)}`}>
          <span>{shortDate(run.created_at)}</span> <span>{timeOfDay(run.created_at)}</span>
        </a>
        {run.found && <span class="tag">Found by itself</span>}
      </td>
      <td class="test-number">{counts ? run.result?.value_text : "–"}</td>
      <td>
        <span class="badge" data-tone={tone}>
          <span class="badge-sign" aria-hidden="true" />
          {text}
        </span>
      </td>
    </tr>
  );
}
