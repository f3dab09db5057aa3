/** What a card says about its stream at this moment, ages included. */

import { age, duration } from "../format";
import { hasSignal } from "../words";
import type { LiveStream } from "../live/stream";
import type { MeasureContext } from "../measures";
import type { Pair, Rolling, Sides } from "../wire/types";
import type { FiguresProps } from "./Figures";

export interface Moment {
  now_ms: number;
  /** The page has no connection: everything is as old as the last frame. */
  stale: boolean;
}

/** Rolling figures come every 2 s while somebody walks. */
const ROLLING_NOW_S = 4;
/** Older than this they say nothing about now. */
const ROLLING_GONE_S = 10;

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

export interface RollingShown {
  rolling: Rolling | null;
  sides: Sides | null;
  pair: Pair | null;
  context: MeasureContext;
  old: boolean;
}

/** The rolling figures and why there are none; while the page is stale the last ones stay, greyed, with their age. */
export function rollingOf(live: LiveStream, moment: Moment): RollingShown {
  const { numbers, position } = live.stream;
  const old = oldNote(live, moment);
  const shown = old === null || moment.stale;
  const age_s = (numbers.rolling?.age_s ?? 0) + since_s(live, moment.now_ms);
  const present = shown && (moment.stale || age_s <= ROLLING_GONE_S);
  const when = old ?? (age_s < ROLLING_NOW_S ? "now" : `${age(age_s)} ago`);
  const why = old ?? (numbers.bout ? "not enough strides yet" : "not walking");
  return {
    rolling: present ? numbers.rolling : null,
    sides: shown ? numbers.sides : null,
    pair: shown ? numbers.pair : null,
    context: { position, when, why },
    old: old !== null,
  };
}
