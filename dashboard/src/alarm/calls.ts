/** How an alarm calls the wearer: what is said, how often, whether with tones. A table of the alert's states. */

import { spoken } from "./words";
import type { Alert } from "../wire/alerts";

/** Asked until an answer comes; from loud on without a pause in which somebody could fall asleep. */
const ASK_EVERY_MS = 8000;
const LOUD_EVERY_MS = 4000;
/** Help is on its way: said now and then, so that whoever lies there is not left alone, nor shouted at. */
const CALM_EVERY_MS = 30_000;

export interface Call {
  words: string;
  title: string;
  /** Null: said once. */
  every_ms: number | null;
  /** The loudness of the first call's tones, as a number of calls; null without tones. */
  tonesFrom: number | null;
  /** The window's title flashes. */
  flashes: boolean;
}

/** Tones begin softly and rise with each call; loud ones begin further up. */
const LOUD_FROM = 4;

export type Called = Pick<Alert, "state" | "kind" | "loud" | "next_contact" | "person" | "acknowledged" | "told">;

/** Null where there is nothing to call about. */
export function callOf(alert: Called): Call | null {
  const words = spoken(alert);
  switch (alert.state) {
    case "prompting":
      return {
        words,
        title: "Are you OK?",
        every_ms: alert.loud ? LOUD_EVERY_MS : ASK_EVERY_MS,
        tonesFrom: alert.loud ? LOUD_FROM : 0,
        flashes: true,
      };
    case "escalating":
      return { words, title: "Help is being called", every_ms: CALM_EVERY_MS, tonesFrom: alert.loud ? LOUD_FROM : null, flashes: true };
    case "acknowledged":
      return { words, title: "Somebody takes care of you", every_ms: null, tonesFrom: null, flashes: false };
    default:
      return null;
  }
}
