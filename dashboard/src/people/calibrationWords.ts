/** What a calibration says, in plain words. */

import { date, fixed } from "../format";
import { positionWords } from "../words";
import type { Calibration, CalibrationDone, Person } from "../wire/people";

/** Closer than this the two distances agree: nobody paces out a course better. */
const SAME_SHARE = 0.005;

function perCent(share: number): string {
  const value = 100 * Math.abs(share);
  return `${value.toFixed(value < 10 ? 1 : 0).replace(/\.0$/, "")} %`;
}

export function expectedError(error_share: number): string {
  return `± ${perCent(error_share)}`;
}

/** How far off the length of strides is without the calibration. */
export function withoutIt(factor: number): string {
  const excess = 1 / factor - 1;
  if (Math.abs(excess) < SAME_SHARE) return "Without it, speed would be right to within half a per cent.";
  return `Without it, speed would be ${perCent(excess)} too ${excess > 0 ? "high" : "low"}.`;
}

export function calibrationLine({ position, factor, error_share, walked_m, at }: Calibration): string {
  const from = `From ${fixed(walked_m, walked_m % 1 === 0 ? 0 : 1)} m walked, ${date(at)}.`;
  return `${positionWords(position)}: ${withoutIt(factor)} ${from} Expected error now ${expectedError(error_share)}.`;
}

/** A person's speed was known before the first calibration where something said how long the leg is, or it is measured. */
export function speedWasKnown({ height_m, sensor_height_m, calibrations }: Person, position: string): boolean {
  if (position !== "lower_back") return true;
  return height_m !== null || sensor_height_m !== null || calibrations.some((it) => it.position === position);
}

/** The result of a walk over `distance_m`: what was measured, what is right, what to expect from now on. */
export function resultSentences(done: CalibrationDone, distance_m: number, wasKnown: boolean): string[] {
  const { measured_m, error_share, walked_m } = done;
  const sentences: string[] = [];
  const excess = measured_m / distance_m - 1;
  if (!wasKnown) {
    sentences.push("Speed was not known before, because nothing said how tall this person is. Now it is known.");
  } else {
    const walked = `Without a calibration Surefoot measures ${fixed(measured_m, 1)} m for these ${distance_m} m.`;
    if (Math.abs(excess) < SAME_SHARE) sentences.push(`${walked} Speed was right already.`);
    else sentences.push(`${walked} Speed was ${perCent(excess)} too ${excess > 0 ? "high" : "low"}. It is corrected now.`);
  }
  sentences.push(`The expected error is now ${expectedError(error_share)}: ± ${fixed(error_share, 2)} m/s at a speed of 1 m/s.`);
  if (walked_m > distance_m) sentences.push(`It rests on ${fixed(walked_m, 0)} m in all; every further walk makes it surer.`);
  sentences.push("It holds for sessions that begin from now on.");
  return sentences;
}
