/** "I take it", and how it ended: with a name that is asked for once. */

import { useId, useRef, useState } from "preact/hooks";
import { resolveAlert, takeAlert, tellOthers } from "../../alertApi";
import { myName, rememberMyName } from "../../alarm/device";
import { ApiError } from "../../api";
import { Ending } from "./Ending";
import type { LiveStore } from "../../live/store";
import type { Alert } from "../../wire/alerts";

interface Props {
  alert: Alert;
  store: LiveStore;
  onChange: (alert: Alert) => void;
}

export function Take({ alert, store, onChange }: Props) {
  const [name, setName] = useState(myName());
  const [asking, setAsking] = useState(name === "");
  const [problem, setProblem] = useState<string | null>(null);
  const [ending, setEnding] = useState(false);
  const id = useId();
  // Whatever is done while an answer is under way, the answer must not undo.
  const turn = useRef(0);
  const act = async (work: (by: string) => Promise<Alert>): Promise<void> => {
    const by = name.trim();
    if (by === "") {
      setAsking(true);
      setProblem("Write your name first: the others see who has taken it.");
      return;
    }
    rememberMyName(by);
    const mine = ++turn.current;
    try {
      const changed = await work(by);
      store.takeAlert(changed, performance.now());
      onChange(changed);
      if (mine !== turn.current) return;
      setProblem(null);
      setAsking(false);
      if (changed.state === "resolved") setEnding(false);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(error.message);
    }
  };
  const toggle = (change: () => void): void => {
    turn.current++;
    change();
  };
  const { kind, state } = alert;
  const open = state !== "resolved";
  const acts = open || ending;
  if (kind === "test" && !open) return null;
  return (
    <div class="alert-take">
      {acts && asking && (
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
        {open && state !== "acknowledged" && (
          <button type="button" class="button button-strong button-large" onClick={() => void act((by) => takeAlert(alert.id, by))}>
            {kind === "test" ? "The test has reached me" : "I take it"}
          </button>
        )}
        {(state === "acknowledged" || state === "escalating") && kind !== "test" && (
          <button type="button" class="button" onClick={() => void act((by) => tellOthers(alert.id, by))}>
            Tell the next one too
          </button>
        )}
        {kind !== "test" && (
          <button type="button" class="button" aria-expanded={ending} onClick={() => toggle(() => setEnding(!ending))}>
            {open ? "How did it end?" : "Put the outcome right"}
          </button>
        )}
        {acts && !asking && (
          <button type="button" class="button-quiet" onClick={() => toggle(() => setAsking(true))}>
            You are {name}. Not you?
          </button>
        )}
      </p>
      {ending && kind !== "test" && (
        <Ending alert={alert} kind={kind} onEnd={(how) => void act((by) => resolveAlert(alert.id, { by, ...how }))} />
      )}
    </div>
  );
}
