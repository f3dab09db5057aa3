/** After "I'm OK": one calm question, which may be left. */

import { useEffect } from "preact/hooks";
import { answerFell } from "../../alertApi";
import { speak } from "../../alarm/speak";
import { ApiError } from "../../api";
import { AlarmButton, Overlay } from "./Overlay";
import type { LiveStore } from "../../live/store";
import type { Alert } from "../../wire/alerts";

const GONE_AFTER_MS = 60_000;

export function AfterOk({ alert, store, onDone }: { alert: Alert; store: LiveStore; onDone: () => void }) {
  const told = alert.told.filter((one) => one.at !== null && one.state !== "skipped" && one.state !== "waiting");
  const who = told.length === 0 ? "Nobody was called." : `I tell ${told.map((one) => one.name).join(" and ")} that you are OK.`;
  const question = alert.kind === "fall" ? " Did you fall?" : "";
  useEffect(() => {
    speak(`Good that you are OK. ${who}${question}`);
    const leaving = setTimeout(onDone, GONE_AFTER_MS);
    return () => clearTimeout(leaving);
  }, []);
  const say = async (fell: boolean): Promise<void> => {
    try {
      store.takeAlert(await answerFell(alert.id, fell), performance.now());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the answer "I'm OK" is kept; this one is only more exact
    }
    onDone();
  };
  return (
    <Overlay role="dialog" title="Good that you are OK" state="answered">
      <div class="alarm-words">
        <p id="alarm-next" class="alarm-next">
          {who}
          {question}
        </p>
      </div>
      <div class="alarm-buttons" data-count={alert.kind === "fall" ? 3 : 1}>
        {alert.kind === "fall" && (
          <>
            <AlarmButton kind="plain" asked="fell" onPress={() => void say(true)}>
              Yes, but I am fine
            </AlarmButton>
            <AlarmButton kind="plain" asked="fell" onPress={() => void say(false)}>
              No
            </AlarmButton>
          </>
        )}
        <AlarmButton kind="plain" asked="fell" onPress={onDone}>
          {alert.kind === "fall" ? "Skip" : "Close"}
        </AlarmButton>
      </div>
    </Overlay>
  );
}
