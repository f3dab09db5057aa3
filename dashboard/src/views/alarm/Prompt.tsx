/** "Are you OK?": the whole screen, two buttons that a fist can hit, and what comes next. */

import { useEffect, useRef, useState } from "preact/hooks";
import { answerAlert } from "../../alertApi";
import { useCalling } from "../../alarm/useCalling";
import { spoken, toldLine } from "../../alarm/words";
import { ApiError } from "../../api";
import { useTick } from "../../clinic/useTick";
import { useWakeLock } from "../../clinic/wakeLock";
import { left_s } from "../../live/alerts";
import type { LiveAlert } from "../../live/alerts";
import type { LiveStore } from "../../live/store";

const TICK_MS = 250;
const AGAIN_MS = 2000;

interface Props {
  live: LiveAlert;
  store: LiveStore;
  onOk: () => void;
  onQuiet: () => void;
}

export function Prompt({ live, store, onOk, onQuiet }: Props) {
  const { alert } = live;
  const asking = alert.state === "prompting";
  useTick(TICK_MS);
  const now_ms = performance.now();
  const { answer, sending } = useAnswer(alert.id, store, onOk);
  const dialog = useRef<HTMLDivElement>(null);
  useWakeLock(true);
  useCalling(
    sending === "ok" || alert.state === "acknowledged"
      ? null
      : { words: spoken(alert), title: asking ? "Are you OK?" : "Help is being called", loud: alert.loud },
  );
  useEffect(() => dialog.current?.focus(), [alert.id]);
  const seconds = left_s(live, now_ms);
  return (
    <div
      class="alarm"
      role="alertdialog"
      aria-modal="true"
      aria-labelledby="alarm-title"
      aria-describedby="alarm-next"
      tabIndex={-1}
      ref={dialog}
      data-state={alert.state}
      data-loud={alert.loud}
    >
      <div class="alarm-words">
        <h1 id="alarm-title">{title(alert.state, alert.acknowledged?.by)}</h1>
        <p id="alarm-next" class="alarm-next">
          {next(live, seconds, sending)}
        </p>
        {!asking && <ToldList live={live} />}
      </div>
      <div class="alarm-buttons">
        <button type="button" class="alarm-button" data-kind="ok" onClick={() => answer("ok")} disabled={sending !== null}>
          {asking ? "I’m OK" : "I am OK after all"}
        </button>
        {asking ? (
          <button type="button" class="alarm-button" data-kind="help" onClick={() => answer("help")} disabled={sending !== null}>
            I need help
          </button>
        ) : (
          alert.state === "acknowledged" && (
            <button type="button" class="alarm-button" data-kind="plain" onClick={onQuiet}>
              Close
            </button>
          )
        )}
      </div>
    </div>
  );
}

function title(state: string, by: string | undefined): string {
  if (state === "prompting") return "Are you OK?";
  return state === "acknowledged" ? `${by ?? "Somebody"} takes care of you` : "Help is being called";
}

function next({ alert }: LiveAlert, seconds: number | null, sending: "ok" | "help" | null): string {
  if (sending !== null) return "One moment…";
  const whole = seconds === null ? null : Math.ceil(seconds);
  if (alert.state === "prompting") {
    const whom = alert.next_contact === null ? "nobody can be called: no contact is set up" : `I will call ${alert.next_contact}`;
    return whole === null ? "Please press a button." : `In ${whole} second${whole === 1 ? "" : "s"} ${whom}.`;
  }
  if (alert.state === "acknowledged") return "You need not do anything. Stay where you are if something hurts.";
  const who = alert.next_contact === null || whole === null ? "" : ` ${alert.next_contact} is told next, in ${whole} s.`;
  return `Stay calm. If you are hurt, do not try to get up.${who}`;
}

function ToldList({ live: { alert } }: { live: LiveAlert }) {
  const told = alert.told.filter((one) => one.state !== "waiting");
  if (told.length === 0) return <p class="alarm-next">Nobody can be told: no contact is set up.</p>;
  return (
    <ul class="alarm-told" aria-label="Who was told">
      {told.map((one) => (
        <li key={one.contact_id} data-state={one.state}>
          {toldLine(one)}
        </li>
      ))}
    </ul>
  );
}

/** An answer is told to the server until it is heard. */
function useAnswer(
  id: string,
  store: LiveStore,
  onOk: () => void,
): { answer: (what: "ok" | "help") => void; sending: "ok" | "help" | null } {
  const [sending, setSending] = useState<"ok" | "help" | null>(null);
  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);
  const answer = (what: "ok" | "help"): void => {
    setSending(what);
    const tell = async (): Promise<void> => {
      try {
        const changed = await answerAlert(id, what);
        if (what === "ok") onOk();
        setSending(null);
        store.takeAlert(changed, performance.now());
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 409 || error.status === 404) setSending(null);
        else if (!gone.current) setTimeout(() => void tell(), AGAIN_MS);
      }
    };
    void tell();
  };
  return { answer, sending };
}
