/** Before a test: when to stop, is the sensor ready, is the room; then one touch starts it. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { findings, questionOf } from "../../clinic/checks";
import { say } from "../../clinic/sound";
import { usePreflight } from "../../clinic/usePreflight";
import { startTest } from "../../testApi";
import { BigButton } from "./BigButton";
import { Rules } from "./Rules";
import { Screen } from "./Screen";
import type { Findings } from "../../clinic/checks";
import type { LiveStore } from "../../live/store";
import type { Check, Protocol, TestRun } from "../../wire/tests";

/** What the person has said already; it holds when a countdown has to be begun again. */
export interface Said {
  rulesRead: boolean;
  sensorReady: boolean;
  confirmed: ReadonlySet<string>;
}

export const NOTHING_SAID: Said = { rulesRead: false, sensorReady: false, confirmed: new Set() };

interface Props {
  test: TestRun;
  protocol: Protocol;
  store: LiveStore;
  said: Said;
  onSay: (said: Said) => void;
}

export function PreflightView({ test, protocol, store, said, onSay }: Props) {
  const { preflight, problem } = usePreflight(test.id);
  const found = findings(preflight, said.confirmed);
  const ready = preflight !== null && preflight.ready;
  const goOn = (more: Partial<Said>): void => onSay({ ...said, ...more });
  useEffect(() => {
    if (said.rulesRead && ready && !said.sensorReady) goOn({ sensorReady: true });
  }, [said.rulesRead, ready]);

  if (!said.rulesRead) return <RulesFirst rules={protocol.stop_rules} onRead={() => goOn({ rulesRead: true })} />;
  if (!said.sensorReady) {
    return <SensorFirst found={found} problem={problem} onAnyway={() => goOn({ sensorReady: true })} />;
  }
  const { asked } = found;
  if (asked) {
    return <Ask key={asked.key} check={asked} onYes={() => goOn({ confirmed: new Set([...said.confirmed, asked.key]) })} />;
  }
  return <Start test={test} store={store} found={found} problem={problem} />;
}

function RulesFirst({ rules, onRead }: { rules: string[]; onRead: () => void }) {
  useEffect(() => say(["Before you begin.", ...rules].join(" ")), []);
  return (
    <Screen title="Before you begin">
      <Rules rules={rules} />
      <BigButton kind="strong" onPress={onRead}>
        I have read this
      </BigButton>
    </Screen>
  );
}

function SensorFirst({ found, problem, onAnyway }: { found: Findings; problem: string | null; onAnyway: () => void }) {
  const { open, automatic, measurable } = found;
  const words = problem ?? open?.text ?? "";
  // A text may count seconds down: what is to be done is said once.
  useEffect(() => say(words), [problem, open?.key, open?.state]);
  return (
    <Screen title="Is the sensor ready?">
      <p class="clinic-words" data-testid="sensor-words">
        {words || "One moment, please."}
      </p>
      {measurable && open !== null && <BigButton onPress={onAnyway}>Go on all the same</BigButton>}
      <Checks checks={automatic} />
    </Screen>
  );
}

function Ask({ check, onYes }: { check: Check; onYes: () => void }) {
  const { title, more, yes } = questionOf(check);
  useEffect(() => say(more === null ? title : `${title} ${more}`), []);
  return (
    <Screen title={title}>
      {more !== null && <p class="clinic-words">{more}</p>}
      <BigButton kind="strong" onPress={onYes} focus>
        {yes}
      </BigButton>
    </Screen>
  );
}

function Start({ test, store, found, problem }: { test: TestRun; store: LiveStore; found: Findings; problem: string | null }) {
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { open, automatic, measurable } = found;
  useEffect(() => say([test.problem ?? "", test.instruction?.say ?? ""].join(" ").trim()), [test.instruction?.key]);
  const start = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      store.takeTest(await startTest(test.id), performance.now());
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setRefused(error.message);
    }
    setBusy(false);
  };
  return (
    <Screen title="What to do">
      {test.problem !== null && <p class="clinic-note">{test.problem}</p>}
      <p class="clinic-words">{test.instruction?.text}</p>
      <p class="clinic-wait" data-testid="not-ready">
        {problem ?? refused ?? open?.text}
      </p>
      <BigButton kind="strong" disabled={!measurable || busy} onPress={() => void start()} focus>
        Start
      </BigButton>
      <Checks checks={automatic} />
    </Screen>
  );
}

const STATES: Record<Check["state"], string> = { ok: "Good", wait: "Wait", problem: "Please help", ask: "Please look" };

function Checks({ checks }: { checks: Check[] }) {
  return (
    <ul class="clinic-checks" aria-label="Checks">
      {checks.map((it) => (
        <li key={it.key} data-state={it.state}>
          <span class="clinic-check-label">{it.label}</span>
          <span class="clinic-check-state">{STATES[it.state]}</span>
        </li>
      ))}
    </ul>
  );
}
