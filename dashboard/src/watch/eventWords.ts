/** A test's event in words, for lists of what happened. */

import { fixed, whole } from "../format";
import { numberOrNull, object, text, texts } from "../wire/json";
import { stanceWords } from "./words";
import type { GaitEvent } from "../wire/types";

const NAMES: Record<string, string> = {
  tug: "Timed Up and Go",
  "6mwt": "6-minute walk",
  "2mwt": "2-minute walk",
  "10mwt": "10-metre walk",
  t25fw: "Timed 25-foot walk",
  chair_stand_30s: "30-second chair stand",
  chair_stand_5x: "Five times sit to stand",
  stance: "Stance",
};

export const TEST_KINDS: ReadonlySet<string> = new Set(["tug", "walk_test", "chair_stand", "stance"]);

export interface TestWords {
  name: string;
  remark: string;
}

/** Null for an event that is none of a test. */
export function testEventWords(event: GaitEvent): TestWords | null {
  if (!TEST_KINDS.has(event.kind)) return null;
  const it = object(event);
  const protocol = text(it["protocol"], event.kind);
  const found = it["prompted"] === true ? "" : ", found without being asked for";
  const value = valueWords(it);
  const reason = texts(it["reasons"])[0] ?? "";
  return {
    name: NAMES[protocol] ?? protocol.replaceAll("_", " "),
    remark: value === null ? `no result. ${reason}`.trim() : `${value}${found}`,
  };
}

function valueWords(it: Record<string, unknown>): string | null {
  if (it["verdict"] === "invalid") return null;
  const seconds = numberOrNull(it["duration_s"]);
  switch (it["kind"]) {
    case "stance": {
      const held_s = numberOrNull(it["held_s"]);
      return held_s === null ? null : `${stanceWords(text(it["condition"]))}, held ${fixed(held_s, 1)} s`;
    }
    case "chair_stand": {
      const stands = numberOrNull(it["repetitions"]);
      return stands === null ? null : `${whole(stands)} stands${seconds === null ? "" : ` in ${fixed(seconds, 1)} s`}`;
    }
    case "walk_test": {
      const distance_m = numberOrNull(it["distance_m"]);
      const speed_mps = numberOrNull(it["speed_mps"]);
      if (speed_mps !== null) return `${fixed(speed_mps, 2)} m/s${seconds === null ? "" : ` in ${fixed(seconds, 1)} s`}`;
      return distance_m === null ? null : `${whole(distance_m)} m`;
    }
    default:
      return seconds === null ? null : `${fixed(seconds, 1)} s`;
  }
}

/** A test found by its event: same kind, same beginning. */
export function isOfEvent(run: { event: GaitEvent | null }, event: GaitEvent): boolean {
  return run.event !== null && run.event.kind === event.kind && Math.abs(run.event.time_s - event.time_s) < 0.05;
}
