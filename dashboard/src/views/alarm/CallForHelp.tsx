/** The standing "I need help" of a wearer's own device: a touch, five seconds to think again, then help is called. */

import { useEffect, useRef, useState } from "preact/hooks";
import { callForHelp } from "../../alertApi";
import { ApiError } from "../../api";
import { nameKey } from "../../people/known";
import type { LiveStore } from "../../live/store";

const THINK_S = 5;

export function CallForHelp({ name, store }: { name: string; store: LiveStore }) {
  const [left_s, setLeft] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const cancel = useRef<HTMLButtonElement>(null);
  const open = left_s !== null;
  const call = async (): Promise<void> => {
    setLeft(null);
    const session = [...store.streams.values()].find((it) => it.ended === null && nameKey(it.stream.label) === nameKey(name));
    try {
      store.takeAlert(await callForHelp(name, session?.stream.session_id ?? null), performance.now());
      setProblem(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setProblem(`Help could not be called: ${error.message} Use a telephone.`);
    }
  };
  useEffect(() => {
    if (!open) return;
    cancel.current?.focus();
    const counting = setInterval(() => setLeft((before) => (before === null ? null : before - 1)), 1000);
    return () => clearInterval(counting);
  }, [open]);
  useEffect(() => {
    if (left_s !== null && left_s <= 0) void call();
  }, [left_s]);
  if (open) {
    return (
      <div class="alarm" role="alertdialog" aria-modal="true" aria-labelledby="call-title" data-state="thinking">
        <div class="alarm-words">
          <h1 id="call-title">Help is called in {Math.max(0, left_s)} s</h1>
          <p class="alarm-next">Your contacts are told that you need help.</p>
        </div>
        <div class="alarm-buttons">
          <button type="button" class="alarm-button" data-kind="plain" ref={cancel} onClick={() => setLeft(null)}>
            No, not now
          </button>
          <button type="button" class="alarm-button" data-kind="help" onClick={() => void call()}>
            Call now
          </button>
        </div>
      </div>
    );
  }
  return (
    <div class="help-bar">
      {problem !== null && (
        <p class="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      <button type="button" class="help-button" onClick={() => setLeft(THINK_S)}>
        I need help
      </button>
      <a href="/what-happened">What happened</a>
    </div>
  );
}
