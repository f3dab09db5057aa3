/** After "I'm OK": one calm question, which may be left. */

import { useEffect, useRef } from "preact/hooks";
import { answerAlert } from "../../alertApi";
import { ApiError } from "../../api";
import type { LiveStore } from "../../live/store";
import type { Alert } from "../../wire/alerts";

const GONE_AFTER_MS = 60_000;

export function AfterOk({ alert, store, onDone }: { alert: Alert; store: LiveStore; onDone: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
    const leaving = setTimeout(onDone, GONE_AFTER_MS);
    return () => clearTimeout(leaving);
  }, []);
  const told = alert.told.filter((one) => one.at !== null && one.state !== "skipped" && one.state !== "waiting");
  const say = async (fell: boolean): Promise<void> => {
    try {
      store.takeAlert(await answerAlert(alert.id, "ok", fell), performance.now());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the answer "I'm OK" is kept; this one is only more exact
    }
    onDone();
  };
  return (
    <div class="alarm" role="dialog" aria-modal="true" aria-labelledby="after-title" data-state="answered">
      <div class="alarm-words">
        <h1 id="after-title" tabIndex={-1} ref={heading}>
          Good that you are OK
        </h1>
        <p class="alarm-next">
          {told.length === 0 ? "Nobody was called." : `I tell ${told.map((one) => one.name).join(" and ")} that you are OK.`}
          {alert.kind === "fall" ? " Did you fall?" : ""}
        </p>
      </div>
      <div class="alarm-buttons" data-count={alert.kind === "fall" ? 3 : 1}>
        {alert.kind === "fall" && (
          <>
            <button type="button" class="alarm-button" data-kind="plain" onClick={() => void say(false)}>
              No
            </button>
            <button type="button" class="alarm-button" data-kind="plain" onClick={() => void say(true)}>
              Yes, but I am fine
            </button>
          </>
        )}
        <button type="button" class="alarm-button" data-kind="plain" onClick={onDone}>
          {alert.kind === "fall" ? "Skip" : "Close"}
        </button>
      </div>
    </div>
  );
}
