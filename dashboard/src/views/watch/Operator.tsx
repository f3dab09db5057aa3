/** What a therapist can do with a test under way: start it once everything is ready, end it, break it off. */

import { useId, useState } from "preact/hooks";
import { usePreflight } from "../../clinic/usePreflight";
import { startTest, stopTest } from "../../testApi";
import { Problem, useAsking } from "./Asking";
import type { TestRun } from "../../wire/tests";

interface Props {
  run: TestRun;
  onChange: (run: TestRun) => void;
}

export function Operator({ run, onChange }: Props) {
  return (
    <section class="operator" aria-label="Doing the test">
      {run.state === "preflight" ? <Before run={run} onChange={onChange} /> : <During run={run} onChange={onChange} />}
    </section>
  );
}

const SIGNS = { ok: "✓", wait: "…", problem: "!", ask: "?" } as const;
const SAID = { ok: "in order", wait: "not yet", problem: "a problem", ask: "to be confirmed" } as const;

function Before({ run, onChange }: Props) {
  const { preflight, problem: unheard } = usePreflight(run.id);
  const [confirmed, setConfirmed] = useState<ReadonlySet<string>>(new Set());
  const { busy, problem, ask } = useAsking(onChange);
  const asked = preflight?.checks.filter((check) => check.state === "ask") ?? [];
  const open = asked.filter((check) => !confirmed.has(check.key));
  const ready = preflight?.ready === true && open.length === 0;
  const confirm = (key: string, yes: boolean): void => {
    const next = new Set(confirmed);
    if (yes) next.add(key);
    else next.delete(key);
    setConfirmed(next);
  };
  return (
    <>
      <h2>Before the start</h2>
      {preflight === null ? (
        <p class="result-note">{unheard ?? "Looking at the sensor…"}</p>
      ) : (
        <ul class="checks">
          {preflight.checks.map((check) =>
            check.state === "ask" ? (
              <li key={check.key} data-state={confirmed.has(check.key) ? "ok" : "ask"}>
                <label>
                  <input
                    type="checkbox"
                    checked={confirmed.has(check.key)}
                    onChange={(event) => confirm(check.key, event.currentTarget.checked)}
                  />
                  <span>
                    <strong>{check.label}</strong> {check.text}
                  </span>
                </label>
              </li>
            ) : (
              <li key={check.key} data-state={check.state}>
                <span class="check-sign" aria-hidden="true">
                  {SIGNS[check.state]}
                </span>
                <span>
                  <strong>{check.label}</strong> <span class="visually-hidden">{SAID[check.state]}. </span>
                  {check.text}
                </span>
              </li>
            ),
          )}
        </ul>
      )}
      <Problem text={problem} />
      <div class="operator-actions">
        <button type="button" class="button button-strong" disabled={!ready || busy} onClick={() => void ask(() => startTest(run.id))}>
          Start the test
        </button>
        <BreakOff run={run} onChange={onChange} label="Call it off" />
      </div>
      {preflight !== null && !ready && (
        <p class="result-note">
          {preflight.ready ? "Confirm what Surefoot cannot see, then start." : "It can start as soon as everything above is in order."}
        </p>
      )}
    </>
  );
}

function During({ run, onChange }: Props) {
  const { busy, problem, ask } = useAsking(onChange);
  return (
    <>
      {run.instruction !== null && (
        <p class="operator-instruction">
          <small>The person is told</small> {run.instruction.text}
        </p>
      )}
      <Problem text={problem} />
      <div class="operator-actions">
        <button
          type="button"
          class="button button-strong"
          disabled={run.state !== "running" || busy}
          onClick={() => void ask(() => stopTest(run.id, "finished"))}
        >
          Finished now
        </button>
        {run.state !== "settling" && <BreakOff run={run} onChange={onChange} label="Break off" />}
      </div>
    </>
  );
}

/** Two touches, so that nobody ends a test by mistake; the reason may be left empty. */
function BreakOff({ run, onChange, label }: Props & { label: string }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const { busy, problem, ask } = useAsking(onChange);
  const field = useId();
  if (!open) {
    return (
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {label}…
      </button>
    );
  }
  return (
    <form
      class="operator-form"
      onSubmit={(event) => {
        event.preventDefault();
        void ask(() => stopTest(run.id, "aborted", reason.trim() || undefined));
      }}
    >
      <label for={field}>Why? (there will be no result)</label>
      <input id={field} value={reason} autocomplete="off" maxLength={300} onInput={(event) => setReason(event.currentTarget.value)} />
      <Problem text={problem} />
      <div class="operator-actions">
        <button type="submit" class="button" disabled={busy}>
          {label}
        </button>
        <button type="button" class="button-quiet" onClick={() => setOpen(false)}>
          Go on with the test
        </button>
      </div>
    </form>
  );
}
