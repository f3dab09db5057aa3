/** Names of the classes into which walks are sorted. */

import { fixed } from "../format";
import type { LengthClass, SpeedClass } from "../wire/people";

function lengthText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;
}

export function lengthWords({ from_s, to_s }: Pick<LengthClass, "from_s" | "to_s">): string {
  if (to_s === null) return `${lengthText(from_s)} and longer`;
  return from_s === 0 ? `Under ${lengthText(to_s)}` : `${lengthText(from_s)} to ${lengthText(to_s)}`;
}

export function speedWords({ from_mps, to_mps }: Pick<SpeedClass, "from_mps" | "to_mps">): string {
  return to_mps === null ? `${fixed(from_mps, 1)} m/s and faster` : `${fixed(from_mps, 1)} to ${fixed(to_mps, 1)} m/s`;
}

/** The classes from the first to the last that anything fell into. */
export function usedSpeeds(speeds: readonly SpeedClass[]): SpeedClass[] {
  const used = speeds.map((it) => it.walking_s > 0);
  const first = used.indexOf(true);
  return first < 0 ? [] : speeds.slice(first, used.lastIndexOf(true) + 1);
}
