/** The test while it goes on: what to do now, how far it is, and one large way to stop. */

import { useEffect } from "preact/hooks";
import { countdown, figuresOf } from "../../clinic/progress";
import { beepAt, say } from "../../clinic/sound";
import { useTick } from "../../clinic/useTick";
import { useWakeLock } from "../../clinic/wakeLock";
import { BigButton } from "./BigButton";
import type { BigFigure } from "../../clinic/progress";
import type { LiveStore } from "../../live/store";
import type { Protocol, TestRun } from "../../wire/tests";

const TICK_MS = 100;

interface Props {
  test: TestRun;
  protocol: Protocol;
  store: LiveStore;
  onStop: () => void;
}

/** Escape, Space or Enter stop wherever the focus is, except on another button that they press. */
function useStopKeys(onStop: () => void): void {
  useEffect(() => {
    const pressed = (press: KeyboardEvent): void => {
      if (press.repeat || press.defaultPrevented) return;
      const onControl = press.target instanceof Element && press.target.closest("button, a, input, select") !== null;
      if (press.key === "Escape" || ((press.key === " " || press.key === "Enter") && !onControl)) {
        press.preventDefault();
        onStop();
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [onStop]);
}

function wordsOf({ state, instruction, problem }: TestRun, protocol: Protocol, gone: boolean): string {
  const spoken = (key: string): string => protocol.instructions.find((it) => it.key === key)?.text ?? "";
  if (state === "paused") return instruction?.text || problem || spoken("lost");
  if (gone && state === "countdown") return spoken("go");
  return instruction?.text ?? "";
}

export function RunningView({ test, protocol, store, onStop }: Props) {
  useTick(TICK_MS);
  useWakeLock(true);
  useStopKeys(onStop);
  const now_ms = performance.now();
  const now_s = store.tests.now_s(test, now_ms);
  const heard_ms = store.tests.get(test.id)?.heardAt_ms ?? now_ms;
  const counting = test.state === "countdown" && test.cue_s !== null && now_s !== null ? countdown(test.cue_s, now_s) : null;
  const cue_ms = test.state === "countdown" && test.cue_s !== null ? store.tests.page_ms(test, test.cue_s) : null;
  // Nothing to look at but what to do: before "go", and while the sensor is not heard.
  const figures = test.state === "countdown" || test.state === "paused" ? [] : figuresOf(test, now_s, (now_ms - heard_ms) / 1000);

  useEffect(() => {
    if (cue_ms !== null) beepAt(cue_ms);
  }, [cue_ms]);
  useEffect(() => () => beepAt(null), []);
  useEffect(() => say(test.instruction?.say ?? ""), [test.instruction?.key]);

  return (
    <section class="clinic-run" data-state={test.state} data-testid="run">
      {store.freshness === "stale" && (
        <p class="clinic-note" role="alert" data-testid="run-stale">
          No connection to Surefoot. {test.state === "settling" ? "" : "Go on with the test. "}The result comes when the
          connection is back.
        </p>
      )}
      <div class="clinic-now" role="status" data-testid="instruction">
        <h1>{wordsOf(test, protocol, counting === 0)}</h1>
      </div>
      <div class="clinic-figures">
        {counting !== null && counting > 0 && (
          <p class="clinic-figure" role="timer" data-testid="countdown">
            <span class="clinic-figure-value">{counting}</span>
          </p>
        )}
        {figures.map((figure, i) => (
          <Figure key={figure.label} figure={figure} main={i === 0} />
        ))}
      </div>
      {test.state === "settling" ? (
        <p class="clinic-small">The result comes in a few seconds.</p>
      ) : (
        <div class="clinic-stop">
          <BigButton kind="stop" onPress={onStop} focus>
            Stop
          </BigButton>
        </div>
      )}
    </section>
  );
}

function Figure({ figure, main }: { figure: BigFigure; main: boolean }) {
  return (
    <p class="clinic-figure" data-main={main}>
      <span class="clinic-figure-value" data-testid={main ? "figure" : undefined}>
        {figure.value}
      </span>
      <span class="clinic-figure-label">{figure.label}</span>
      {figure.share !== null && <meter class="clinic-meter" value={figure.share} aria-label={`${figure.value} ${figure.label}`} />}
    </p>
  );
}
