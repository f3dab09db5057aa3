/** The standing "I need help" of a wearer's own device: a touch, five seconds to think again, then help is called. */

import { useEffect, useState } from "preact/hooks";
import { callForHelp } from "../../alertApi";
import { useTelling } from "../../alarm/useTelling";
import { spell } from "../../alarm/words";
import { AlarmButton, Overlay } from "./Overlay";
import type { ComponentChildren } from "preact";
import type { LiveStore } from "../../live/store";

const THINK_S = 5;

interface Props {
  name: string;
  /** Of the sensor that is worn now, null where none is. */
  sessionId: string | null;
  store: LiveStore;
  /** Above the page instead of below it. */
  above: boolean;
  children: ComponentChildren;
}

export function CallForHelp({ name, sessionId, store, above, children }: Props) {
  const [left_s, setLeft] = useState<number | null>(null);
  const { word, unheard, refusal, tell } = useTelling<"help">(store);
  const thinking = left_s !== null;
  const call = (): void => {
    setLeft(null);
    tell("help", (signal) => callForHelp(name, sessionId, signal));
  };
  useEffect(() => {
    if (!thinking) return;
    const counting = setInterval(() => setLeft((before) => (before === null ? null : before - 1)), 1000);
    return () => clearInterval(counting);
  }, [thinking]);
  useEffect(() => {
    if (left_s !== null && left_s <= 0) call();
  }, [left_s]);
  const lost = store.freshness === "stale" && word === null;
  return (
    <aside class="help-bar" data-above={above} aria-label="Help">
      {unheard && (
        <p class="notice" data-tone="bad" role="alert">
          Surefoot has not heard you yet. I keep telling it. Call out, or use a telephone.
        </p>
      )}
      {refusal !== null && (
        <p class="notice" data-tone="bad" role="alert">
          Help could not be called: {refusal} Use a telephone.
        </p>
      )}
      {lost && <p class="help-note">No connection to Surefoot: if you need help, use a telephone.</p>}
      {children}
      <button type="button" class="help-button" disabled={word !== null} onClick={() => setLeft(THINK_S)}>
        {word === null ? "I need help" : "Calling help…"}
      </button>
      {thinking && (
        <Overlay role="alertdialog" title={`Help is called in ${spell(left_s)}`} state="thinking">
          <div class="alarm-words">
            <p id="alarm-next" class="alarm-next">
              Your contacts are told that you need help.
            </p>
          </div>
          <div class="alarm-buttons">
            <AlarmButton kind="plain" asked="thinking" onPress={() => setLeft(null)}>
              No, not now
            </AlarmButton>
            <AlarmButton kind="help" asked="thinking" onPress={call}>
              Call now
            </AlarmButton>
          </div>
        </Overlay>
      )}
    </aside>
  );
}
