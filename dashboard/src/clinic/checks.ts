/** What the checks before a test ask for: in which order, and what keeps a test from starting. */

import type { Check, Preflight } from "../wire/tests";

/**
 * Without these nothing could be measured. The others must have been right once, but may change as somebody reaches for
 * "Start"; and whoever trembles never holds still.
 */
const NEEDED: ReadonlySet<string> = new Set(["connected", "signal", "position"]);

const QUESTIONS: Record<string, string> = { upright: "Are you upright?" };
const CONFIRM: Record<string, string> = {
  floor: "Yes, the floor is clear",
  near: "Yes, there is",
  upright: "Yes, I am upright",
};

/** What a check asks, and more about it where there is more. */
export function questionOf(check: Check): { title: string; more: string | null; yes: string } {
  const title = QUESTIONS[check.key];
  const yes = CONFIRM[check.key] ?? "Yes";
  return title === undefined ? { title: check.text, more: null, yes } : { title, more: check.text, yes };
}

export interface Findings {
  /** What the server sees by itself. */
  automatic: Check[];
  /** The first thing to put right or to wait for. */
  open: Check | null;
  /** Nothing is wrong that would keep the test from being measured. */
  measurable: boolean;
  /** The next thing to confirm. */
  asked: Check | null;
}

export function findings(preflight: Preflight | null, confirmed: ReadonlySet<string>): Findings {
  const checks = preflight?.checks ?? [];
  const automatic = checks.filter((it) => it.state !== "ask");
  const wrong = automatic.filter((it) => it.state !== "ok");
  return {
    automatic,
    open: wrong.find((it) => NEEDED.has(it.key)) ?? wrong.find((it) => it.state === "problem") ?? wrong[0] ?? null,
    measurable: preflight !== null && !wrong.some((it) => NEEDED.has(it.key)),
    asked: checks.find((it) => it.state === "ask" && !confirmed.has(it.key)) ?? null,
  };
}
