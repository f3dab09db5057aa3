/** A person's own thresholds: how sure a fall must look, how long is waited, how long they have to answer. */

import { useId } from "preact/hooks";
import type { TypedCare } from "../../alarm/careWish";

/** The detector tells of falls from 0.5 on. */
const SURE: readonly (readonly [value: string, words: string])[] = [
  ["0.5", "At every possible fall"],
  ["0.7", "Only at likely falls"],
  ["0.9", "Only at very likely falls: more falls are missed"],
];

export function WhenToAsk({ typed, onChange }: { typed: TypedCare; onChange: (typed: TypedCare) => void }) {
  const id = useId();
  const field = (name: "observe_s" | "prompt_s", label: string) => (
    <div class="field">
      <label for={`${id}-${name}`}>{label}</label>
      <input
        id={`${id}-${name}`}
        inputMode="decimal"
        value={typed[name]}
        onInput={(event) => onChange({ ...typed, [name]: event.currentTarget.value })}
      />
    </div>
  );
  const own = SURE.some(([value]) => value === typed.least_confidence);
  return (
    <fieldset class="care-contact">
      <legend>When to ask “Are you OK?”</legend>
      <div class="care-row">
        <div class="field">
          <label for={`${id}-sure`}>Ask</label>
          <select
            id={`${id}-sure`}
            value={typed.least_confidence}
            onChange={(event) => onChange({ ...typed, least_confidence: event.currentTarget.value })}
          >
            {!own && <option value={typed.least_confidence}>From {typed.least_confidence} of 1 on</option>}
            {SURE.map(([value, words]) => (
              <option key={value} value={value}>
                {words}
              </option>
            ))}
          </select>
        </div>
        {field("observe_s", "Wait before asking, s")}
        {field("prompt_s", "Time to answer, s")}
      </div>
      <p class="panel-note">
        Whoever walks on while it waits is not asked. What is less sure than chosen is kept in the list, and nobody is disturbed.
      </p>
    </fieldset>
  );
}
