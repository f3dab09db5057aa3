/** After a test: the result, or why there is none, and how it was. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { say } from "../../clinic/sound";
import { addTestNote, answerAfter } from "../../testApi";
import { BigButton } from "./BigButton";
import { Questions } from "./Questions";
import { Rules } from "./Rules";
import { Screen } from "./Screen";
import { date, sentence } from "../../format";
import type { LiveStore } from "../../live/store";
import type { Answers, Protocol, ResultCard, TestRun } from "../../wire/tests";
import type { ComponentChildren } from "preact";

interface Props {
  test: TestRun;
  protocol: Protocol;
  store: LiveStore;
  /** It ended while this page looked on. */
  fresh: boolean;
}

/** Later than this nobody remembers how it was (ms). */
const REMEMBERED_MS = 3_600_000;

/** The end of a test, then its questions, then the end again with what was saved. */
export function OverView({ test, protocol, store, fresh }: Props) {
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async (answers: Answers): Promise<void> => {
    setProblem(null);
    setAsking(false);
    if (Object.keys(answers).length === 0) return;
    try {
      store.takeTest(await answerAfter(test.id, answers), performance.now());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  if (asking) return <Questions questions={protocol.after} onDone={(answers) => void save(answers)} />;
  const remembered = Date.now() - Date.parse(test.created_at) < REMEMBERED_MS;
  const answered = Object.keys(test.after).length > 0;
  const next = (
    <>
      {problem !== null && (
        <p class="clinic-wait" role="alert">
          Your answers were not saved. {problem}
        </p>
      )}
      {answered && (
        <p class="clinic-small" role="status">
          Thank you. Your answers are saved.
        </p>
      )}
      {!answered && remembered && protocol.after.length > 0 && (
        <BigButton kind="strong" onPress={() => setAsking(true)}>
          How was it?
        </BigButton>
      )}
      <Ways test={test} />
      <a class="clinic-link" href={`/watch/${encodeURIComponent(test.id)}`}>
        For the therapist: everything that was measured
      </a>
    </>
  );
  if (test.state === "aborted") {
    return (
      <StoppedView rules={protocol.stop_rules} unheard={false} aloud={fresh}>
        {remembered && <WhyStopped test={test} store={store} />}
        {next}
      </StoppedView>
    );
  }
  const { result } = test;
  if (test.state === "invalid" || result === null || result.value === null) {
    return (
      <NoResult test={test} reasons={result?.reasons ?? test.reasons} aloud={fresh}>
        {next}
      </NoResult>
    );
  }
  return (
    <Result at={test.created_at} result={result} aloud={fresh}>
      {next}
    </Result>
  );
}

function Ways({ test }: { test: TestRun }) {
  const again = new URLSearchParams({ session: test.session_id, protocol: test.protocol });
  return (
    <div class="clinic-ways">
      <a class="big-button" href={`/test?${again.toString()}`}>
        Do it again
      </a>
      <a class="big-button" href={`/test?session=${encodeURIComponent(test.session_id)}`}>
        Another test
      </a>
      <a class="big-button" href={`/tests?person=${encodeURIComponent(test.person)}`}>
        All my results
      </a>
    </div>
  );
}

interface ResultProps {
  at: string;
  result: ResultCard;
  aloud: boolean;
  children: ComponentChildren;
}

function Result({ at, result, aloud, children }: ResultProps) {
  useEffect(() => {
    if (aloud) say(result.plain_text, "next");
  }, []);
  return (
    <Screen title="Your result">
      <div class="clinic-result" data-testid="result">
        <p>
          <span class="clinic-small">{date(at)}</span>
          <span class="clinic-value" data-testid="value">
            {result.value_text}
          </span>
        </p>
        {result.last !== null && (
          <p>
            <span class="clinic-small">Last time, {date(result.last.at)}</span>
            <span class="clinic-value clinic-value-last">{result.last.value_text}</span>
          </p>
        )}
      </div>
      {result.last !== null && <p class="clinic-words">{result.plain_text}</p>}
      {result.trials !== null && <p class="clinic-small">{result.trials.text}</p>}
      {result.reasons.length > 0 && (
        <div class="clinic-note">
          <p>Please note:</p>
          <Rules rules={result.reasons} />
        </div>
      )}
      {result.clock_text !== null && <p class="clinic-small">{sentence(result.clock_text)}</p>}
      <p class="clinic-small">{result.method_text}</p>
      {children}
    </Screen>
  );
}

interface NoResultProps {
  test: TestRun;
  reasons: string[];
  aloud: boolean;
  children: ComponentChildren;
}

function NoResult({ test, reasons, aloud, children }: NoResultProps) {
  const why = reasons.length > 0 ? reasons : test.problem === null ? [] : [test.problem];
  const title = "This test did not count";
  useEffect(() => {
    if (aloud) say(`${title}. You can do it again.`, "next");
  }, []);
  return (
    <Screen title={title}>
      <div class="clinic-part" data-testid="no-result">
        {why.length > 0 && <Rules rules={why} />}
        <p class="clinic-words">You did nothing wrong. You can do it again.</p>
      </div>
      {children}
    </Screen>
  );
}

interface StoppedProps {
  rules: string[];
  /** The server has not heard of it yet. */
  unheard: boolean;
  aloud: boolean;
  children?: ComponentChildren;
}

export function StoppedView({ rules, unheard, aloud, children }: StoppedProps) {
  const title = "Stopped. That is all right.";
  useEffect(() => {
    if (aloud) say("Stopped. That is all right. Sit down and rest.");
  }, []);
  return (
    <Screen title={title}>
      <p class="clinic-words">Sit down and rest. If you do not feel well, call for help.</p>
      {unheard && (
        <p class="clinic-note" role="alert" data-testid="stop-unheard">
          Surefoot does not answer at the moment. You can stop all the same: this page tells it as soon as it can.
        </p>
      )}
      {children}
      <details class="clinic-fold">
        <summary>When to stop a test</summary>
        <Rules rules={rules} />
      </details>
    </Screen>
  );
}

const WHY = ["I was tired", "I was dizzy", "I had pain", "I was short of breath", "I nearly fell", "Something else"];

function WhyStopped({ test, store }: { test: TestRun; store: LiveStore }) {
  const [open, setOpen] = useState(test.notes.length === 0);
  const [problem, setProblem] = useState<string | null>(null);
  const note = async (why: string): Promise<void> => {
    try {
      store.takeTest(await addTestNote(test.id, `Stopped by the person: ${why}`), performance.now());
      setOpen(false);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  if (!open) return null;
  return (
    <div class="clinic-group" role="group" aria-labelledby="why-stopped">
      <h2 id="why-stopped">Why did you stop?</h2>
      <div class="clinic-answers" data-kind="choice">
        {WHY.map((why) => (
          <BigButton key={why} onPress={() => void note(why)}>
            {why}
          </BigButton>
        ))}
      </div>
      {problem !== null && (
        <p class="clinic-wait" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
