/** Text frames: JSON from the server into the pages' types, forgiving about what is missing. */

import { readAlert } from "./alerts";
import { readNotice } from "./care";
import { list, number, numberOrNull, object, text } from "./json";
import { readTest } from "./testReader";
import type { Bout, GaitEvent, Message, Numbers, Pair, Rolling, SensorState, Sides, Stream } from "./types";

const STATES: ReadonlySet<string> = new Set<SensorState>([
  "scanning",
  "connecting",
  "configuring",
  "streaming",
  "stalled",
  "backing_off",
  "stopped",
  "failed",
  "no_data",
]);

function readBout(value: unknown): Bout | null {
  if (value === null || value === undefined) return null;
  const it = object(value);
  return {
    start_s: number(it["start_s"]),
    steps: number(it["steps"]),
    cadence_spm: numberOrNull(it["cadence_spm"]),
    duration_s: number(it["duration_s"]),
  };
}

const ROLLING = [
  "window_s",
  "strides",
  "steps",
  "cadence_spm",
  "step_time_s",
  "stride_time_s",
  "stride_time_sd_s",
  "stride_time_cv",
  "step_time_asymmetry",
  "step_regularity",
  "stride_regularity",
  "symmetry",
  "harmonic_ratio_vertical",
  "harmonic_ratio_ap",
  "harmonic_ratio_ml",
  "stride_length_m",
  "speed_mps",
  "speed_expected_error_mps",
  "smoothness",
  "double_support",
] as const satisfies readonly (keyof Rolling)[];

export function readRolling(value: unknown): Rolling | null {
  if (value === null || value === undefined) return null;
  const it = object(value);
  return Object.fromEntries(ROLLING.map((name) => [name, numberOrNull(it[name])])) as unknown as Rolling;
}

/** Both sides or none: half a comparison says nothing. */
export function readSides(value: unknown): Sides | null {
  const it = object(value);
  const left_step_time_s = numberOrNull(it["left_step_time_s"]);
  const right_step_time_s = numberOrNull(it["right_step_time_s"]);
  if (left_step_time_s === null || right_step_time_s === null) return null;
  return { left_step_time_s, right_step_time_s, steps: numberOrNull(it["steps"]), confidence: numberOrNull(it["confidence"]) };
}

export function readPair(value: unknown): Pair | null {
  if (value === null || value === undefined) return null;
  const it = object(value);
  return {
    with_session_id: text(it["with_session_id"]),
    double_support: numberOrNull(it["double_support"]),
    left_step_time_s: numberOrNull(it["left_step_time_s"]),
    right_step_time_s: numberOrNull(it["right_step_time_s"]),
    steps: numberOrNull(it["steps"]),
    age_s: numberOrNull(it["age_s"]),
  };
}

export function readNumbers(value: unknown): Numbers {
  const it = object(value);
  const rolling = readRolling(it["rolling"]);
  const age_s = numberOrNull(object(it["rolling"])["age_s"]);
  return {
    steps: number(it["steps"]),
    cadence_spm: numberOrNull(it["cadence_spm"]),
    cadence_age_s: numberOrNull(it["cadence_age_s"]),
    bout: readBout(it["bout"]),
    walking_s: number(it["walking_s"]),
    bouts: number(it["bouts"]),
    distance_m: numberOrNull(it["distance_m"]),
    // Figures of an unknown age cannot be called figures of now.
    rolling: rolling && age_s !== null ? { ...rolling, age_s } : null,
    sides: readSides(it["sides"]),
    pair: readPair(it["pair"]),
  };
}

function readCounters(value: unknown): Record<string, number> {
  const counters: Record<string, number> = {};
  for (const [name, count] of Object.entries(object(value))) {
    if (typeof count === "number" && Number.isFinite(count)) counters[name] = count;
  }
  return counters;
}

export function readStream(value: unknown): Stream {
  const it = object(value);
  const sensor = object(it["sensor"]);
  const clock = object(it["clock"]);
  const frame = object(it["frame"]);
  const state = text(it["state"]);
  const hasGyroscope = it["has_gyroscope"];
  return {
    stream_no: number(it["stream_no"]),
    session_id: text(it["session_id"]),
    label: text(it["label"]),
    position: text(it["position"]),
    sensor: { name: text(sensor["name"]), address: text(sensor["address"]), driver: text(sensor["driver"]) },
    simulated: it["simulated"] === true,
    started_at: text(it["started_at"]),
    state: STATES.has(state) ? (state as SensorState) : "no_data",
    reason: text(it["reason"]),
    retry_in_s: numberOrNull(it["retry_in_s"]),
    battery_percent: numberOrNull(it["battery_percent"]),
    rssi: numberOrNull(it["rssi"]),
    rate_hz: numberOrNull(it["rate_hz"]),
    has_gyroscope: typeof hasGyroscope === "boolean" ? hasGyroscope : null,
    time_s: number(it["time_s"]),
    last_sample_s: numberOrNull(it["last_sample_s"]),
    last_sample_age_s: numberOrNull(it["last_sample_age_s"]),
    loss_fraction: numberOrNull(it["loss_fraction"]),
    counters: readCounters(it["counters"]),
    clock: {
      kind: text(clock["kind"]),
      skew_ppm: numberOrNull(clock["skew_ppm"]),
      residual_s: numberOrNull(clock["residual_s"]),
    },
    frame: { confidence: numberOrNull(frame["confidence"]), text: text(frame["text"]) },
    numbers: readNumbers(it["numbers"]),
  };
}

/** One text frame, or null for a type that this page does not know (a newer server may send more). */
export function readMessage(json: string): Message | null {
  const it = object(JSON.parse(json));
  switch (it["type"]) {
    case "hello":
      return {
        type: "hello",
        version: text(it["version"]),
        store_id: text(it["store_id"]),
        last_seq: number(it["last_seq"]),
        resumed_from: numberOrNull(it["resumed_from"]),
        streams: list(it["streams"]).map(readStream),
        tests: list(it["tests"]).map(readTest),
        alerts: list(it["alerts"]).map(readAlert),
        notices: list(it["notices"]).map(readNotice),
      };
    case "stream":
      return { type: "stream", stream: readStream(it["stream"]) };
    case "event":
      return {
        type: "event",
        seq: number(it["seq"]),
        session_id: text(it["session_id"]),
        stream_no: numberOrNull(it["stream_no"]),
        event: object(it["event"]) as unknown as GaitEvent,
      };
    case "test":
      return { type: "test", test: readTest(it["test"]) };
    case "alert":
      return { type: "alert", alert: readAlert(it["alert"]) };
    case "notice":
      return { type: "notice", notice: readNotice(it["notice"]) };
    case "gone":
      return {
        type: "gone",
        session_id: text(it["session_id"]),
        stream_no: number(it["stream_no"]),
        reason: text(it["reason"]),
      };
    case "beat":
      return { type: "beat", now_s: number(it["now_s"]) };
    default:
      return null;
  }
}
