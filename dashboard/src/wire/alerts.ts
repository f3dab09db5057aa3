/** Alerts as the server tells them, and reading them without trusting it. */

import { list, number, numberOrNull, object, text, textOrNull } from "./json";
import type { Json } from "./json";

export type AlertState = "observing" | "prompting" | "escalating" | "acknowledged" | "resolved";
export type AlertKind = "fall" | "help" | "test";

export interface Told {
  contact_id: string;
  name: string;
  role: string;
  state: string;
  channel: string | null;
  at: string | null;
  detail: string | null;
  late: boolean;
}

export interface HistoryLine {
  at: string;
  what: string;
  text: string;
}

export interface Alert {
  id: string;
  kind: AlertKind;
  person: string;
  session_id: string | null;
  position: string | null;
  simulated: boolean;
  at: string;
  time_s: number | null;
  state: AlertState;
  since: string;
  now: string;
  /** Until it goes on by itself, at `now`. */
  next_in_s: number | null;
  loud: boolean;
  confidence: number | null;
  impact_mps2: number | null;
  lying_s: number | null;
  still_s: number | null;
  got_up_s: number | null;
  found_after_restart: boolean;
  next_contact: string | null;
  told: Told[];
  acknowledged: { by: string; at: string; via: string } | null;
  fell: boolean | null;
  outcome: string | null;
  label: string | null;
  note: string | null;
  resolved: { by: string; at: string; why: string } | null;
  history: HistoryLine[];
  text: string;
}

export interface Week {
  week: string;
  confirmed: number;
  unconfirmed: number;
  false_alarms: number;
  helps: number;
}

/** Questions after a possible fall in seven days; `unclear`: nobody has said what it was. */
export interface BudgetWeek {
  since: string;
  prompts: number;
  false: number;
  unclear: number;
}

/** A person's false alarms against the budget, the newest week first. */
export interface Budget {
  person: string;
  simulated: boolean;
  within: boolean;
  text: string;
  advice: string[];
  weeks: BudgetWeek[];
}

export interface Span {
  start_s: number;
  end_s: number;
}

export interface Signal {
  start_s: number;
  end_s: number;
  impact_s: number;
  dt_s: number;
  norm_mps2: (number | null)[];
  tilt_rad: (number | null)[];
  /** Of the fall, where one was told. */
  phases: (Span & { name: string })[];
  walks: Span[];
}

export interface Channel {
  id: string;
  kind: string;
  shown: string;
}

export interface Away {
  since: string;
  until: string;
}

export interface Contact {
  id: string;
  name: string;
  role: string;
  channels: Channel[];
  wait_s: number;
  away: Away[];
  technical: boolean;
}

export interface Care {
  person: string;
  own: boolean;
  prompt_s: number;
  observe_s: number;
  least_confidence: number;
  contacts: Contact[];
  quiet_from: string | null;
  quiet_until: string | null;
  dead_man_url: string | null;
  tell_simulated: boolean;
  snooze: { until: string; since: string; by: string; why: string } | null;
}

/** What is sent to change a care plan: a channel that is kept goes by its id alone. */
export interface CareWish extends Omit<Care, "own" | "snooze" | "contacts"> {
  contacts: (Omit<Contact, "id" | "channels"> & { id?: string; channels: { id?: string; url?: string }[] })[];
}

const STATES: ReadonlySet<string> = new Set<AlertState>(["observing", "prompting", "escalating", "acknowledged", "resolved"]);

const readTold = (value: unknown): Told => {
  const it = object(value);
  return {
    contact_id: text(it["contact_id"]),
    name: text(it["name"]),
    role: text(it["role"]),
    state: text(it["state"]),
    channel: textOrNull(it["channel"]),
    at: textOrNull(it["at"]),
    detail: textOrNull(it["detail"]),
    late: it["late"] === true,
  };
};

function readMark<K extends string>(value: unknown, keys: readonly K[]): Record<K, string> | null {
  if (value === null || value === undefined) return null;
  const it = object(value);
  return Object.fromEntries(keys.map((key) => [key, text(it[key])])) as Record<K, string>;
}

export function readAlert(value: unknown): Alert {
  const it = object(value);
  const state = text(it["state"]);
  const kind = text(it["kind"]);
  return {
    id: text(it["id"]),
    kind: kind === "help" || kind === "test" ? kind : "fall",
    person: text(it["person"]),
    session_id: textOrNull(it["session_id"]),
    position: textOrNull(it["position"]),
    simulated: it["simulated"] === true,
    at: text(it["at"]),
    time_s: numberOrNull(it["time_s"]),
    // A state that this page does not know is one that nobody has taken.
    state: STATES.has(state) ? (state as AlertState) : "escalating",
    since: text(it["since"]),
    now: text(it["now"]),
    next_in_s: numberOrNull(it["next_in_s"]),
    loud: it["loud"] === true,
    confidence: numberOrNull(it["confidence"]),
    impact_mps2: numberOrNull(it["impact_mps2"]),
    lying_s: numberOrNull(it["lying_s"]),
    still_s: numberOrNull(it["still_s"]),
    got_up_s: numberOrNull(it["got_up_s"]),
    found_after_restart: it["found_after_restart"] === true,
    next_contact: textOrNull(it["next_contact"]),
    told: list(it["told"]).map(readTold),
    acknowledged: readMark(it["acknowledged"], ["by", "at", "via"] as const),
    fell: typeof it["fell"] === "boolean" ? it["fell"] : null,
    outcome: textOrNull(it["outcome"]),
    label: textOrNull(it["label"]),
    note: textOrNull(it["note"]),
    resolved: readMark(it["resolved"], ["by", "at", "why"] as const),
    history: list(it["history"]).map((line) => {
      const one = object(line);
      return { at: text(one["at"]), what: text(one["what"]), text: text(one["text"]) };
    }),
    text: text(it["text"]),
  };
}

export function readSignal(value: unknown): Signal {
  const it = object(value);
  return {
    start_s: number(it["start_s"]),
    end_s: number(it["end_s"]),
    impact_s: number(it["impact_s"]),
    dt_s: numberOrNull(it["dt_s"]) ?? 0.04,
    norm_mps2: list(it["norm_mps2"]).map(numberOrNull),
    tilt_rad: list(it["tilt_rad"]).map(numberOrNull),
    ...readAround(list(it["events"]).map(object), number(it["impact_s"])),
  };
}

/** The alarm's own fall goes by its impact; server and detector round it. */
const SAME_S = 0.1;

function readAround(events: Json[], impact_s: number): Pick<Signal, "phases" | "walks"> {
  const fall = events.find((event) => event["kind"] === "fall" && Math.abs(number(event["time_s"]) - impact_s) < SAME_S);
  const walks = events.filter((event) => event["kind"] === "walking_bout");
  return {
    phases: list(fall?.["phases"]).map(object).map((one) => ({ name: text(one["name"]), start_s: number(one["start_s"]), end_s: number(one["end_s"]) })),
    walks: walks.map((one) => ({ start_s: number(one["time_s"]), end_s: numberOrNull(one["end_s"]) ?? number(one["time_s"]) })),
  };
}
