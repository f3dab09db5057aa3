/** "I take it", and how it ended: with a name that is asked for once. */

import { useId, useState } from "preact/hooks";
import { resolveAlert, takeAlert, tellOthers } from "../../alertApi";
import { myName, rememberMyName } from "../../alarm/device";
import { LABELS, OUTCOMES } from "../../alarm/words";
import { ApiError } from "../../api";
import type { LiveStore } from "../../live/store";
import type { Alert } from "../../wire/alerts";

interface Props {
  alert: Alert;
  store: LiveStore;
  onChange: (alert: Alert) => void;
}

export function Take({ alert, store, onChange }: Props) {
  const [name, setName] = useState(myName());
  const [problem, setProblem] = useState<string | null>(null);
  const [ending, setEnding] = useState(false);
  const id = useId();
  const act = async (work: (by: string) => Promise<Alert>): Promise<void> => {
    const by = name.trim();
    if (by === "") {
      setProblem("Write your name first: the others see who has taken it.");
      return;
    }
    rememberMyName(by);
    try {
      const changed = await work(by);
      store.takeAlert(changed, performance.now());
      onChange(changed);
      setProblem(null);
      setEnding(false);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  const open = alert.state !== "resolved";
  return (
    <div class="alert-take">
      {open && (
        <div class="field">
          <label for={`${id}-name`}>Your name</label>
          <input
            id={`${id}-name`}
            value={name}
            autocomplete="name"
            maxLength={80}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
      )}
      {problem !== null && (
        <p class="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      <p class="button-row">
        {open && alert.state !== "acknowledged" && (
          <button type="button" class="button button-strong button-large" onClick={() => void act((by) => takeAlert(alert.id, by))}>
            I take it
          </button>
        )}
        {(alert.state === "acknowledged" || alert.state === "escalating") && alert.kind !== "test" && (
          <button type="button" class="button" onClick={() => void act((by) => tellOthers(alert.id, by))}>
            Tell the next one too
          </button>
        )}
        <button type="button" class="button" aria-expanded={ending} onClick={() => setEnding(!ending)}>
          {open ? "How did it end?" : "Put the outcome right"}
        </button>
      </p>
      {ending && <Ending alert={alert} named={open} name={name} setName={setName} onEnd={act} />}
    </div>
  );
}

interface EndingProps {
  alert: Alert;
  named: boolean;
  name: string;
  setName: (name: string) => void;
  onEnd: (work: (by: string) => Promise<Alert>) => Promise<void>;
}

function Ending({ alert, named, name, setName, onEnd }: EndingProps) {
  const [outcome, setOutcome] = useState("false_alarm");
  const [label, setLabel] = useState("");
  const [note, setNote] = useState("");
  const id = useId();
  const choices = ["false_alarm", "fall_no_injury", "fall_help_given"];
  return (
    <form
      class="care-form"
      onSubmit={(event) => {
        event.preventDefault();
        void onEnd((by) => resolveAlert(alert.id, { by, outcome, ...(label ? { label } : {}), ...(note ? { note } : {}) }));
      }}
    >
      {!named && (
        <div class="field">
          <label for={`${id}-by`}>Your name</label>
          <input id={`${id}-by`} value={name} maxLength={80} onInput={(event) => setName(event.currentTarget.value)} />
        </div>
      )}
      <div class="field">
        <label for={`${id}-outcome`}>Outcome</label>
        <select id={`${id}-outcome`} value={outcome} onChange={(event) => setOutcome(event.currentTarget.value)}>
          {choices.map((one) => (
            <option key={one} value={one}>
              {OUTCOMES[one]}
            </option>
          ))}
        </select>
      </div>
      {outcome === "false_alarm" && (
        <div class="field">
          <label for={`${id}-label`}>What was it?</label>
          <input
            id={`${id}-label`}
            list={`${id}-labels`}
            value={label}
            maxLength={200}
            onInput={(event) => setLabel(event.currentTarget.value)}
          />
          <datalist id={`${id}-labels`}>
            {LABELS.map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
          <p>Kept as a label on the recorded signal.</p>
        </div>
      )}
      <div class="field">
        <label for={`${id}-note`}>Note</label>
        <textarea id={`${id}-note`} rows={2} maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </div>
      <p>
        <button type="submit" class="button button-strong">
          Save the outcome
        </button>
      </p>
    </form>
  );
}
