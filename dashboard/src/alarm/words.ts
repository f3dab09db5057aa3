/** What alarms say on the page: plain words, a name, and what comes next. */

import { age, timeOfDay } from "../format";
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

/** What an alarm may be said to have been, by its kind. */
export const ENDINGS: Record<Exclude<Alert["kind"], "test">, readonly (readonly [outcome: string, words: string])[]> = {
  fall: [
    ["false_alarm", "False alarm"],
    ["fall_no_injury", "Fall, no injury"],
    ["fall_help_given", "Fall, help given"],
  ],
  help: [
    ["false_alarm", "No help was needed"],
    ["fall_no_injury", "A fall, no injury"],
    ["fall_help_given", "Help was given"],
  ],
};

/** How an alarm ended, in a few words. */
export function ended(alert: Pick<Alert, "kind" | "outcome" | "fell" | "person" | "resolved">): string {
  if (alert.outcome === "false_alarm" && alert.fell === null && alert.resolved?.by === alert.person) return "OK, says the wearer";
  const own = alert.kind === "help" ? ENDINGS.help.find(([outcome]) => outcome === alert.outcome) : undefined;
  return own?.[1] ?? OUTCOMES[alert.outcome ?? ""] ?? "Over";
}

/** How it stands, for a badge. */
export const standing = (alert: Alert): string => {
  if (alert.state === "resolved") return ended(alert);
  return alert.kind === "test" ? "Under way" : STATES[alert.state];
};

/** The parts of a fall, as the detector names them. */
export const PHASES: Record<string, string> = {
  loss_of_balance: "losing balance",
  descent: "going down",
  impact: "impact",
  posture_change: "changing posture",
  lying: "lying",
  recovery: "getting up",
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

type Standing = Pick<Alert, "state" | "kind" | "next_contact" | "person" | "acknowledged" | "told">;

/** What is said aloud to the wearer, again and again. */
export function spoken(alert: Standing): string {
  if (alert.state === "prompting") {
    const next = alert.next_contact === null ? "" : ` If you do not answer, I will call ${alert.next_contact}.`;
    return `${alert.person}, are you OK? Please press the large button.${next}`;
  }
  if (alert.state === "acknowledged") return `${alert.acknowledged?.by ?? "Somebody"} knows, and takes care of you.`;
  const last = [...alert.told].reverse().find((one) => one.state !== "skipped" && one.state !== "waiting");
  return last ? `Help is being called. ${last.name} ${last.state === "pending" ? "is being" : "has been"} told.` : "Help is being called.";
}

/** 20 seconds, 3 minutes: as it is said. */
export function spell(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 100) return whole === 1 ? "1 second" : `${whole} seconds`;
  return `${Math.round(whole / 60)} minutes`;
}

/** What comes next, in a sentence to the wearer; `left_s` until it comes by itself. */
export function nextWords(alert: Standing, left_s: number | null): string {
  if (alert.state === "acknowledged") return "You need not do anything. Stay where you are if something hurts.";
  if (alert.state === "prompting") {
    if (left_s === null) return "Please press a button.";
    return alert.next_contact === null
      ? "Nobody is set up whom I could call. If you need help, call out or use a telephone."
      : `In ${spell(left_s)} I will call ${alert.next_contact}.`;
  }
  return "Stay calm. If you are hurt, do not try to get up.";
}

/** Who is told next while help is being called. */
export function nextTold(alert: Standing, left_s: number | null): string | null {
  if (alert.state !== "escalating" || alert.next_contact === null || left_s === null) return null;
  if (left_s < 1) return `Next: ${alert.next_contact}, now.`;
  const again = alert.told.some((one) => one.name === alert.next_contact && one.state !== "waiting");
  return `${again ? "Then again" : "Next"}: ${alert.next_contact}, in ${spell(left_s)}.`;
}

/** How far one contact has been told, to the wearer who waits; `age_s` since that was so. */
export function toldNow(told: Pick<Told, "name" | "state" | "detail">, age_s: number | null): string {
  const ago = age_s === null ? "" : `, ${age(age_s)} ago`;
  switch (told.state) {
    case "pending":
      return `${told.name} is being told`;
    case "sent":
    case "delivered":
      return `${told.name} was told${ago}`;
    case "acknowledged":
      return `${told.name} is taking care of you`;
    case "failed":
      return `${told.name} cannot be reached yet. I keep trying`;
    case "skipped":
      return `${told.name}: ${passedOver(told)}`;
    default:
      return `${told.name} has not been told yet`;
  }
}

/** Why somebody was not told: away, or not needed any more. */
const passedOver = ({ detail }: Pick<Told, "detail">): string => (detail ?? "passed over").replace(/\.$/, "").toLowerCase();

/** One line about a contact in the wearer's history. */
export function toldLine(told: Told): string {
  if (told.state === "skipped") return `${told.name}: ${passedOver(told)}`;
  const at = told.at === null ? "" : `, ${timeOfDay(told.at)}`;
  return `${told.name}: ${(TOLD[told.state] ?? told.state).toLowerCase()}${at}${told.late ? ", late" : ""}`;
}
