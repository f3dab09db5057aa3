/** How an alarm ended: one touch for the outcome, one for what it was, and a note where there is more to say. */

import { useId, useState } from "preact/hooks";
import { ENDINGS, LABELS } from "../../alarm/words";
import type { Ending as How } from "../../alertApi";
import type { Alert } from "../../wire/alerts";

interface Props {
  alert: Alert;
  kind: "fall" | "help";
  onEnd: (how: Omit<How, "by">) => void;
}

export function Ending({ alert, kind, onEnd }: Props) {
  const [outcome, setOutcome] = useState<string | null>(ENDINGS[kind].some(([it]) => it === alert.outcome) ? alert.outcome : null);
  const [label, setLabel] = useState(alert.label ?? "");
  const [note, setNote] = useState(alert.note ?? "");
  const id = useId();
  const labelled = kind === "fall" && outcome === "false_alarm";
  return (
    <form
      class="care-form alert-ending"
      onSubmit={(event) => {
        event.preventDefault();
        if (outcome === null) return;
        onEnd({ outcome, ...(labelled && label.trim() ? { label: label.trim() } : {}), ...(note.trim() ? { note: note.trim() } : {}) });
      }}
    >
      <div class="button-row" role="group" aria-label="Outcome">
        {ENDINGS[kind].map(([one, words]) => (
          <button key={one} type="button" class="button choice-button" aria-pressed={outcome === one} onClick={() => setOutcome(one)}>
            {words}
          </button>
        ))}
      </div>
      {labelled && (
        <div class="field">
          <label for={`${id}-label`}>What was it?</label>
          <div class="button-row" role="group" aria-label="Often it was">
            {LABELS.map((one) => (
              <button
                key={one}
                type="button"
                class="button choice-button"
                aria-pressed={label === one}
                onClick={() => setLabel(label === one ? "" : one)}
              >
                {one}
              </button>
            ))}
          </div>
          <input id={`${id}-label`} value={label} maxLength={200} onInput={(event) => setLabel(event.currentTarget.value)} />
          <p>Kept as a label on the recorded signal.</p>
        </div>
      )}
      {outcome !== null && (
        <>
          <div class="field">
            <label for={`${id}-note`}>Note</label>
            <textarea id={`${id}-note`} rows={2} maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
          </div>
          <p>
            <button type="submit" class="button button-strong">
              Save the outcome
            </button>
          </p>
        </>
      )}
    </form>
  );
}
