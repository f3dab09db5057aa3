/** In the evening, on the wearer's own device: there are possible stumbles to look at. */

import { useEffect, useState } from "preact/hooks";
import { ApiError } from "../../api";
import { getStumbles } from "../../careApi";
import { dayOf, shiftDay } from "../../people/days";
import type { StumblesOfDay } from "../../wire/care";

/** Whose device this is, as its settings keep it. */
const WEARER_KEY = "surefoot.wearer";
const LOOK_EVERY_MS = 5 * 60_000;

/** The oldest of yesterday and today that is to be asked about. */
async function dayToAsk(person: string, signal: AbortSignal): Promise<StumblesOfDay | null> {
  const today = dayOf(new Date());
  for (const day of [shiftDay(today, -1), today]) {
    const found = await getStumbles(person, day, signal);
    if (found.ask) return found;
  }
  return null;
}

export function EveningQuestion() {
  const person = localStorage.getItem(WEARER_KEY);
  const [found, setFound] = useState<StumblesOfDay | null>(null);
  useEffect(() => {
    if (!person) return;
    const abort = new AbortController();
    // A server that does not answer is asked again at the next look; the header says that there is no connection.
    const failed = (error: unknown): void => {
      if (!abort.signal.aborted && !(error instanceof ApiError)) throw error;
    };
    const look = (): void => void dayToAsk(person, abort.signal).then((day) => abort.signal.aborted || setFound(day), failed);
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [person]);
  if (!person || found === null) return null;
  const count = found.unanswered;
  return (
    <section class="notice-bar" aria-label="A question about your day" data-testid="evening-question">
      <p>
        {count === 1 ? "There was one possible stumble." : `There were ${count} possible stumbles.`} Were they real?
      </p>
      <a class="button button-strong" href={`/stumbles?person=${encodeURIComponent(person)}&date=${found.date}`}>
        Look at {count === 1 ? "it" : "them"}
      </a>
    </section>
  );
}
