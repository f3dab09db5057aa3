/** The time of every step of a test as a row of bars, and the same as a table. */

import { fixed } from "../../format";
import { OnDemand } from "../OnDemand";
import type { StepRow } from "../../watch/moment";

const HEIGHT_S = 1.2;
const SIDES = { left: "L", right: "R" } as const;

export function StepTimes({ rows, start_s }: { rows: readonly StepRow[]; start_s: number }) {
  const sorted = rows.map((row) => row.step_s).sort((a, b) => a - b);
  const median_s = sorted[sorted.length >> 1] ?? null;
  return (
    <section class="step-times" aria-labelledby="step-times-heading">
      <h2 id="step-times-heading">
        Step times {median_s !== null && <small>{rows.length + 1} steps, {fixed(median_s, 2)} s in the middle</small>}
      </h2>
      {rows.length === 0 ? (
        <p class="table-empty">No two steps yet.</p>
      ) : (
        <>
          <div class="step-bars" aria-hidden="true">
            {rows.map((row) => (
              <span key={row.at_s} style={{ height: `${Math.min(100, (100 * row.step_s) / HEIGHT_S).toFixed(0)}%` }} data-side={row.side}>
                {row.side === null ? "" : SIDES[row.side]}
              </span>
            ))}
          </div>
          <OnDemand title="Step times as a table">{() => <StepTable rows={rows} start_s={start_s} />}</OnDemand>
        </>
      )}
    </section>
  );
}

function StepTable({ rows, start_s }: { rows: readonly StepRow[]; start_s: number }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Step times of the test">
      <table class="plain-table">
        <caption class="visually-hidden">Step times of the test</caption>
        <thead>
          <tr>
            <th scope="col">At</th>
            <th scope="col">Foot</th>
            <th scope="col">Since the step before</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.at_s}>
              <th scope="row">{fixed(row.at_s - start_s, 1)} s</th>
              <td>{row.side ?? "not known"}</td>
              <td>{fixed(row.step_s, 2)} s</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
