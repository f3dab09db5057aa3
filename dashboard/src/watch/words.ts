/** Plain words for a test's states, parts and endings. */

import { clockTime } from "../format";
import type { Tone } from "../words";
import type { TestRun, TestState, Verdict } from "../wire/tests";

export const PHASES: readonly { name: string; label: string }[] = [
  { name: "sit_to_stand", label: "Standing up" },
  { name: "walk_out", label: "Walking out" },
  { name: "turn_1", label: "Turning round" },
  { name: "walk_back", label: "Walking back" },
  { name: "turn_2", label: "Turning to sit" },
  { name: "stand_to_sit", label: "Sitting down" },
];

export const phaseWords = (name: string): string =>
  PHASES.find((phase) => phase.name === name)?.label ?? name.replaceAll("_", " ");

const STATES: Record<TestState, { label: string; tone: Tone }> = {
  preflight: { label: "Getting ready", tone: "busy" },
  countdown: { label: "About to start", tone: "busy" },
  running: { label: "Under way", tone: "busy" },
  paused: { label: "Waiting for the sensor", tone: "caution" },
  settling: { label: "Working out the result", tone: "busy" },
  done: { label: "Finished", tone: "quiet" },
  aborted: { label: "Broken off", tone: "quiet" },
  invalid: { label: "Not valid", tone: "caution" },
};

export const testStateWords = (state: TestState): { label: string; tone: Tone } => STATES[state];

/** How far a result can be believed is no praise and no alarm: never green or red. */
export const verdictTone = (verdict: Verdict | null): Tone => (verdict === "valid" || verdict === null ? "quiet" : "caution");

const VERDICT_SIGNS: Record<Verdict, string> = { valid: "✓", attention: "!", invalid: "×" };

export const verdictSign = (verdict: Verdict | null): string => (verdict === null ? "?" : VERDICT_SIGNS[verdict]);

const CONDITIONS: Record<string, string> = {
  side_by_side: "feet side by side",
  semi_tandem: "semi-tandem",
  tandem_left: "tandem, left foot in front",
  tandem_right: "tandem, right foot in front",
  single_left: "on the left leg",
  single_right: "on the right leg",
  eyes_closed: "eyes closed",
};

export const stanceWords = (stance: string): string => CONDITIONS[stance] ?? stance.replaceAll("_", " ");

const ENDINGS: Record<string, string> = {
  time: "Held for the whole time.",
  loss_of_balance: "Ended by a loss of balance.",
  operator: "Ended by the operator.",
  sat_down: "Ended by sitting down.",
};

export const endingWords = (ended_by: string | null): string | null => (ended_by === null ? null : (ENDINGS[ended_by] ?? null));

/** The test with what was set up: stance, course, hold, variant. */
export function fullName(run: TestRun): string {
  const said = [run.name];
  if (run.stance !== null) said.push(stanceWords(run.stance));
  if (run.course_length_m !== null) said.push(`${run.course_length_m} m course`);
  if (run.hold_s !== null) said.push(`${run.hold_s} s`);
  if (run.variant !== null && run.variant !== "") said.push(run.variant === "sppb" ? "SPPB variant" : run.variant);
  return said.join(", ");
}

/** Seconds of a test as its clock shows them: 12.3 s, or 2:05 in a test of minutes; −3 s before the start. */
export function clockText(seconds: number, minutes: boolean): string {
  if (seconds < 0) return `−${Math.ceil(-seconds)} s`;
  return minutes ? clockTime(seconds) : `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
}

export const watchUrl = (id: string): string => `/watch/${encodeURIComponent(id)}`;
