/** The figures of the newest half minute of walking as people read them: value, unit, and how far to trust it. */

import { DASH, fixed, milliseconds, share } from "./format";
import type { Rolling } from "./wire/types";

export interface Measure {
  id: string;
  name: string;
  value: string;
  unit: string;
  /** How old and how sure it is, or why there is none. */
  note: string;
  /** What it means, in one plain sentence. */
  meaning: string;
}

/** Where the figures come from, for the words around them. */
export interface MeasureContext {
  position: string;
  /** "now", "5 s ago", "at 1:23". */
  when: string;
  /** Why there are no figures at all, where `rolling` is null. */
  why: string;
}

/** Fewer strides than this and even an average says little. */
const FEW_STRIDES = 6;

/** What keeps the speed unknown while somebody walks. */
export function noSpeedBecause(position: string): string {
  if (position === "lower_back") return "needs height or a calibration walk";
  if (/^(foot|ankle)_/.test(position)) return "not measurable right now";
  return "not measured with the sensor worn here";
}

function missing(rolling: Rolling, otherwise: string): string {
  const { strides } = rolling;
  if (strides !== null && strides < FEW_STRIDES) return `needs more strides, has ${strides}`;
  return otherwise;
}

function measure(id: string, name: string, unit: string, value: string, note: string, meaning: string): Measure {
  return { id, name, value, unit: value === DASH ? "" : unit, note, meaning };
}

function counted(rolling: Rolling): string {
  return rolling.strides === null ? "" : `${rolling.strides} strides, `;
}

function speed(rolling: Rolling | null, { position, when, why }: MeasureContext): Measure {
  const known = rolling?.speed_mps ?? null;
  const error_mps = rolling?.speed_expected_error_mps ?? null;
  const sure = error_mps === null ? "error not known" : `± ${fixed(error_mps, 2)} expected`;
  const note = rolling === null ? why : known === null ? missing(rolling, noSpeedBecause(position)) : `${sure}, ${when}`;
  return measure("speed", "Speed", "m/s", fixed(known, 2), note, "How fast the walk goes forward.");
}

function variability(rolling: Rolling | null, { when, why }: MeasureContext): Measure {
  const cv = rolling?.stride_time_cv ?? null;
  let note = why;
  if (rolling !== null && cv === null) {
    note = rolling.strides === null ? "needs more strides" : `needs more strides, has ${rolling.strides}`;
  } else if (rolling !== null) {
    const sd_s = rolling.stride_time_sd_s;
    note = `${sd_s === null ? "" : `± ${milliseconds(sd_s)} ms, `}${counted(rolling)}${when}`;
  }
  const meaning = "How much the time of one stride differs from the next. Small means an even rhythm.";
  return measure("variability", "Stride variability", "%", share(cv, 1), note, meaning);
}

function asymmetry(rolling: Rolling | null, { position, when, why }: MeasureContext): Measure {
  const value = rolling?.step_time_asymmetry ?? null;
  const oneLeg = /^(foot|ankle)_/.test(position);
  const unknown = oneLeg ? "needs a sensor that feels both feet" : "needs more strides";
  const note = rolling === null ? why : value === null ? missing(rolling, unknown) : `${counted(rolling)}${when}`;
  const meaning = "How much the two feet’s step times differ. 0 % means that they take equally long.";
  return measure("asymmetry", "Step asymmetry", "%", share(value, 0), note, meaning);
}

/** The figures that a card always shows under cadence, steps and the walk in progress. */
export function mainMeasures(rolling: Rolling | null, context: MeasureContext): Measure[] {
  return [speed(rolling, context), variability(rolling, context), asymmetry(rolling, context)];
}

type Plain = [id: keyof Rolling, name: string, unit: string, show: (value: number | null) => string, meaning: string];

const to = (digits: number) => (value: number | null): string => fixed(value, digits);

const MORE: Plain[] = [
  ["stride_length_m", "Stride length", "m", to(2), "From one contact of a foot to the next contact of the same foot."],
  ["stride_time_s", "Stride time", "s", to(2), "The usual time of one stride: two steps."],
  ["step_time_s", "Step time", "s", to(2), "The usual time from one foot’s contact to the other’s."],
  ["step_regularity", "Step regularity", "", to(2), "How alike one step is to the next; 1 is the same."],
  ["stride_regularity", "Stride regularity", "", to(2), "How alike one stride is to the next; 1 is the same."],
  ["symmetry", "Symmetry", "", to(2), "Step over stride regularity; 1 means that left and right steps are alike."],
  ["harmonic_ratio_vertical", "Harmonic ratio, up–down", "", to(1), "Symmetry of the steps within a stride; higher is more alike."],
  ["harmonic_ratio_ap", "Harmonic ratio, forward", "", to(1), "The same for speeding up and slowing down."],
  ["harmonic_ratio_ml", "Harmonic ratio, side", "", to(1), "The same for the sway from side to side."],
  ["smoothness", "Smoothness", "", to(2), "How little the movement jerks; nearer to zero is smoother."],
];

/** The figures shown on demand; their age and strides are the same for all, so they are said once above the list. */
export function moreMeasures(rolling: Rolling | null, { why }: MeasureContext): Measure[] {
  const unknown = rolling === null ? why : missing(rolling, "not measured");
  const rows = MORE.map(([id, name, unit, show, meaning]) => {
    const value = rolling?.[id] ?? null;
    return measure(id, name, unit, show(value), value === null ? unknown : "", meaning);
  });
  const support = rolling?.double_support ?? null;
  const meaning = "The part of a stride with both feet on the ground. Experimental: not yet checked well enough to rely on.";
  rows.push(
    measure("double_support", "Double support", "% of the stride", share(support, 0), support === null ? unknown : "experimental", meaning),
  );
  return rows;
}
