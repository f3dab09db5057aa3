/** How somebody stood, leaned or lay, from the sensor's tilt against before. */

export type Posture = "upright" | "leaning" | "lying" | "unknown";

const LEANS_RAD = (30 * Math.PI) / 180;
const LIES_RAD = (60 * Math.PI) / 180;

export function postureOf(tilt_rad: number | null): Posture {
  if (tilt_rad === null) return "unknown";
  if (tilt_rad >= LIES_RAD) return "lying";
  return tilt_rad >= LEANS_RAD ? "leaning" : "upright";
}

export interface Stretch {
  posture: Posture;
  start_s: number;
  end_s: number;
  tilt_rad: number | null;
}

/** One stretch for each `every_s`, with the middle tilt in it. */
export function posturesOver(tilt_rad: readonly (number | null)[], start_s: number, dt_s: number, every_s: number): Stretch[] {
  const size = Math.max(1, Math.round(every_s / dt_s));
  const stretches: Stretch[] = [];
  for (let at = 0; at < tilt_rad.length; at += size) {
    const known = tilt_rad.slice(at, at + size).filter((value): value is number => value !== null).sort((a, b) => a - b);
    const middle = known.length === 0 ? null : (known[Math.floor(known.length / 2)] as number);
    const begins_s = start_s + at * dt_s;
    stretches.push({ posture: postureOf(middle), start_s: begins_s, end_s: begins_s + every_s, tilt_rad: middle });
  }
  return stretches;
}
