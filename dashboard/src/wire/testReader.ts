/** Tests of the clinic: JSON from the server into the pages' types, forgiving about what is missing. */

import { list, number, numberOrNull, object, orNull, text, textOrNull, texts } from "./json";
import type { Json } from "./json";
import type { Change, Check, Instruction, Preflight, Progress, Protocol, Question, Reference } from "./tests";
import type { ResultCard, ResultFigure, ResultPart, TestRun, TestState, Trials, Variant, Verdict } from "./tests";
import type { GaitEvent } from "./types";

/** One of these words, or the one that stands for "something else". */
function oneOf<T extends string>(value: unknown, known: readonly T[], otherwise: T): T {
  return known.find((it) => it === value) ?? otherwise;
}

const STATES = ["preflight", "countdown", "running", "paused", "settling", "done", "aborted", "invalid"] as const;
const numbers = (value: unknown): number[] => list(value).filter((it) => typeof it === "number" && Number.isFinite(it)) as number[];
const verdict = (value: unknown): Verdict | null =>
  value === "valid" || value === "attention" || value === "invalid" ? value : null;

function readInstruction(value: unknown): Instruction {
  const it = object(value);
  return { key: text(it["key"]), text: text(it["text"]), say: text(it["say"]) };
}

function words(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(object(value)).filter((it): it is [string, string] => typeof it[1] === "string"));
}

function readQuestion(value: unknown): Question {
  const it = object(value);
  return {
    key: text(it["key"]),
    label: text(it["label"]),
    kind: oneOf(it["kind"], ["scale", "yes_no", "choice"], "choice"),
    min: numberOrNull(it["min"]),
    max: numberOrNull(it["max"]),
    words: words(it["words"]),
  };
}

function readVariant(value: unknown): Variant {
  const it = object(value);
  return {
    key: text(it["key"]),
    label: text(it["label"]),
    kind: oneOf(it["kind"], ["choice", "number", "yes_no", "text"], "text"),
    choices: orNull(it["choices"], (choices) =>
      list(choices).map(object).map((one) => ({ value: text(one["value"]), label: text(one["label"]) })),
    ),
    unit: textOrNull(it["unit"]),
  };
}

export function readProtocol(value: unknown): Protocol {
  const it = object(value);
  return {
    id: text(it["id"]),
    name: text(it["name"]),
    plain_name: text(it["plain_name"], text(it["name"])),
    about: text(it["about"]),
    positions: texts(it["positions"]),
    needs_course: it["needs_course"] === true,
    course_choices_m: orNull(it["course_choices_m"], numbers),
    stances: orNull(it["stances"], (stances) =>
      list(stances).map(object).map((one) => ({
        id: text(one["id"]),
        name: text(one["name"]),
        plain_name: text(one["plain_name"], text(one["name"])),
      })),
    ),
    hold_choices_s: orNull(it["hold_choices_s"], numbers),
    countdown_s: number(it["countdown_s"]),
    limit_s: numberOrNull(it["limit_s"]),
    variants: list(it["variants"]).map(readVariant),
    instructions: list(it["instructions"]).map(readInstruction),
    stop_rules: texts(it["stop_rules"]),
    before: list(it["before"]).map(readQuestion),
    after: list(it["after"]).map(readQuestion),
  };
}

function readCheck(value: unknown): Check {
  const it = object(value);
  return {
    key: text(it["key"]),
    label: text(it["label"]),
    state: oneOf(it["state"], ["ok", "wait", "problem", "ask"], "wait"),
    text: text(it["text"]),
  };
}

export function readPreflight(value: unknown): Preflight {
  const it = object(value);
  return { ready: it["ready"] === true, checks: list(it["checks"]).map(readCheck) };
}

function stretch(value: unknown): { start_s: number; end_s: number | null } {
  const it = object(value);
  return { start_s: number(it["start_s"]), end_s: numberOrNull(it["end_s"]) };
}

export function readProgress(value: unknown): Progress {
  const it = object(value);
  return {
    protocol: text(it["protocol"]),
    prompted: it["prompted"] === true,
    state: oneOf(it["state"], ["waiting", "running", "settling"], "waiting"),
    started_s: numberOrNull(it["started_s"]),
    elapsed_s: numberOrNull(it["elapsed_s"]),
    left_s: numberOrNull(it["left_s"]),
    phase: textOrNull(it["phase"]),
    phases: list(it["phases"]).map((one) => ({ name: text(object(one)["name"]), ...stretch(one) })),
    steps: numberOrNull(it["steps"]),
    laps: numberOrNull(it["laps"]),
    distance_m: numberOrNull(it["distance_m"]),
    resting: it["resting"] === true,
    rests: list(it["rests"]).map(stretch),
    minute: numberOrNull(it["minute"]),
    distance_per_minute_m: list(it["distance_per_minute_m"]).map(numberOrNull),
    cadence_spm: numberOrNull(it["cadence_spm"]),
    repetitions: numberOrNull(it["repetitions"]),
    incomplete: numberOrNull(it["incomplete"]),
    repetition_times_s: numbers(it["repetition_times_s"]),
    condition: textOrNull(it["condition"]),
    held_s: numberOrNull(it["held_s"]),
    loss_of_balance_s: numbers(it["loss_of_balance_s"]),
    steps_out_s: numbers(it["steps_out_s"]),
    sway: orNull(it["sway"], (sway) => {
      const so_far = object(sway);
      return {
        rms_ml_mps2: numberOrNull(so_far["rms_ml_mps2"]),
        rms_ap_mps2: numberOrNull(so_far["rms_ap_mps2"]),
        ellipse95_m2ps4: numberOrNull(so_far["ellipse95_m2ps4"]),
      };
    }),
  };
}

