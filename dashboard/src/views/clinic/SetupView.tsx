/** How a test is to be done: a few large choices with the usual one chosen, and the therapist's fields folded away. */

import { useState } from "preact/hooks";
import { answersOf, usualSetup } from "../../clinic/wish";
import { BigButton } from "./BigButton";
import { Screen } from "./Screen";
import type { Setup } from "../../clinic/wish";
import type { Answers, Protocol, TestRun, Variant } from "../../wire/tests";

interface Props {
  protocol: Protocol;
  last: TestRun | null;
  problem: string | null;
  onReady: (setup: Setup, answers: Answers) => void;
}

export function SetupView({ protocol, last, problem, onReady }: Props) {
  const [setup, setSetup] = useState(() => usualSetup(protocol, last));
  const [mend, setMend] = useState<string | null>(null);
  const change = (more: Partial<Setup>): void => setSetup({ ...setup, ...more });
  const goOn = (): void => {
    const read = answersOf(protocol, setup.fields);
    setMend("problem" in read ? read.problem : null);
    if ("answers" in read) onReady(setup, read.answers);
  };
  const refused = mend ?? problem;
  return (
    <Screen title={protocol.plain_name}>
      <p class="clinic-words">{protocol.about}</p>
      <CourseChoice protocol={protocol} setup={setup} onChange={change} />
      {protocol.stances !== null && (
        <Choice
          label="How do you stand?"
          chosen={setup.stance}
          choices={protocol.stances.map((it) => ({ value: it.id, words: it.plain_name }))}
          onChoose={(stance) => change({ stance })}
        />
      )}
      {protocol.hold_choices_s !== null && protocol.hold_choices_s.length > 1 && (
        <Choice
          label="For how long?"
          chosen={setup.hold_s}
          choices={protocol.hold_choices_s.map((value) => ({ value, words: `${value} seconds` }))}
          onChoose={(hold_s) => change({ hold_s })}
        />
      )}
      <p class="clinic-wait" role="alert">
        {refused}
      </p>
      <BigButton kind="strong" onPress={goOn}>
        Go on
      </BigButton>
      {protocol.variants.length > 0 && (
        <details class="clinic-fold">
          <summary>For the therapist: more about this test</summary>
          <div class="clinic-fields">
            {protocol.variants.map((it) => (
              <VariantField
                key={it.key}
                variant={it}
                value={setup.fields[it.key] ?? ""}
                onInput={(text) => change({ fields: { ...setup.fields, [it.key]: text } })}
              />
            ))}
          </div>
        </details>
      )}
    </Screen>
  );
}

function CourseChoice({ protocol, setup, onChange }: { protocol: Protocol; setup: Setup; onChange: (more: Partial<Setup>) => void }) {
  const lengths = protocol.course_choices_m ?? [];
  const unknown = protocol.needs_course ? [] : [{ value: null, words: "I do not know" }];
  const choices = [...unknown, ...lengths.map((value) => ({ value, words: `${value} metres` }))];
  if (choices.length < 2) return null;
  return (
    <Choice
      label="How long is your course, one way?"
      chosen={setup.course_length_m}
      choices={choices}
      onChoose={(course_length_m) => onChange({ course_length_m })}
    />
  );
}

interface ChoiceProps<T> {
  label: string;
  chosen: T;
  choices: { value: T; words: string }[];
  onChoose: (value: T) => void;
}

function Choice<T extends string | number | null>({ label, chosen, choices, onChoose }: ChoiceProps<T>) {
  return (
    <div class="clinic-group" role="group" aria-label={label}>
      <h2>{label}</h2>
      <div class="clinic-answers" data-kind="setup">
        {choices.map(({ value, words }) => (
          <BigButton key={String(value)} pressed={value === chosen} onPress={() => onChoose(value)}>
            {words}
          </BigButton>
        ))}
      </div>
    </div>
  );
}

function VariantField({ variant, value, onInput }: { variant: Variant; value: string; onInput: (text: string) => void }) {
  const id = `variant-${variant.key}`;
  const choices =
    variant.kind === "yes_no"
      ? [
          { value: "yes", label: "Yes" },
          { value: "no", label: "No" },
        ]
      : variant.choices;
  return (
    <div class="field">
      <label for={id}>
        {variant.label}
        {variant.unit === null ? "" : `, ${variant.unit}`}
      </label>
      {choices !== null ? (
        <select id={id} value={value} onChange={(event) => onInput(event.currentTarget.value)}>
          <option value="">Not said</option>
          {choices.map((it) => (
            <option key={it.value} value={it.value}>
              {it.label}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          inputMode={variant.kind === "number" ? "decimal" : "text"}
          autocomplete="off"
          value={value}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </div>
  );
}
