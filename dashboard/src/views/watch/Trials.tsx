/** This day's trials under the same conditions, averaged, with their spread. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { timeOfDay } from "../../format";
import { getTests } from "../../testApi";
import { digitsOf } from "../../watch/band";
import { counts, spreadsOf, trialsOf } from "../../watch/trials";
import { watchUrl } from "../../watch/words";
import { OnDemand } from "../OnDemand";
import type { Spread } from "../../watch/trials";
import type { TestRun } from "../../wire/tests";

const MOST = 100;

const short = (value: number): string => String(Number(value.toPrecision(3)));
const spread = ({ low, high, unit }: Spread): string => `${short(low)} to ${short(high)}${unit === "" ? "" : ` ${unit}`}`;

export function Trials({ run }: { run: TestRun }) {
  const [others, setOthers] = useState<TestRun[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    getTests({ person: run.person, protocol: run.protocol, limit: MOST }, abort.signal).then(setOthers, (error: unknown) => {
      if (!abort.signal.aborted && !(error instanceof ApiError)) throw error;
    });
    return () => abort.abort();
  }, [run.person, run.protocol, run.id, run.invalidated]);
  const trials = trialsOf(run, others);
  if (trials.length < 2) return null;
  const spreads = spreadsOf(trials);
  const [result, ...figures] = spreads;
  const digits = Math.max(...trials.map((trial) => digitsOf(trial.result?.value_text ?? "")));
  return (
    <section class="result-part trials" aria-labelledby="trials-heading">
      <h3 id="trials-heading">Trials of this day</h3>
      {result !== undefined && (
        <p data-testid="trials-mean">
          <strong>
            {result.mean.toFixed(digits)} {result.unit}
          </strong>{" "}
          on average of {result.n}, from {result.low.toFixed(digits)} to {result.high.toFixed(digits)} {result.unit}.
        </p>
      )}
      <ol class="trials-list">
        {trials.map((trial) => (
          <li key={trial.id}>
            <a href={watchUrl(trial.id)} {...(trial.id === run.id ? { "aria-current": "page" as const } : {})}>
              {timeOfDay(trial.created_at)}
            </a>
            <span>{counts(trial) ? trial.result?.value_text : "not counted"}</span>
          </li>
        ))}
      </ol>
      {figures.length > 0 && (
        <OnDemand title="Averages of the figures">
          {() => (
            <table class="plain-table">
              <caption class="visually-hidden">Averages over the trials of this day</caption>
              <thead>
                <tr>
                  <th scope="col">Figure</th>
                  <th scope="col">Average</th>
                  <th scope="col">From … to</th>
                </tr>
              </thead>
              <tbody>
                {figures.map((it) => (
                  <tr key={it.key}>
                    <th scope="row">{it.label}</th>
                    <td>{`${short(it.mean)}${it.unit === "" ? "" : ` ${it.unit}`}`}</td>
                    <td>{spread(it)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </OnDemand>
      )}
    </section>
  );
}
