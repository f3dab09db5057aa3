/** What the server says, as the pages know it; seconds and SI units, null for what is not known. */

import type { Alert } from "./alerts";
import type { Notice } from "./care";
import type { TestRun } from "./tests";

export type SensorState =
  | "scanning"
  | "connecting"
  | "configuring"
  | "streaming"
  | "stalled"
  | "backing_off"
  | "stopped"
  | "failed"
  | "no_data";

export interface Bout {
  start_s: number;
  steps: number;
  cadence_spm: number | null;
  duration_s: number;
}

/** The newest half minute of walking, measured stride by stride; null is what had too few strides. */
export interface Rolling {
  window_s: number | null;
  strides: number | null;
  steps: number | null;
  cadence_spm: number | null;
  step_time_s: number | null;
  stride_time_s: number | null;
  stride_time_sd_s: number | null;
  stride_time_cv: number | null;
  step_time_asymmetry: number | null;
  step_regularity: number | null;
  stride_regularity: number | null;
  symmetry: number | null;
  harmonic_ratio_vertical: number | null;
  harmonic_ratio_ap: number | null;
  harmonic_ratio_ml: number | null;
  stride_length_m: number | null;
  speed_mps: number | null;
  speed_expected_error_mps: number | null;
  smoothness: number | null;
  double_support: number | null;
}

/** Step times by side over the last steps whose side is known. */
export interface Sides {
  left_step_time_s: number;
  right_step_time_s: number;
  steps: number | null;
  confidence: number | null;
}

/** What two sensors on one person tell together: sides are certain. */
export interface Pair {
  with_session_id: string;
  double_support: number | null;
  left_step_time_s: number | null;
  right_step_time_s: number | null;
  steps: number | null;
  age_s: number | null;
}

export interface Numbers {
  steps: number;
  cadence_spm: number | null;
  cadence_age_s: number | null;
  bout: Bout | null;
  walking_s: number;
  bouts: number;
  /** Walked so far, null where lengths are not measurable. */
  distance_m: number | null;
  rolling: (Rolling & { age_s: number }) | null;
  sides: Sides | null;
  pair: Pair | null;
}

export interface Stream {
  stream_no: number;
  session_id: string;
  label: string;
  position: string;
  sensor: { name: string; address: string; driver: string };
  simulated: boolean;
  started_at: string;
  state: SensorState;
  reason: string;
  retry_in_s: number | null;
  battery_percent: number | null;
  rssi: number | null;
  rate_hz: number | null;
  has_gyroscope: boolean | null;
  time_s: number;
  last_sample_s: number | null;
  last_sample_age_s: number | null;
  loss_fraction: number | null;
  counters: Record<string, number>;
  clock: { kind: string; skew_ppm: number | null; residual_s: number | null };
  frame: { confidence: number | null; text: string };
  numbers: Numbers;
}

/** An event as the contract spells it; the fields that the pages use are named. */
export interface GaitEvent {
  kind: string;
  time_s: number;
  emitted_s: number;
  end_s?: number;
  side?: "left" | "right" | null;
  walking?: boolean | null;
  steps?: number | null;
  strides?: number | null;
  cadence_spm?: number | null;
  angle_rad?: number | null;
  steps_in_turn?: number | null;
  peak_velocity_mps?: number | null;
  stride_time_s?: number | null;
  stride_time_cv?: number | null;
  stride_time_sd_s?: number | null;
  step_time_asymmetry?: number | null;
  stride_length_m?: number | null;
  speed_mps?: number | null;
  speed_expected_error_mps?: number | null;
  quality?: number | null;
  quality_reasons?: string[] | null;
  confidence?: number | null;
  form?: string;
  of_kind?: string;
  of_time_s?: number;
}

export interface EventMessage {
  type: "event";
  seq: number;
  session_id: string;
  stream_no: number | null;
  event: GaitEvent;
}

export type Message =
  | { type: "hello"; version: string; store_id: string; last_seq: number; resumed_from: number | null; streams: Stream[]; tests: TestRun[]; alerts: Alert[]; notices: Notice[] }
  | { type: "stream"; stream: Stream }
  | EventMessage
  | { type: "test"; test: TestRun }
  | { type: "alert"; alert: Alert }
  | { type: "notice"; notice: Notice }
  | { type: "gone"; session_id: string; stream_no: number; reason: string }
  | { type: "beat"; now_s: number };

export interface SessionSummary {
  id: string;
  label: string;
  position: string;
  sensor_name: string;
  driver: string;
  started_at: string;
  ended_at: string | null;
  duration_s: number;
  state: string;
  steps: number;
  walking_s: number;
  bouts: number;
  simulated: boolean;
  test: string | null;
}

export interface Gap {
  start_s: number;
  end_s: number;
}

export interface SessionDetail extends SessionSummary {
  gap_list: Gap[];
  rate_hz: number | null;
  has_gyroscope: boolean | null;
}

export interface NumbersTrack {
  time_s: number[];
  steps: number[];
  cadence_spm: (number | null)[];
  walking: boolean[];
  rolling: ({ emitted_s: number } & Rolling)[];
  sides: ({ emitted_s: number } & Partial<Sides>)[];
  /** With another sensor of the same person; a server that knows no pairs leaves it out. */
  pair?: ({ emitted_s: number } & Partial<Pair>)[];
}
