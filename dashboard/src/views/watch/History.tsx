/** Earlier results of the same test as a small line, with all of them as a table. */

import { DASH, date, timeOfDay } from "../../format";
import { watchUrl } from "../../watch/words";
import { OnDemand } from "../OnDemand";
import { Sparkline } from "../clinic/Sparkline";
import type { EarlierResult } from "../../wire/tests";

const VERDICTS = { valid: "valid", attention: "valid, with a remark", invalid: "not valid" } as const;

interface Props {
  history: readonly EarlierResult[];
  /** The test that is looked at. */
  id: string;
  unit: string;
  digits: number;
}

export function History({ history, id, unit, digits }: Props) {
  if (history.length < 2) return null;
  const said = (value: number): string => `${value.toFixed(digits)} ${unit}`;
  const points = history.flatMap(({ at, value }) =>
    value === null ? [] : [{ at, value: Number(value.toFixed(digits)), text: said(value) }],
  );
  return (
    <section class="result-part" aria-labelledby="history-heading">
      <h3 id="history-heading">So far</h3>
      {points.length > 1 && <Sparkline points={points} />}
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
                    <td>{it.value === null ? DASH : said(it.value)}</td>
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
