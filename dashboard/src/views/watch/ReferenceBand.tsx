/** Where a result lies against people of the same age and sex, with source and number of people. */

import { bandOf } from "../../watch/band";
import type { ResultCard } from "../../wire/tests";

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
const short = (value: number): string => String(Number(value.toPrecision(4)));

export function ReferenceBand({ result }: { result: ResultCard }) {
  const { reference, value, last } = result;
  const band = reference === null || value === null ? null : bandOf(reference, value, last?.value ?? null);
  return (
    <section class="result-part" aria-labelledby="reference-heading">
      <h3 id="reference-heading">Reference</h3>
      {band !== null && (
        <div class="band" aria-hidden="true">
          <span class="band-range" style={{ left: percent(band.low), width: percent(band.high - band.low) }} />
          {band.last !== null && <span class="band-last" style={{ left: percent(band.last) }} />}
          {band.value !== null && <span class="band-value" style={{ left: percent(band.value) }} />}
          {band.ticks.map((tick) => (
            <span key={tick.value} class="band-tick" style={{ left: percent(tick.at) }}>
              {short(tick.value)}
            </span>
          ))}
        </div>
      )}
      <p>{reference?.text || result.reference_text || "No reference."}</p>
      {reference !== null && (
        <p class="result-note">
          {reference.source}
          {reference.n !== null && `, n = ${reference.n}`}
        </p>
      )}
      {band?.last != null && <p class="result-note" aria-hidden="true">Dot: this test. Ring: the last one.</p>}
    </section>
  );
}
