/** Earlier results of the same test as a small line, with all of them as a table. */

import { DASH, date, timeOfDay } from "../../format";
import { watchUrl } from "../../watch/words";
import { OnDemand } from "../OnDemand";
import type { EarlierResult } from "../../wire/tests";

const WIDTH = 300;
const HEIGHT = 64;
const EDGE = 8;

const VERDICTS = { valid: "valid", attention: "valid, with a remark", invalid: "not valid" } as const;

/** Points of the line, evenly apart in the order of time; a result without a value is a gap. */
function pointsOf(history: readonly EarlierResult[]): { id: string; x: number; y: number }[] {
  const values = history.map((it) => it.value).filter((it): it is number => it !== null);
  const least = Math.min(...values);
  const span = Math.max(...values) - least;
  return history.flatMap(({ id, value }, i) => {
    if (value === null) return [];
    const x = EDGE + (i / Math.max(1, history.length - 1)) * (WIDTH - 2 * EDGE);
    const y = span === 0 ? HEIGHT / 2 : HEIGHT - EDGE - ((value - least) / span) * (HEIGHT - 2 * EDGE);
    return [{ id, x, y }];
  });
}

export function History({ history, id, unit }: { history: readonly EarlierResult[]; id: string; unit: string }) {
  if (history.length < 2) return null;
  const points = pointsOf(history);
  return (
    <section class="result-part" aria-labelledby="history-heading">
      <h3 id="history-heading">So far</h3>
      {points.length > 1 && (
        <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" focusable="false">
          <polyline points={points.map((it) => `${it.x.toFixed(1)},${it.y.toFixed(1)}`).join(" ")} />
          {points.map((it) => (
            <circle key={it.id} cx={it.x} cy={it.y} r={it.id === id ? 5 : 3} data-this={it.id === id} />
          ))}
        </svg>
      )}
      <OnDemand title={`All ${history.length} tests as a table`}>
        {() => (
          <div class="table-scroll" tabIndex={0} role="region" aria-label="Earlier tests">
            <table class="plain-table">
              <caption class="visually-hidden">Earlier tests, newest first</caption>
              <thead>
                <tr>
                  <th scope="col">When</th>
                  <th scope="col">Result</th>
                  <th scope="col">Verdict</th>
                </tr>
              </thead>
              <tbody>
                {history.toReversed().map((it) => (
                  <tr key={it.id}>
                    <th scope="row">
                      <a href={watchUrl(it.id)} {...(it.id === id ? { "aria-current": "page" as const } : {})}>
                        {date(it.at)}, {timeOfDay(it.at)}
                      </a>
                    </th>
                    <td>{it.value === null ? DASH : `${Number(it.value.toPrecision(4))} ${unit}`}</td>
                    <td>{it.verdict === null ? "not judged" : VERDICTS[it.verdict]}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </OnDemand>
    </section>
  );
}
