/** Somebody's facts as they are typed in: centimetres and years, empty where not known. */

import type { PersonFacts } from "../wire/people";

export interface TypedFacts {
  name: string;
  height_cm: string;
  sensorHeight_cm: string;
  age_years: string;
  sex: string;
  condition: string;
  freezes: boolean;
}

/** Heights that a person may have, and a sensor at their lower back; inside the server's bounds. */
const HEIGHT_CM = [50, 250] as const;
const SENSOR_HEIGHT_CM = [20, 180] as const;
const AGE_YEARS = [0, 130] as const;

const cm = (metres: number | null): string => (metres === null ? "" : String(Math.round(1000 * metres) / 10));

export function typedOf(facts: PersonFacts): TypedFacts {
  return {
    name: facts.name,
    height_cm: cm(facts.height_m),
    sensorHeight_cm: cm(facts.sensor_height_m),
    age_years: facts.age_years === null ? "" : String(facts.age_years),
    sex: facts.sex ?? "",
    condition: facts.condition ?? "",
    freezes: facts.freezes,
  };
}

/** What was typed as a number; a decimal comma will do. Null for nothing, NaN for no number. */
export function typedNumber(text: string): number | null {
  const plain = text.trim().replace(",", ".");
  if (plain === "") return null;
  return /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

function problem(what: string, value: number | null, [least, most]: readonly [number, number], unit: string): string | null {
  if (value === null || (value >= least && value <= most)) return null;
  return `${what} must be a number from ${least} to ${most} ${unit}, or stay empty.`;
}

/** The facts to send, or the sentences that say what to mend. */
export function factsOf(typed: TypedFacts): { facts: PersonFacts } | { problems: string[] } {
  const height_cm = typedNumber(typed.height_cm);
  const sensorHeight_cm = typedNumber(typed.sensorHeight_cm);
  const age_years = typedNumber(typed.age_years);
  const name = typed.name.trim();
  const problems = [
    name === "" ? "Please give a name." : null,
    problem("Height", height_cm, HEIGHT_CM, "cm"),
    problem("Sensor height", sensorHeight_cm, SENSOR_HEIGHT_CM, "cm"),
    problem("Age", age_years, AGE_YEARS, "years"),
    height_cm !== null && sensorHeight_cm !== null && sensorHeight_cm >= height_cm
      ? "The sensor cannot be higher than the person is tall."
      : null,
  ].filter((it) => it !== null);
  if (problems.length > 0) return { problems };
  return {
    facts: {
      name,
      height_m: height_cm === null ? null : height_cm / 100,
      sensor_height_m: sensorHeight_cm === null ? null : sensorHeight_cm / 100,
      age_years,
      sex: typed.sex === "" ? null : typed.sex,
      condition: typed.condition === "" ? null : typed.condition,
      freezes: typed.freezes,
    },
  };
}
