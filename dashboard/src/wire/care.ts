/** Notices and possible stumbles, as the server sends them. */

import { list, number, object, orNull, text, textOrNull } from "./json";

export type NoticeLevel = "screen" | "person" | "carer";
export type StumbleAnswer = "yes" | "no" | "unsure";

/** Something technical, or a note: never an alarm. */
export interface Notice {
  id: string;
  kind: string;
  /** Empty where it concerns the whole server. */
  person: string;
  simulated: boolean;
  level: NoticeLevel;
  open: boolean;
  title: string;
  text: string;
  what_to_do: string;
  at: string;
}

export interface Stumble {
  id: string;
  where: string;
  simulated: boolean;
  answer: StumbleAnswer | null;
  counts: boolean;
}

export interface StumblesOfDay {
  date: string;
  ask: boolean;
  unanswered: number;
  stumbles: Stumble[];
}

export interface Advice {
  since: string;
  until: string;
  counted: number;
  confirmed: number;
  possible: number;
  for_wearer: string | null;
  rules: { name: string; fired: boolean; why: string }[];
}

const isLevel = (value: string): value is NoticeLevel => value === "screen" || value === "person" || value === "carer";
const isAnswer = (value: unknown): value is StumbleAnswer => value === "yes" || value === "no" || value === "unsure";

export function readNotice(value: unknown): Notice {
  const it = object(value);
  const level = text(it["level"]);
  return {
    id: text(it["id"]),
    kind: text(it["kind"]),
    person: text(it["person"]),
    simulated: it["simulated"] === true,
    level: isLevel(level) ? level : "screen",
    open: it["state"] === "open",
    title: text(it["title"]),
    text: text(it["text"]),
    what_to_do: text(it["what_to_do"]),
    at: text(it["at"]),
  };
}

export function readStumble(value: unknown): Stumble {
  const it = object(value);
  return {
    id: text(it["id"]),
    where: text(it["where"]),
    simulated: it["simulated"] === true,
    answer: orNull(it["answer"], (answer) => (isAnswer(answer) ? answer : null)),
    counts: it["counts"] === true,
  };
}

export function readStumblesOfDay(value: unknown): StumblesOfDay {
  const it = object(value);
  return {
    date: text(it["date"]),
    ask: it["ask"] === true,
    unanswered: number(it["unanswered"]),
    stumbles: list(it["stumbles"]).map(readStumble),
  };
}

export function readAdvice(value: unknown): Advice {
  const it = object(value);
  return {
    since: text(it["since"]),
    until: text(it["until"]),
    counted: number(it["counted"]),
    confirmed: number(it["confirmed"]),
    possible: number(it["possible"]),
    for_wearer: textOrNull(it["for_wearer"]),
    rules: list(it["rules"]).map((one) => {
      const rule = object(one);
      return { name: text(rule["name"]), fired: rule["fired"] === true, why: text(rule["why"]) };
    }),
  };
}
