/** Distance, cadence and speed of every minute of a walk: three rows of bars over one table of the same. */

import { DASH, fixed, whole } from "../../format";
import type { MinuteRow } from "../../watch/moment";

type Value = (row: MinuteRow) => number | null;

const SERIES: readonly { label: string; unit: string; value: Value; text: (value: number | null) => string }[] = [
  { label: "Distance", unit: "m", value: (row) => row.distance_m, text: (value) => fixed(value, 1) },
  { label: "Cadence", unit: "steps/min", value: (row) => row.cadence_spm, text: whole },
  { label: "Speed", unit: "m/s", value: (row) => row.speed_mps, text: (value) => fixed(value, 2) },
];

export function MinuteBars({ rows, minutes, live }: { rows: readonly MinuteRow[]; minutes: number; live: boolean }) {
  const all = Array.from({ length: minutes }, (_, i) => rows[i] ?? null);
  return (
    <section class="minutes" aria-labelledby="minutes-heading">
      <h2 id="minutes-heading">Minute by minute</h2>
      <table class="minute-table" style={{ "--minutes": minutes }}>
        <caption class="visually-hidden">Distance, cadence and speed of each minute</caption>
        <thead>
          <tr>
            <td />
            {all.map((_, i) => (
              <th key={i} scope="col">
                <span class="visually-hidden">Minute </span>
                {i + 1}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SERIES.map((series) => {
            const most = Math.max(1e-9, ...all.map((row) => (row === null ? 0 : (series.value(row) ?? 0))));
            return (
              <tr key={series.label}>
                <th scope="row">
                  {series.label} <small>{series.unit}</small>
                </th>
                {all.map((row, i) => {
                  const value = row === null ? null : series.value(row);
                  return (
                    <td key={i} data-rested={row?.rested === true}>
                      <span class="minute-bar" aria-hidden="true">
                        <span style={{ height: `${((100 * (value ?? 0)) / most).toFixed(0)}%` }} />
                      </span>
                      {value === null ? (row === null ? <span class="visually-hidden">not yet</span> : DASH) : series.text(value)}
                      {row?.rested === true && <span class="visually-hidden"> with a rest</span>}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="table-empty">
        {rows.some((row) => row.rested) && "Hatched: a minute with a rest. "}
        {live && "Cadence of each minute follows with the result."}
      </p>
    </section>
  );
}
