/** How a test is to be done: what is offered, what is chosen unless somebody chooses otherwise, what is sent. */

import { typedNumber } from "../people/facts";
import type { Answer, Answers, Protocol, TestRun, TestWish, Variant } from "../wire/tests";

/** What has been chosen; fields for the therapist as they are typed, empty where nothing was said. */
export interface Setup {
  course_length_m: number | null;
  stance: string | null;
  hold_s: number | null;
  fields: Record<string, string>;
}

/** A variant by this key tells one form of the protocol from another; it is sent apart. */
const FORM = "variant";

const typed = (value: unknown): string => (value === true ? "yes" : value === false ? "no" : String(value ?? ""));

const among = <T>(choices: readonly T[] | null, wanted: T | null, otherwise: T | null): T | null =>
  choices !== null && wanted !== null && choices.includes(wanted) ? wanted : otherwise;

/**
 * As the last time, else the first choice. A course that need not be measured is not taken to be: its length, if it were
 * wrong, would make a wrong distance.
 */
export function usualSetup(protocol: Protocol, last: TestRun | null): Setup {
  const courses = protocol.course_choices_m;
  return {
    course_length_m: among(courses, last?.course_length_m ?? null, protocol.needs_course ? (courses?.[0] ?? null) : null),
    stance: among(protocol.stances?.map((it) => it.id) ?? null, last?.stance ?? null, protocol.stances?.[0]?.id ?? null),
    hold_s: among(protocol.hold_choices_s, last?.hold_s ?? null, protocol.hold_choices_s?.[0] ?? null),
    fields: Object.fromEntries(
      protocol.variants.map(({ key }) => [key, typed(key === FORM ? last?.variant : last?.variants[key])]),
    ),
  };
}

function answerOf(variant: Variant, text: string): Answer | null {
  if (text.trim() === "") return null;
  if (variant.kind === "yes_no") return text === "yes";
  return variant.kind === "number" ? (typedNumber(text) ?? NaN) : text.trim();
}

/** The answers to send, or the sentence that says what to mend. */
export function answersOf(protocol: Protocol, fields: Setup["fields"]): { answers: Answers } | { problem: string } {
  const answers: Answers = {};
  for (const variant of protocol.variants) {
    const answer = answerOf(variant, fields[variant.key] ?? "");
    if (Number.isNaN(answer)) return { problem: `${variant.label} must be a number, or stay empty.` };
    if (answer !== null) answers[variant.key] = answer;
  }
  return { answers };
}

export function wishOf(sessionId: string, protocol: Protocol, setup: Setup, answers: Answers, before: Answers): TestWish {
  const { [FORM]: form, ...variants } = answers;
  return {
    session_id: sessionId,
    protocol: protocol.id,
    ...(setup.stance === null ? {} : { stance: setup.stance }),
    ...(setup.course_length_m === null ? {} : { course_length_m: setup.course_length_m }),
    ...(setup.hold_s === null ? {} : { hold_s: setup.hold_s }),
    ...(form === undefined ? {} : { variant: String(form) }),
    variants,
    started_by: "patient",
    before,
  };
}

/** What can be done with a sensor at this place, and what cannot. */
export function suited(protocols: readonly Protocol[], position: string): { fit: Protocol[]; unfit: Protocol[] } {
  return {
    fit: protocols.filter((it) => it.positions.includes(position)),
    unfit: protocols.filter((it) => !it.positions.includes(position)),
  };
}
