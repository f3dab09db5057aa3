/** What the server says about the tests of the clinic; seconds and SI units, null for what is not known. */

import type { Json } from "./json";
import type { GaitEvent } from "./types";

export type TestState =
  | "preflight"
  | "countdown"
  | "running"
  | "paused"
  | "settling"
  | "done"
  | "aborted"
  | "invalid";

export type Verdict = "valid" | "attention" | "invalid";

/** A protocol's id: tug, 6mwt, 2mwt, 10mwt, t25fw, chair_stand_30s, chair_stand_5x, stance; a newer server may have more. */
export type ProtocolId = string;

export interface Instruction {
  key: string;
  /** To read. */
  text: string;
  /** To hear; empty for what is only shown. */
  say: string;
}

export interface Question {
  key: string;
  label: string;
  kind: "scale" | "yes_no" | "choice";
  min: number | null;
  max: number | null;
  /** Words of the answers, by value. */
  words: Record<string, string>;
}

export type Answer = string | number | boolean;
export type Answers = Record<string, Answer>;

export interface Variant {
  key: string;
  label: string;
  kind: "choice" | "number" | "yes_no" | "text";
  choices: { value: string; label: string }[] | null;
  unit: string | null;
}

export interface Stance {
  id: string;
  name: string;
  plain_name: string;
}

export interface Protocol {
  id: ProtocolId;
  /** As a therapist calls it. */
  name: string;
  /** As everybody calls it. */
  plain_name: string;
  about: string;
  /** Where the sensor may be worn. */
  positions: string[];
  needs_course: boolean;
  course_choices_m: number[] | null;
  stances: Stance[] | null;
  hold_choices_s: number[] | null;
  countdown_s: number;
  /** The longest that it may last. */
  limit_s: number | null;
  variants: Variant[];
  instructions: Instruction[];
  stop_rules: string[];
  before: Question[];
  after: Question[];
}

export interface TestWish {
  session_id: string;
  protocol: ProtocolId;
  stance?: string;
  course_length_m?: number;
  hold_s?: number;
  variant?: string;
  variants: Answers;
  started_by: "patient" | "therapist";
  before: Answers;
}

export interface Check {
  key: string;
  label: string;
  state: "ok" | "wait" | "problem" | "ask";
  text: string;
}

export interface Preflight {
  ready: boolean;
  checks: Check[];
}

export interface PhaseProgress {
  name: string;
  start_s: number;
  end_s: number | null;
}

export interface SwaySoFar {
  rms_ml_mps2: number | null;
  rms_ap_mps2: number | null;
  ellipse95_m2ps4: number | null;
}

/** What is seen of a test while it goes on; which of it there is depends on the protocol. */
export interface Progress {
  protocol: ProtocolId;
  prompted: boolean;
  state: "waiting" | "running" | "settling";
  started_s: number | null;
  elapsed_s: number | null;
  left_s: number | null;
  phase: string | null;
  phases: PhaseProgress[];
  steps: number | null;
  laps: number | null;
  distance_m: number | null;
  resting: boolean;
  rests: { start_s: number; end_s: number | null }[];
  minute: number | null;
  distance_per_minute_m: (number | null)[];
  cadence_spm: number | null;
  repetitions: number | null;
  incomplete: number | null;
  repetition_times_s: number[];
  condition: string | null;
  held_s: number | null;
  loss_of_balance_s: number[];
  steps_out_s: number[];
  sway: SwaySoFar | null;
}

export interface Reference {
  low: number | null;
  high: number | null;
  unit: string;
  text: string;
  source: string;
  n: number | null;
  kind: string;
}

export interface Change {
  zone: "noise" | "likely" | "certain" | "unknown";
  better: boolean | null;
  difference: number | null;
  text: string;
  source: string;
}

export interface ResultFigure {
  key: string;
  label: string;
  value: number | null;
  unit: string;
  text: string;
}

export interface ResultPart {
  name: string;
  label: string;
  start_s: number;
  end_s: number;
  duration_s: number;
}

export interface EarlierResult {
  id: string;
  at: string;
  value: number | null;
  verdict: Verdict | null;
}

export interface Trials {
  n: number;
  mean: number | null;
  low: number | null;
  high: number | null;
  unit: string;
  text: string;
}

/** The result as it goes into a record; without a value when the test does not count. */
export interface ResultCard {
  title: string;
  value: number | null;
  unit: string;
  value_text: string;
  /** The result in a sentence for the person who did the test. */
  plain_text: string;
  clock_text: string | null;
  verdict: Verdict | null;
  verdict_text: string;
  reasons: string[];
  method_text: string;
  reference: Reference | null;
  reference_text: string;
  change: Change | null;
  last: { value: number | null; value_text: string; at: string } | null;
  history: EarlierResult[];
  /** The day's trials under the same conditions. */
  trials: Trials | null;
  figures: ResultFigure[];
  parts: ResultPart[];
}

export interface TestRun {
  id: string;
  session_id: string;
  stream_no: number | null;
  person: string;
  position: string;
  protocol: ProtocolId;
  name: string;
  plain_name: string;
  stance: string | null;
  course_length_m: number | null;
  hold_s: number | null;
  variant: string | null;
  variants: Json;
  /** Null where nobody started it: found unprompted, or played from a recording. */
  started_by: string | null;
  created_at: string;
  state: TestState;
  /** When the state began, on the session's clock. */
  since_s: number | null;
  cue_s: number | null;
  end_cue_s: number | null;
  /** The session's clock when this was said. */
  now_s: number | null;
  instruction: Instruction | null;
  next_say_at_s: number | null;
  progress: Progress | null;
  problem: string | null;
  event: GaitEvent | null;
  verdict: Verdict | null;
  reasons: string[];
  before: Json;
  after: Json;
  notes: { at: string; text: string }[];
  invalidated: { at: string; reason: string } | null;
  result: ResultCard | null;
  /** Found in the stream without having been asked for. */
  found: boolean;
}
