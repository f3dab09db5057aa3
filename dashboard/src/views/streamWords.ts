/** What a card says about its stream at this moment, ages included. */

import { age, duration } from "../format";
import { hasSignal } from "../words";
import type { LiveStream } from "../live/stream";
import type { FiguresProps } from "./Figures";

export interface Moment {
  now_ms: number;
  /** The page has no connection: everything is as old as the last frame. */
  stale: boolean;
}

/** A cadence is renewed with every step, about twice a second, and told once a second. */
const NOW_S = 2.5;

function since_s(live: LiveStream, now_ms: number): number {
  return Math.max(0, (now_ms - live.heardAt_ms) / 1000);
}

export function lastSampleAge_s(live: LiveStream, { now_ms }: Moment): number | null {
  const { last_sample_age_s, state } = live.stream;
  if (last_sample_age_s === null) return null;
  // Between two messages a streaming sensor's next sample has come already.
  if (hasSignal(state) && since_s(live, now_ms) < 1.5) return last_sample_age_s;
  return last_sample_age_s + since_s(live, now_ms);
}

export function retryIn_s(live: LiveStream, { now_ms }: Moment): number | null {
  const { retry_in_s } = live.stream;
  return retry_in_s === null ? null : Math.max(0, retry_in_s - since_s(live, now_ms));
}

/** Why the numbers are from the past, or null when they are of now. */
export function oldNote(live: LiveStream, moment: Moment): string | null {
  if (live.ended !== null) return "session over";
  if (moment.stale) return `${age(since_s(live, moment.now_ms))} old`;
  if (!hasSignal(live.stream.state)) {
    const old_s = lastSampleAge_s(live, moment);
    return old_s === null ? "no signal yet" : `no signal for ${age(old_s)}`;
  }
  return null;
}

export function figuresOf(live: LiveStream, moment: Moment): FiguresProps {
  const { numbers } = live.stream;
  const old = oldNote(live, moment);
  const fresh = old === null;
  const cadenceAge_s =
    numbers.cadence_age_s === null ? null : numbers.cadence_age_s + since_s(live, moment.now_ms);
  const walked = `${duration(numbers.walking_s)} walked`;
  // Without a signal there is no cadence of now; while the page is stale the last one stays, greyed, with its age.
  const cadence_spm = fresh || moment.stale ? numbers.cadence_spm : null;
  const idle = numbers.bout ? "not enough steps yet" : "not walking";
  return {
    cadence_spm,
    cadenceNote: old ?? (cadence_spm === null ? idle : cadenceAge_s === null ? "now" : cadenceAge_s < NOW_S ? "now" : `${age(cadenceAge_s)} ago`),
    // A sensor that never sent anything has not counted zero steps: nobody knows.
    steps: live.stream.last_sample_s === null ? null : numbers.steps,
    stepsNote: moment.stale && old !== null ? old : walked,
    bout: fresh || moment.stale ? numbers.bout : null,
    boutNote: fresh ? "not walking" : moment.stale || live.ended !== null ? (old as string) : "no signal",
    old: !fresh,
  };
}
