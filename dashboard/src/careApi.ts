/** Possible stumbles and the week's advice in the server's REST interface. */

import { json, send } from "./api";
import { utcOffset_min } from "./people/days";
import { readAdvice, readStumble, readStumblesOfDay } from "./wire/care";
import type { Advice, Stumble, StumbleAnswer, StumblesOfDay } from "./wire/care";

const about = (person: string, day: string): string =>
  `person=${encodeURIComponent(person)}&date=${day}&utc_offset_min=${utcOffset_min(day)}`;

/** `day` is a local day, YYYY-MM-DD. */
export const getStumbles = async (person: string, day: string, signal?: AbortSignal): Promise<StumblesOfDay> =>
  readStumblesOfDay(await json<unknown>(`/stumbles?${about(person, day)}`, signal));

/** The seven days up to and with `day`. */
export const getAdvice = async (person: string, day: string, signal?: AbortSignal): Promise<Advice> =>
  readAdvice(await json<unknown>(`/advice?${about(person, day)}`, signal));

export const answerStumble = async (id: string, day: string, answer: StumbleAnswer): Promise<Stumble> =>
  readStumble(
    await send<unknown>("POST", `/stumbles/${encodeURIComponent(id)}?utc_offset_min=${utcOffset_min(day)}`, { answer }),
  );
