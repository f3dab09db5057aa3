/** The tests of a recorded session, each with its result, the moment it began and the way to its own view. */

import { clockTime } from "../format";
import { spanOf } from "../watch/replay";
import { fullName, testStateWords, watchUrl } from "../watch/words";
import type { TestRun } from "../wire/tests";

/** A test is shown from a little before its beginning. */
const BEFORE_S = 1;

export function SessionTests({ tests, onGo }: { tests: readonly TestRun[]; onGo: (to_s: number) => void }) {
  if (tests.length === 0) return null;
  return (
    <section class="walks" aria-labelledby="tests-heading">
      <h2 id="tests-heading">Tests</h2>
      <ul class="session-tests">
        {tests.map((test) => {
          const start_s = spanOf(test)?.start_s ?? null;
          return (
            <li key={test.id}>
              {start_s === null ? (
                <span class="session-test-time">–</span>
              ) : (
                <button type="button" class="button-quiet" onClick={() => onGo(Math.max(0, start_s - BEFORE_S))}>
                  <span class="visually-hidden">Go to </span>
                  {clockTime(start_s)}
                </button>
              )}
              <a class="button-quiet" href={watchUrl(test.id)}>
                {fullName(test)}
              </a>
              <span>{test.result?.value == null ? testStateWords(test.state).label : test.result.value_text}</span>
              {test.found && <span class="tag">Found, not asked for</span>}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
