/** What alarms say on the page: plain words, a name, and what comes next. */

import { timeOfDay } from "../format";
import type { Alert, AlertState, Told } from "../wire/alerts";

export const KINDS: Record<Alert["kind"], string> = { fall: "Possible fall", help: "Call for help", test: "Test alarm" };

export const STATES: Record<AlertState, string> = {
  observing: "Waiting a moment",
  prompting: "Being asked",
  escalating: "Nobody has taken it",
  acknowledged: "Taken",
  resolved: "Over",
};

export const OUTCOMES: Record<string, string> = {
  false_alarm: "False alarm",
  fall_no_injury: "Fall, no injury",
  fall_help_given: "Fall, help given",
  walked_on: "Walked on",
  not_told: "Nobody was told",
  test_done: "Test done",
};

export const LABELS = [
  "Sat down hard",
  "Lay down quickly",
  "Stumbled, did not fall",
  "The sensor was dropped or knocked",
  "The sensor was taken off",
  "Exercise on the floor",
] as const;

export const TOLD: Record<string, string> = {
  waiting: "Not told yet",
  pending: "Being told",
  sent: "Sent",
  delivered: "Message arrived",
  acknowledged: "Has taken it",
  failed: "Cannot be reached",
  skipped: "Passed over",
};

export function tone(alert: Pick<Alert, "state" | "kind">): string {
  if (alert.state === "resolved") return "quiet";
  if (alert.state === "acknowledged" || alert.kind === "test") return "busy";
  return alert.state === "observing" ? "caution" : "bad";
}

/** What is said aloud to the wearer, again and again. */
export function spoken(alert: Pick<Alert, "state" | "kind" | "next_contact" | "person" | "acknowledged" | "told">): string {
  if (alert.state === "prompting") {
    const next = alert.next_contact === null ? "" : ` If you do not answer, I will call ${alert.next_contact}.`;
    return `${alert.person}, are you OK? Please press the large button.${next}`;
  }
  if (alert.state === "acknowledged") return `${alert.acknowledged?.by ?? "Somebody"} knows, and takes care of you.`;
  const last = [...alert.told].reverse().find((one) => one.state !== "skipped");
  return last ? `Help is being called. ${last.name} is being told.` : "Help is being called.";
}

/** One line about a contact, for the wearer. */
export function toldLine(told: Told): string {
  const at = told.at === null ? "" : `, ${timeOfDay(told.at)}`;
  return `${told.name}: ${(TOLD[told.state] ?? told.state).toLowerCase()}${at}${told.late ? ", late" : ""}`;
}
