/** The calibration walk: choose a session, walk a known distance, say how far it was, read what it changed. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, addCalibration } from "../api";
import { duration } from "../format";
import { resultSentences, speedWasKnown } from "../people/calibrationWords";
import { typedNumber } from "../people/facts";
import { refreshPeople } from "../people/known";
import { usePerson } from "../people/usePerson";
import { positionWords } from "../words";
import { ChooseSession } from "./ChooseSession";
import { ChooseWalk } from "./ChooseWalk";
import { LiveWalk } from "./LiveWalk";
import { PersonHead } from "./PersonHead";
import { Refused } from "./Refused";
import type { LiveStore } from "../live/store";
import type { Stretch } from "../people/walkChoice";
import type { SessionSummary } from "../wire/types";
import type { ComponentChildren } from "preact";

const USUAL_DISTANCES_M = [10, 20, 40];
const SHORTEST_M = 10;
const LONGEST_M = 10_000;

type Step =
  | { at: "session" }
  | { at: "walk"; session: SessionSummary }
  | { at: "distance"; stretch: Stretch }
  | { at: "result"; sentences: string[] };

const NAMES: [Step["at"], string][] = [
  ["session", "Session"],
  ["walk", "Walk"],
  ["distance", "Distance"],
  ["result", "Result"],
];

export function CalibratePage({ id, session, store }: { id: number; session: string | null; store: LiveStore }) {
  const { person, problem, again } = usePerson(id);
  const [step, setStep] = useState<Step>({ at: "session" });
  if (problem && person === null) return <Refused problem={problem} missing="There is no such person" onAgain={again} />;
  if (person === null) return <p class="loading">Loading…</p>;
  const place = NAMES.findIndex(([at]) => at === step.at);
  const send = async (stretch: Stretch, distance_m: number): Promise<void> => {
    const { session_id, start_s, end_s, position } = stretch;
    const known = speedWasKnown(person, position);
    const done = await addCalibration(id, { session_id, start_s, end_s, distance_m });
    void refreshPeople();
    setStep({ at: "result", sentences: resultSentences(done, distance_m, known) });
  };
  return (
    <>
      <PersonHead person={person} page="calibrate" />
      <section class="panel walk-flow" aria-label="Calibration walk">
        <ol class="flow-steps" aria-label="Steps of the calibration walk">
          {NAMES.map(([at, name], i) => (
            <li key={at} aria-current={at === step.at ? "step" : undefined} data-done={i < place}>
              {name}
            </li>
          ))}
        </ol>
        {step.at === "session" && (
          <FlowStep key="session" title="Which session?">
            <p>
              Measure a straight course of at least {SHORTEST_M} m, better 20 m, and mark both ends. Wear the sensor as
              always.
            </p>
            <ChooseSession name={person.name} store={store} wanted={session} onChoose={(it) => setStep({ at: "walk", session: it })} />
          </FlowStep>
        )}
        {step.at === "walk" && (
          <FlowStep key="walk" title={step.session.state === "live" ? "Walk the course" : "Which walk was it?"}>
            <p class="panel-note">
              {positionWords(step.session.position)}, {duration(step.session.duration_s)} recorded
            </p>
            {step.session.state === "live" ? (
              <LiveWalk session={step.session} store={store} onWalked={(stretch) => setStep({ at: "distance", stretch })} />
            ) : (
              <ChooseWalk session={step.session} onChoose={(stretch) => setStep({ at: "distance", stretch })} />
            )}
            <Back onBack={() => setStep({ at: "session" })} words="Choose another session" />
          </FlowStep>
        )}
        {step.at === "distance" && (
          <FlowStep key="distance" title="How far was it?">
            <Distance onSend={(distance_m) => send(step.stretch, distance_m)} />
            <Back onBack={() => setStep({ at: "session" })} words="Begin again" />
          </FlowStep>
        )}
        {step.at === "result" && (
          <FlowStep key="result" title="Done">
            <div class="flow-result" role="status" data-testid="calibration-result">
              {step.sentences.map((it) => (
                <p key={it}>{it}</p>
              ))}
            </div>
            <p class="button-row">
              <a class="button button-strong button-large" href={`/people/${id}`}>
                Finish
              </a>
              <button
                type="button"
                class="button button-large"
                onClick={() => {
                  again();
                  setStep({ at: "session" });
                }}
              >
                Walk once more
              </button>
            </p>
          </FlowStep>
        )}
      </section>
    </>
  );
}

/** One step; its heading takes the focus when the step is reached, so that a screen reader goes on from there. */
function FlowStep({ title, children }: { title: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="flow-step">
      <h2 tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {children}
    </div>
  );
}

function Back({ onBack, words }: { onBack: () => void; words: string }) {
  return (
    <p>
      <button type="button" class="button-quiet" onClick={onBack}>
        {words}
      </button>
    </p>
  );
}

function Distance({ onSend }: { onSend: (distance_m: number) => Promise<void> }) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const distance_m = typedNumber(typed);
    if (distance_m === null || !(distance_m >= SHORTEST_M && distance_m <= LONGEST_M)) {
      setProblem(`Please give the distance in metres, at least ${SHORTEST_M}.`);
      return;
    }
    setBusy(true);
    setProblem(null);
    try {
      await onSend(distance_m);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
      setBusy(false);
    }
  };
  return (
    <form class="distance-form" noValidate onSubmit={(event) => void submit(event)}>
      <label for="distance">Distance in metres</label>
      <div class="distance-field">
        <input
          id="distance"
          inputMode="decimal"
          autocomplete="off"
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          aria-invalid={problem !== null}
        />
        {USUAL_DISTANCES_M.map((distance_m) => (
          <button key={distance_m} type="button" class="button button-large" onClick={() => setTyped(String(distance_m))}>
            {distance_m} m
          </button>
        ))}
      </div>
      <div role="alert">
        {problem !== null && (
          <p class="notice" data-tone="bad">
            {problem}
          </p>
        )}
      </div>
      <button type="submit" class="button button-strong button-large" disabled={busy}>
        {busy ? "Measuring the walk…" : "Calibrate"}
      </button>
    </form>
  );
}
