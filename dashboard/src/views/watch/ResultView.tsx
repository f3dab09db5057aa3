/** A test's result as it goes into a record: value, clock, reference, change, history, verdict, figures. */

import { DASH, date, timeOfDay } from "../../format";
import { digitsOf } from "../../watch/band";
import { verdictSign, verdictTone } from "../../watch/words";
import { OnDemand } from "../OnDemand";
import { ChangeZones } from "./ChangeZones";
import { History } from "./History";
import { ReferenceBand } from "./ReferenceBand";
import type { ResultCard } from "../../wire/tests";

export function ResultView({ result, id }: { result: ResultCard; id: string }) {
  return (
    <section class="result" aria-labelledby="result-heading">
      <header class="result-head">
        <h2 id="result-heading">Result</h2>
        <span class="badge" data-tone={verdictTone(result.verdict)} data-testid="verdict">
          <span aria-hidden="true">{verdictSign(result.verdict)}</span>
          {result.verdict_text || "Not judged"}
        </span>
      </header>
      <p class="result-value" data-testid="result-value">
        {result.value === null ? "No result" : result.value_text}
      </p>
      {result.clock_text !== null && <p class="result-clock">{result.clock_text}</p>}
      {result.reasons.length > 0 && (
        <ul class="result-reasons">
          {result.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
      <ReferenceBand result={result} />
      {result.value !== null && (
        <section class="result-part" aria-labelledby="change-heading">
          <h3 id="change-heading">Against the last valid test</h3>
          {result.change === null || result.last === null ? (
            <p class="result-note">There is no earlier valid test under the same conditions.</p>
          ) : (
            <>
              <p>
                Last time {result.last.value_text || DASH}, {date(result.last.at)}, {timeOfDay(result.last.at)}.
              </p>
              <ChangeZones change={result.change} unit={result.unit} digits={digitsOf(result.value_text)} />
            </>
          )}
        </section>
      )}
      <History history={result.history} id={id} unit={result.unit} digits={digitsOf(result.value_text)} />
      <p class="result-note">{result.method_text}</p>
      {result.figures.length > 0 && (
        <OnDemand title={`Figures (${result.figures.length})`}>
          {() => (
            <table class="plain-table result-figures">
              <caption class="visually-hidden">Further figures of this test</caption>
              <tbody>
                {result.figures.map((figure) => (
                  <tr key={figure.key}>
                    <th scope="row">{figure.label}</th>
                    <td>{figure.text}</td>
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