function readReference(value: unknown): Reference {
  const it = object(value);
  return {
    low: numberOrNull(it["low"]),
    high: numberOrNull(it["high"]),
    unit: text(it["unit"]),
    text: text(it["text"]),
    source: text(it["source"]),
    n: numberOrNull(it["n"]),
    kind: text(it["kind"]),
  };
}

function readChange(value: unknown): Change {
  const it = object(value);
  return {
    zone: oneOf(it["zone"], ["noise", "likely", "certain", "unknown"], "unknown"),
    better: typeof it["better"] === "boolean" ? it["better"] : null,
    difference: numberOrNull(it["difference"]),
    text: text(it["text"]),
    source: text(it["source"]),
  };
}

function readTrials(value: unknown): Trials {
  const it = object(value);
  return {
    n: number(it["n"]),
    mean: numberOrNull(it["mean"]),
    low: numberOrNull(it["low"]),
    high: numberOrNull(it["high"]),
    unit: text(it["unit"]),
    text: text(it["text"]),
  };
}

const readFigure = (it: Json): ResultFigure => ({
  key: text(it["key"]),
  label: text(it["label"]),
  value: numberOrNull(it["value"]),
  unit: text(it["unit"]),
  text: text(it["text"]),
});

const readPart = (it: Json): ResultPart => ({
  name: text(it["name"]),
  label: text(it["label"], text(it["name"])),
  start_s: number(it["start_s"]),
  end_s: number(it["end_s"]),
  duration_s: number(it["duration_s"]),
});

export function readResult(value: unknown): ResultCard {
  const it = object(value);
  return {
    title: text(it["title"]),
    value: numberOrNull(it["value"]),
    unit: text(it["unit"]),
    value_text: text(it["value_text"]),
    plain_text: text(it["plain_text"]),
    clock_text: textOrNull(it["clock_text"]),
    verdict: verdict(it["verdict"]),
    verdict_text: text(it["verdict_text"]),
    reasons: texts(it["reasons"]),
    method_text: text(it["method_text"]),
    reference: orNull(it["reference"], readReference),
    reference_text: text(it["reference_text"]),
    change: orNull(it["change"], readChange),
    last: orNull(it["last"], (last) => {
      const one = object(last);
      return { value: numberOrNull(one["value"]), value_text: text(one["value_text"]), at: text(one["at"]) };
    }),
    history: list(it["history"]).map(object).map((one) => ({
      id: text(one["id"]),
      at: text(one["at"]),
      value: numberOrNull(one["value"]),
      verdict: verdict(one["verdict"]),
    })),
    trials: orNull(it["trials"], readTrials),
    figures: list(it["figures"]).map(object).map(readFigure),
    parts: list(it["parts"]).map(object).map(readPart),
  };
}

export function readTest(value: unknown): TestRun {
  const it = object(value);
  return {
    id: text(it["id"]),
    session_id: text(it["session_id"]),
    stream_no: numberOrNull(it["stream_no"]),
    person: text(it["person"]),
    position: text(it["position"]),
    protocol: text(it["protocol"]),
    name: text(it["name"]),
    plain_name: text(it["plain_name"], text(it["name"])),
    stance: textOrNull(it["stance"]),
    course_length_m: numberOrNull(it["course_length_m"]),
    hold_s: numberOrNull(it["hold_s"]),
    variant: textOrNull(it["variant"]),
    variants: object(it["variants"]),
    started_by: textOrNull(it["started_by"]),
    created_at: text(it["created_at"]),
    // A state that this page does not know shows no result: the words of the instruction remain.
    state: oneOf<TestState>(it["state"], STATES, "settling"),
    since_s: numberOrNull(it["since_s"]),
    cue_s: numberOrNull(it["cue_s"]),
    end_cue_s: numberOrNull(it["end_cue_s"]),
    now_s: numberOrNull(it["now_s"]),
    instruction: orNull(it["instruction"], readInstruction),
    next_say_at_s: numberOrNull(it["next_say_at_s"]),
    progress: orNull(it["progress"], readProgress),
    problem: textOrNull(it["problem"]),
    event: orNull(it["event"], (event) => object(event) as unknown as GaitEvent),
    verdict: verdict(it["verdict"]),
    reasons: texts(it["reasons"]),
    before: object(it["before"]),
    after: object(it["after"]),
    notes: list(it["notes"]).map(object).map((one) => ({ at: text(one["at"]), text: text(one["text"]) })),
    invalidated: orNull(it["invalidated"], (invalidated) => {
      const one = object(invalidated);
      return { at: text(one["at"]), reason: text(one["reason"]) };
    }),
    result: orNull(it["result"], readResult),
    found: it["found"] === true,
  };
}
