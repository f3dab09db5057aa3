/** Before a test: when to stop, is the sensor ready, is the room; then one touch starts it. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { say } from "../../clinic/sound";
import { usePreflight } from "../../clinic/usePreflight";
import { startTest } from "../../testApi";
import { BigButton } from "./BigButton";
import { Rules } from "./Rules";
import { Screen } from "./Screen";
import type { LiveStore } from "../../live/store";
import type { Check, Protocol, TestRun } from "../../wire/tests";

interface Props {
  test: TestRun;
  protocol: Protocol;
  store: LiveStore;
}

const CONFIRM: Record<string, string> = { floor: "Yes, the floor is clear", near: "Yes, somebody is near" };

export function PreflightView({ test, protocol, store }: Props) {
  const { preflight, problem } = usePreflight(test.id);
  const [rulesRead, setRulesRead] = useState(protocol.stop_rules.length === 0);
  const [sensorReady, setSensorReady] = useState(false);
  const [confirmed, setConfirmed] = useState<ReadonlySet<string>>(new Set());
  const checks = preflight?.checks ?? [];
  const automatic = checks.filter((it) => it.state !== "ask");
  const open = automatic.find((it) => it.state === "problem") ?? automatic.find((it) => it.state === "wait") ?? null;
  const asked = checks.find((it) => it.state === "ask" && !confirmed.has(it.key));
  const ready = preflight !== null && preflight.ready && open === null;

  useEffect(() => {
    if (rulesRead && ready) setSensorReady(true);
  }, [rulesRead, ready]);

  if (!rulesRead) return <RulesFirst rules={protocol.stop_rules} onRead={() => setRulesRead(true)} />;
  if (!sensorReady) return <SensorFirst checks={automatic} open={open} problem={problem} />;
  if (asked) {
    return <Ask key={asked.key} check={asked} onYes={() => setConfirmed(new Set([...confirmed, asked.key]))} />;
  }
  return <Start test={test} store={store} checks={automatic} ready={ready} open={open} problem={problem} />;
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

function SensorFirst({ checks, open, problem }: { checks: Check[]; open: Check | null; problem: string | null }) {
  const words = problem ?? open?.text ?? "One moment, please.";
  useEffect(() => say(words), [words]);
  return (
    <Screen title="Is the sensor ready?">
      <p class="clinic-words" role="status" data-testid="sensor-words">
        {words}
      </p>
      <Checks checks={checks} />
    </Screen>
  );
}

function Ask({ check, onYes }: { check: Check; onYes: () => void }) {
  useEffect(() => say(`${check.label}. ${check.text}`), []);
  return (
    <Screen title={check.label}>
      <p class="clinic-words">{check.text}</p>
      <BigButton kind="strong" onPress={onYes} focus>
        {CONFIRM[check.key] ?? "Yes"}
      </BigButton>
    </Screen>
  );
}

interface StartProps {
  test: TestRun;
  store: LiveStore;
  checks: Check[];
  ready: boolean;
  open: Check | null;
  problem: string | null;
}

function Start({ test, store, checks, ready, open, problem }: StartProps) {
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => say(test.instruction?.say ?? ""), [test.instruction?.key]);
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
  const wait = problem ?? refused ?? open?.text ?? null;
  return (
    <Screen title="What to do">
      <p class="clinic-words">{test.instruction?.text}</p>
      <p class="clinic-wait" role="status" data-testid="not-ready">
        {wait}
      </p>
      <BigButton kind="strong" disabled={!ready || busy} onPress={() => void start()} focus>
        Start
      </BigButton>
      <Checks checks={checks} />
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
