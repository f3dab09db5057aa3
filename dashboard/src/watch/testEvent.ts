/** The contract's event of a test, as the view of a test reads it: seconds of the session, null for what is not known. */

import { list, numberOrNull, object, orNull, text, textOrNull } from "../wire/json";
import type { Json } from "../wire/json";
import type { SwaySoFar, TestRun } from "../wire/tests";

export interface Stretch {
  start_s: number;
  end_s: number;
}

export interface TestEvent {
  kind: string;
  start_s: number;
  end_s: number;
  phases: (Stretch & { name: string })[];
  steps: number | null;
  distance_m: number | null;
  laps: number | null;
  rests: Stretch[];
  distance_per_minute_m: (number | null)[];
  cadence_per_minute_spm: (number | null)[];
  speed_per_minute_mps: (number | null)[];
  repetitions: number | null;
  repetition_times_s: number[];
  incomplete_times_s: number[];
  rise_velocities_mps: (number | null)[];
  condition: string | null;
  hold_s: number | null;
  held_s: number | null;
  ended_by: string | null;
  loss_of_balance_s: number[];
  steps_out_s: number[];
  sway_window: Stretch | null;
  sway: SwaySoFar | null;
}

const series = (value: unknown): (number | null)[] => list(value).map(numberOrNull);
const times = (value: unknown): number[] => series(value).filter((it): it is number => it !== null);

function stretch(value: unknown): Stretch | null {
  const it = object(value);
  const [start_s, end_s] = Array.isArray(value) ? series(value) : [numberOrNull(it["start_s"]), numberOrNull(it["end_s"])];
  return typeof start_s === "number" && typeof end_s === "number" ? { start_s, end_s } : null;
}

const stretches = (value: unknown): Stretch[] => list(value).map(stretch).filter((it): it is Stretch => it !== null);

const phases = (value: unknown): TestEvent["phases"] =>
  list(value).flatMap((it) => {
    const span = stretch(it);
    return span ? [{ name: text(object(it)["name"]), ...span }] : [];
  });

/** From the clock's start: the cue where that is what the result counts from, else the first movement. */
function beginning_s(it: Json): number | null {
  const cue_s = numberOrNull(it["cue_s"]);
  return it["clock"] === "cue" && cue_s !== null ? cue_s : numberOrNull(it["time_s"]);
}

/** Null where there is no event yet, or none with a beginning and an end. */
export function readTestEvent(event: TestRun["event"]): TestEvent | null {
  const it = object(event);
  const start_s = beginning_s(it);
  const end_s = numberOrNull(it["end_s"]);
  if (start_s === null || end_s === null) return null;
  return {
    kind: text(it["kind"]),
    start_s,
    end_s,
    phases: phases(it["phases"]),
    steps: numberOrNull(it["steps"]),
    distance_m: numberOrNull(it["distance_m"]),
    laps: numberOrNull(it["laps"]),
    rests: stretches(it["rests"]),
    distance_per_minute_m: series(it["distance_per_minute_m"]),
    cadence_per_minute_spm: series(it["cadence_per_minute_spm"]),
    speed_per_minute_mps: series(it["speed_per_minute_mps"]),
    repetitions: numberOrNull(it["repetitions"]),
    repetition_times_s: times(it["repetition_times_s"]),
    incomplete_times_s: times(it["incomplete_times_s"]),
    rise_velocities_mps: series(it["rise_velocities_mps"]),
    condition: textOrNull(it["condition"]),
    hold_s: numberOrNull(it["hold_s"]),
    held_s: numberOrNull(it["held_s"]),
    ended_by: textOrNull(it["ended_by"]),
    loss_of_balance_s: times(it["loss_of_balance_s"]),
    steps_out_s: times(it["steps_out_s"]),
    sway_window: stretch(it["sway_window_s"]),
    sway: orNull(it["sway"], (sway) => ({
      rms_ml_mps2: numberOrNull(object(sway)["rms_ml_mps2"]),
      rms_ap_mps2: numberOrNull(object(sway)["rms_ap_mps2"]),
      ellipse95_m2ps4: numberOrNull(object(sway)["ellipse95_m2ps4"]),
    })),
  };
}
