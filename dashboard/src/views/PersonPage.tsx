/** What is kept about one person: height, and how exact their speed is. */

import { useState } from "preact/hooks";
import { ApiError, changePerson, removeCalibration } from "../api";
import { calibrationLine } from "../people/calibrationWords";
import { typedOf } from "../people/facts";
import { refreshPeople } from "../people/known";
import { usePerson } from "../people/usePerson";
import { positionWords } from "../words";
import { FactsForm } from "./FactsForm";
import { PersonHead } from "./PersonHead";
import { Refused } from "./Refused";
import type { Calibration, Person } from "../wire/people";

export function PersonPage({ id }: { id: number }) {
  const { person, problem, again } = usePerson(id);
  const [saved, setSaved] = useState(false);
  if (problem && person === null) return <Refused problem={problem} missing="There is no such person" onAgain={again} />;
  if (person === null) return <p class="loading">Loading…</p>;
  return (
    <>
      <PersonHead person={person} page="person" />
      <div class="person-parts">
        <section class="panel" aria-labelledby="facts-heading">
          <h2 id="facts-heading">Height and more</h2>
          <FactsForm
            key={JSON.stringify(typedOf(person))}
            start={typedOf(person)}
            action="Save"
            onSend={async (facts) => {
              setSaved(false);
              await changePerson(id, facts);
              setSaved(true);
              void refreshPeople();
              again();
            }}
          />
          <p role="status">{saved ? "Saved. It holds for sessions that begin from now on." : ""}</p>
        </section>
        <Calibrations person={person} onChange={again} />
      </div>
    </>
  );
}

function Calibrations({ person, onChange }: { person: Person; onChange: () => void }) {
  return (
    <section class="panel" aria-labelledby="calibrations-heading">
      <h2 id="calibrations-heading">How exact is the speed?</h2>
      {person.calibrations.length === 0 ? (
        <p>
          Not calibrated. Surefoot estimates the length of steps from the height; for slow walkers that can be far off.
          One walk over a known distance corrects it.
        </p>
      ) : (
        <ul class="calibrations">
          {person.calibrations.map((it) => (
            <CalibrationRow key={it.position} person={person} calibration={it} onChange={onChange} />
          ))}
        </ul>
      )}
      <p>
        <a class="button button-strong button-large" href={`/people/${person.id}/calibrate`}>
          Start a calibration walk
        </a>
      </p>
    </section>
  );
}

function CalibrationRow({ person, calibration, onChange }: { person: Person; calibration: Calibration; onChange: () => void }) {
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const place = positionWords(calibration.position).toLowerCase();
  const remove = async (): Promise<void> => {
    try {
      await removeCalibration(person.id, calibration.position);
      onChange();
      void refreshPeople();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <li>
      <p>{calibrationLine(calibration)}</p>
      {problem !== null && (
        <p class="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      {asking ? (
        <div class="notice" data-tone="caution">
          <p>Forget the calibration for the {place}? New sessions then go by the height alone.</p>
          <p class="button-row">
            <button type="button" class="button" onClick={() => void remove()}>
              Yes, forget it
            </button>
            <button type="button" class="button" onClick={() => setAsking(false)}>
              Keep it
            </button>
          </p>
        </div>
      ) : (
        <button type="button" class="button" onClick={() => setAsking(true)} aria-label={`Forget the calibration for the ${place}`}>
          Forget
        </button>
      )}
    </li>
  );
}
