/** A care plan while it is being changed, and what is sent of it. */

import { typedNumber } from "../people/facts";
import type { Away, Care, CareWish, Channel } from "../wire/alerts";

export interface TypedChannel {
  kept: Channel | null;
  url: string;
}

export interface TypedContact {
  key: string;
  id: string | null;
  name: string;
  role: string;
  channels: TypedChannel[];
  wait_min: string;
  awayFrom: string;
  awayUntil: string;
  /** Further holidays, which stay as they are. */
  awayMore: Away[];
  technical: boolean;
}

export interface TypedCare {
  prompt_s: string;
  observe_s: string;
  /** From which confidence on the wearer is asked. */
  least_confidence: string;
  contacts: TypedContact[];
  quiet_from: string;
  quiet_until: string;
  dead_man_url: string;
  tell_simulated: boolean;
}

const pad = (value: number): string => String(value).padStart(2, "0");

/** A moment as a field for local day and time has it. */
export function localField(iso: string): string {
  const it = new Date(iso);
  return `${it.getFullYear()}-${pad(it.getMonth() + 1)}-${pad(it.getDate())}T${pad(it.getHours())}:${pad(it.getMinutes())}`;
}

let made = 0;

export const newContact = (): TypedContact => ({
  key: `new-${++made}`,
  id: null,
  name: "",
  role: "carer",
  channels: [{ kept: null, url: "" }],
  wait_min: "3",
  awayFrom: "",
  awayUntil: "",
  awayMore: [],
  technical: false,
});

export function typedCare(care: Care): TypedCare {
  return {
    contacts: care.contacts.map((one) => ({
      key: one.id,
      id: one.id,
      name: one.name,
      role: one.role,
      channels: one.channels.map((channel) => ({ kept: channel, url: "" })),
      wait_min: String(Number((one.wait_s / 60).toFixed(2))),
      awayFrom: one.away[0] ? localField(one.away[0].since) : "",
      awayUntil: one.away[0] ? localField(one.away[0].until) : "",
      awayMore: one.away.slice(1),
      technical: one.technical,
    })),
    prompt_s: String(care.prompt_s),
    observe_s: String(care.observe_s),
    least_confidence: String(care.least_confidence),
    quiet_from: care.quiet_from ?? "",
    quiet_until: care.quiet_until ?? "",
    dead_man_url: care.dead_man_url ?? "",
    tell_simulated: care.tell_simulated,
  };
}

/** What to send, or sentences about what cannot be sent. */
export function wishOf(person: string, typed: TypedCare): { wish: CareWish } | { problems: string[] } {
  const problems: string[] = [];
  const contacts: CareWish["contacts"] = typed.contacts.map((one, place) => {
    const name = one.name.trim();
    const who = name || `Contact ${place + 1}`;
    const wait_s = 60 * (typedNumber(one.wait_min) ?? NaN);
    if (name === "") problems.push(`${who} has no name.`);
    if (!(wait_s >= 9.9 && wait_s <= 3600)) problems.push(`${who}: the waiting time must lie between 10 seconds (0.17) and 60 minutes.`);
    const channels = one.channels.filter((channel) => channel.kept !== null || channel.url.trim() !== "");
    if (channels.length === 0) problems.push(`${who} has no address. Without one nobody is told.`);
    if ((one.awayFrom === "") !== (one.awayUntil === "")) problems.push(`${who}: give both ends of the holiday, or neither.`);
    const away =
      one.awayFrom !== "" && one.awayUntil !== ""
        ? [{ since: new Date(one.awayFrom).toISOString(), until: new Date(one.awayUntil).toISOString() }]
        : [];
    return {
      ...(one.id === null ? {} : { id: one.id }),
      name,
      role: one.role.trim() || "carer",
      channels: channels.map(({ kept, url }) => ({ ...(kept ? { id: kept.id } : {}), ...(url.trim() === "" ? {} : { url: url.trim() }) })),
      wait_s: Math.max(10, Math.round(wait_s)),
      away: [...away, ...one.awayMore],
      technical: one.technical,
    };
  });
  if ((typed.quiet_from === "") !== (typed.quiet_until === "")) problems.push("Give both ends of the quiet hours, or neither.");
  const prompt_s = typedNumber(typed.prompt_s) ?? NaN;
  const observe_s = typedNumber(typed.observe_s) ?? NaN;
  if (!(prompt_s >= 10 && prompt_s <= 120)) problems.push("The time to answer must lie between 10 and 120 seconds.");
  if (!(observe_s >= 0 && observe_s <= 30)) problems.push("The wait before asking must lie between 0 and 30 seconds.");
  if (problems.length > 0) return { problems };
  return {
    wish: {
      person,
      prompt_s,
      observe_s,
      least_confidence: Number(typed.least_confidence),
      contacts,
      quiet_from: typed.quiet_from || null,
      quiet_until: typed.quiet_until || null,
      dead_man_url: typed.dead_man_url.trim() || null,
      tell_simulated: typed.tell_simulated,
    },
  };
}
