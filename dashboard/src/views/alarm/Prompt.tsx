/** "Are you OK?": the whole screen, two buttons that a fist can hit, and what comes next. */

import { answerAlert } from "../../alertApi";
import { callOf } from "../../alarm/calls";
import { useCalling } from "../../alarm/useCalling";
import { useTelling } from "../../alarm/useTelling";
import { nextTold, nextWords, toldNow } from "../../alarm/words";
import { useTick } from "../../clinic/useTick";
import { useWakeLock } from "../../clinic/wakeLock";
import { ago_s, leftShare, left_s } from "../../live/alerts";
import { Countdown } from "./Countdown";
import { AlarmButton, Overlay } from "./Overlay";
import type { LiveAlert } from "../../live/alerts";
import type { LiveStore } from "../../live/store";
import type { Alert } from "../../wire/alerts";

const TICK_MS = 250;

interface Props {
  live: LiveAlert;
  store: LiveStore;
  onAnswer: (word: "ok" | "help") => void;
  onQuiet: () => void;
}

export function Prompt({ live, store, onAnswer, onQuiet }: Props) {
  const { alert } = live;
  const asking = alert.state === "prompting";
  useTick(TICK_MS);
  useWakeLock(true);
  const telling = useTelling<"ok" | "help">(store);
  useCalling(telling.word === "ok" ? null : callOf(alert));
  const now_ms = performance.now();
  const left = left_s(live, now_ms);
  const share = leftShare(live, now_ms);
  const lost = store.freshness === "stale";
  const say = (word: "ok" | "help"): void => {
    onAnswer(word);
    telling.tell(word, (signal) => answerAlert(alert.id, word, signal));
  };
  return (
    <Overlay role="alertdialog" title={titleOf(alert)} state={alert.state} loud={alert.loud}>
      <div class="alarm-words">
        {asking && !lost && left !== null && share !== null && <Countdown left_s={left} share={share} />}
        <p id="alarm-next" class="alarm-next">
          {lost ? LOST : nextWords(alert, left)}
          {alert.simulated && <small>A demonstration: {alert.person} is simulated.</small>}
        </p>
      </div>
      <p class="alarm-heard" role="status">
        {heardWords(telling.word, telling.unheard, telling.refusal)}
      </p>
      <div class="alarm-buttons">
        <AlarmButton kind="ok" asked={alert.state} onPress={() => say("ok")} pressed={telling.word === "ok"}>
          {asking ? "I’m OK" : "I am OK after all"}
        </AlarmButton>
        {asking ? (
          <AlarmButton kind="help" asked={alert.state} onPress={() => say("help")} pressed={telling.word === "help"}>
            I need help
          </AlarmButton>
        ) : (
          <WhoKnows live={live} left_s={left} now_ms={now_ms} onQuiet={onQuiet} />
        )}
      </div>
    </Overlay>
  );
}

const LOST = "This device has lost Surefoot and cannot see whether help is being called. If you need help, call out or use a telephone.";

function titleOf({ state, acknowledged }: Alert): string {
  if (state === "prompting") return "Are you OK?";
  return state === "acknowledged" ? `${acknowledged?.by ?? "Somebody"} takes care of you` : "Help is being called";
}

function heardWords(word: "ok" | "help" | null, unheard: boolean, refusal: string | null): string {
  if (refusal !== null) return refusal;
  if (word === null) return "";
  if (!unheard) return "One moment…";
  return word === "ok"
    ? "Surefoot has not heard you yet. I keep telling it; help may be called meanwhile."
    : "Surefoot has not heard you yet. I keep telling it. Call out, or use a telephone.";
}

/** In the place of "I need help", so that whoever goes on pressing there takes nothing back. */
function WhoKnows({ live, left_s, now_ms, onQuiet }: { live: LiveAlert; left_s: number | null; now_ms: number; onQuiet: () => void }) {
  const { alert } = live;
  const told = alert.told.filter((one) => one.state !== "waiting");
  const next = nextTold(alert, left_s);
  return (
    <div class="alarm-who">
      {told.length === 0 && alert.state === "escalating" && (
        <p>Nobody can be told: no contact is set up. Call out, or use a telephone.</p>
      )}
      {told.length > 0 && (
        <ul aria-label="Who was told">
          {told.map((one) => (
            <li key={one.contact_id} data-state={one.state}>
              {toldNow(one, ago_s(live, one.at, now_ms))}
            </li>
          ))}
        </ul>
      )}
      {next !== null && <p>{next}</p>}
      {alert.state === "acknowledged" && (
        <button type="button" class="button button-large" onClick={onQuiet}>
          Close
        </button>
      )}
    </div>
  );
}
