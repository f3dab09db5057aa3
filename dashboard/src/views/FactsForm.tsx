/** Name, height and what else is kept about somebody. */

import { useId, useState } from "preact/hooks";
import { ApiError } from "../api";
import { factsOf } from "../people/facts";
import type { TypedFacts } from "../people/facts";
import type { PersonFacts } from "../wire/people";

const SEXES = [["", "Not given"], ["female", "Female"], ["male", "Male"], ["other", "Other"]] as const;
const CONDITIONS = [
  ["", "Not given"],
  ["ms", "Multiple sclerosis (MS)"],
  ["als", "ALS"],
  ["ssc", "Systemic sclerosis"],
  ["other", "Other"],
] as const;

type TextField = Exclude<keyof TypedFacts, "freezes">;

interface Props {
  start: TypedFacts;
  action: string;
  onSend: (facts: PersonFacts) => Promise<void>;
}

export function FactsForm({ start, action, onSend }: Props) {
  const [typed, setTyped] = useState(start);
  const [problems, setProblems] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const id = useId();

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const read = factsOf(typed);
    if ("problems" in read) {
      setProblems(read.problems);
      return;
    }
    setBusy(true);
    setProblems([]);
    try {
      await onSend(read.facts);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblems([error.message]);
    } finally {
      setBusy(false);
    }
  };

  const change = (field: TextField) => (event: { currentTarget: HTMLInputElement | HTMLSelectElement }) =>
    setTyped({ ...typed, [field]: event.currentTarget.value });
  const field = (name: TextField, label: string, hint: string, more: object = {}) => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      <input
        id={`${id}-${name}`}
        value={typed[name]}
        onInput={change(name)}
        autocomplete="off"
        aria-describedby={hint === "" ? undefined : `${id}-${name}-hint`}
        {...more}
      />
      {hint !== "" && <p id={`${id}-${name}-hint`}>{hint}</p>}
    </div>
  );
  const choice = (name: TextField, label: string, options: readonly (readonly [string, string])[]) => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      <select id={`${id}-${name}`} value={typed[name]} onChange={change(name)}>
        {options.map(([value, words]) => (
          <option key={value} value={value}>
            {words}
          </option>
        ))}
        {!options.some(([value]) => value === typed[name]) && <option value={typed[name]}>{typed[name]}</option>}
      </select>
    </div>
  );
  return (
    <form class="facts-form" noValidate onSubmit={(event) => void submit(event)}>
      {field("name", "Name", "As it stands on the sensor’s card: sessions of that name are this person’s.", { required: true })}
      {field("height_cm", "Height, cm", "Without shoes. Needed for speed and stride length at the lower back.", { inputMode: "decimal" })}
      {field("sensorHeight_cm", "Height of the sensor over the floor, cm", "At the lower back, standing. Better than the height alone.", { inputMode: "decimal" })}
      {field("age_years", "Age, years", "", { inputMode: "decimal" })}
      {choice("sex", "Sex", SEXES)}
      {choice("condition", "Condition", CONDITIONS)}
      <div class="field">
        <label class="facts-tick">
          <input
            type="checkbox"
            checked={typed.freezes}
            aria-describedby={`${id}-freezes-hint`}
            onChange={(event) => setTyped({ ...typed, freezes: event.currentTarget.checked })}
          />
          Look for freezing-like episodes
        </label>
        <p id={`${id}-freezes-hint`}>
          Off unless a therapist asks for it. Needs a sensor at an ankle; holds from the next session on.
        </p>
      </div>
      <div role="alert">
        {problems.length > 0 && (
          <div class="notice" data-tone="bad">
            {problems.map((it) => (
              <p key={it}>{it}</p>
            ))}
          </div>
        )}
      </div>
      <button type="submit" class="button button-strong button-large" disabled={busy}>
        {action}
      </button>
    </form>
  );
}
