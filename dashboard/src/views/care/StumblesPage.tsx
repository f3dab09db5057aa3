/** A day's possible stumbles, one question each with three large answers; and what the week says. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { answerStumble, getAdvice, getStumbles } from "../../careApi";
import { dayOf, longDay, shiftDay } from "../../people/days";
import { toLogin } from "../../router";
import { Refused } from "../Refused";
import type { Advice, Stumble, StumbleAnswer, StumblesOfDay } from "../../wire/care";

const ANSWERS: readonly { answer: StumbleAnswer; words: string }[] = [
  { answer: "yes", words: "Yes, I stumbled" },
  { answer: "no", words: "No" },
  { answer: "unsure", words: "I don't know" },
];

interface Shown {
  day: StumblesOfDay;
  advice: Advice;
}

export function StumblesPage({ person, date }: { person: string; date: string | null }) {
  const day = date ?? dayOf(new Date());
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);
  const refused = (error: unknown): void => {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 401) toLogin();
    else setProblem(error);
  };
  useEffect(() => {
    const abort = new AbortController();
    Promise.all([getStumbles(person, day, abort.signal), getAdvice(person, day, abort.signal)]).then(
      ([found, advice]) => {
        if (abort.signal.aborted) return;
        setShown({ day: found, advice });
        setProblem(null);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) refused(error);
      },
    );
    return () => abort.abort();
  }, [person, day, attempt]);
  const again = (): void => setAttempt((count) => count + 1);
  if (problem !== null) return <Refused problem={problem} missing="There is no such day" onAgain={again} />;
  if (shown === null) return <p class="loading">Loading…</p>;
  const say = (stumble: Stumble, answer: StumbleAnswer): void => {
    answerStumble(stumble.id, day, answer).then(again, refused);
  };
  return (
    <>
      <div class="page-head">
        <h1>Possible stumbles of {person}</h1>
      </div>
      <Days person={person} day={day} />
      {shown.day.stumbles.length === 0 ? (
        <section class="empty" data-testid="no-stumbles">
          <h2>No possible stumble on this day</h2>
          <p>The sensor felt none, or was not worn.</p>
        </section>
      ) : (
        <ol class="stumbles">
          {shown.day.stumbles.map((stumble) => (
            <Question key={stumble.id} stumble={stumble} onSay={(answer) => say(stumble, answer)} />
          ))}
        </ol>
      )}
      <WeekPanel advice={shown.advice} />
    </>
  );
}

function Days({ person, day }: { person: string; day: string }) {
  const to = (other: string): string => `/stumbles?person=${encodeURIComponent(person)}&date=${other}`;
  return (
    <nav class="stumble-days" aria-label="Days">
      <a class="button" href={to(shiftDay(day, -1))}>
        Day before
      </a>
      <strong>{longDay(day)}</strong>
      {day < dayOf(new Date()) && (
        <a class="button" href={to(shiftDay(day, 1))}>
          Day after
        </a>
      )}
    </nav>
  );
}

function Question({ stumble, onSay }: { stumble: Stumble; onSay: (answer: StumbleAnswer) => void }) {
  return (
    <li class="panel" data-testid="stumble">
      <p class="stumble-where">{stumble.where}</p>
      <p id={stumble.id}>Was this a stumble?</p>
      <div class="stumble-answers" role="group" aria-labelledby={stumble.id}>
        {ANSWERS.map(({ answer, words }) => (
          <button
            key={answer}
            type="button"
            class={stumble.answer === answer ? "button button-large button-strong" : "button button-large"}
            aria-pressed={stumble.answer === answer}
            onClick={() => onSay(answer)}
          >
            {words}
          </button>
        ))}
      </div>
      <p class="panel-note">
        {stumble.counts ? "It counts for the week." : "It does not count for the week."}
        {stumble.answer === null && stumble.counts && " The sensor felt it clearly."}
      </p>
    </li>
  );
}

function WeekPanel({ advice }: { advice: Advice }) {
  return (
    <section class="panel" aria-labelledby="week-heading" data-testid="week">
      <h2 id="week-heading">The last seven days</h2>
      <p>
        {advice.counted} of {advice.possible} possible stumbles count, {advice.confirmed} of them confirmed.
      </p>
      {advice.for_wearer !== null && (
        <p class="stumble-advice" data-testid="advice">
          {advice.for_wearer}
        </p>
      )}
      <details>
        <summary>Why</summary>
        <ul>
          {advice.rules.map((rule) => (
            <li key={rule.name}>{rule.why}</li>
          ))}
        </ul>
      </details>
    </section>
  );
}
