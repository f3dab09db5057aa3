/** Everybody who is known, and a form for somebody new. */

import { useEffect } from "preact/hooks";
import { addPerson } from "../api";
import { date, fixed, whole } from "../format";
import { expectedError } from "../people/calibrationWords";
import { refreshPeople, usePeople } from "../people/known";
import { go } from "../router";
import { positionWords } from "../words";
import { FactsForm } from "./FactsForm";
import type { Person } from "../wire/people";

export function PeoplePage({ add }: { add: string }) {
  const { people, problem } = usePeople();
  useEffect(() => void refreshPeople(), []);
  const start = { name: add, height_cm: "", sensorHeight_cm: "", age_years: "", sex: "", condition: "", freezes: false };
  return (
    <>
      <div class="page-head">
        <h1>People</h1>
        {people !== null && people.length > 0 && <p class="page-count">{whole(people.length)} known</p>}
      </div>
      {problem !== null && (
        <div class="notice" data-tone="bad" role="alert">
          <p>{problem}</p>
          <button type="button" class="button" onClick={() => void refreshPeople()}>
            Try again
          </button>
        </div>
      )}
      {people === null && problem === null && <p class="loading">Loading people…</p>}
      {people !== null && people.length === 0 && (
        <p>Nobody is known yet. Add the person who wears the sensor to see their days and to make speed exact.</p>
      )}
      {people !== null && people.length > 0 && (
        <ul class="people">
          {people.map((person) => (
            <PersonCard key={person.id} person={person} />
          ))}
        </ul>
      )}
      <details class="legend add-person" open={add !== "" || people?.length === 0}>
        <summary>Add a person</summary>
        <FactsForm
          key={add}
          start={start}
          action="Add this person"
          onSend={async (facts) => {
            const person = await addPerson(facts);
            await refreshPeople();
            go(`/people/${person.id}`);
          }}
        />
      </details>
    </>
  );
}

function PersonCard({ person }: { person: Person }) {
  const { id, name, height_m, calibrations, sessions, last_seen_at } = person;
  const calibrated = calibrations.map((it) => `${positionWords(it.position).toLowerCase()} ${expectedError(it.error_share)}`);
  return (
    <li class="panel person">
      <h2>{name}</h2>
      <p class="panel-note">
        {height_m === null ? "Height not given" : `${fixed(100 * height_m, 0)} cm tall`} ·{" "}
        {calibrated.length === 0 ? "not calibrated" : `calibrated: ${calibrated.join(", ")}`} ·{" "}
        {sessions === 0 ? "never recorded" : `${whole(sessions)} ${sessions === 1 ? "session" : "sessions"}`}
        {last_seen_at !== null && `, last ${date(last_seen_at)}`}
      </p>
      <p class="button-row">
        <a class="button button-strong" href={`/people/${id}/today`} aria-label={`Today of ${name}`}>
          Today
        </a>
        <a class="button" href={`/people/${id}`} aria-label={`Height and calibration of ${name}`}>
          Height and calibration
        </a>
      </p>
    </li>
  );
}
