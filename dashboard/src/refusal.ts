/** The server's refusals as sentences. */

import { sentence } from "./format";

const FIELDS: Record<string, string> = {
  name: "Name",
  height_m: "Height (in metres)",
  sensor_height_m: "Height of the sensor (in metres)",
  age_years: "Age",
  sex: "Sex",
  condition: "Condition",
  distance_m: "Distance (in metres)",
  start_s: "Start",
  end_s: "End",
  session_id: "Session",
  date: "Date",
};

const plain = (words: string): string => words.replace(/^Value error, /, "").trim();

/** One finding about what was sent: `loc` is the way to the field, `msg` what is wrong with it. */
function finding(it: unknown): string | null {
  const { loc, msg } = (typeof it === "object" && it !== null ? it : {}) as { loc?: unknown; msg?: unknown };
  if (typeof msg !== "string") return null;
  const field = FIELDS[String(Array.isArray(loc) ? loc.at(-1) : "")];
  return sentence(field === undefined ? plain(msg) : `${field}: ${plain(msg).replace(/^Input/, "this")}`);
}

/** What a refused request's body says, null where it says nothing that can be read. */
export function refusal(body: unknown): string | null {
  const detail = (typeof body === "object" && body !== null ? (body as { detail?: unknown }) : {}).detail;
  if (typeof detail === "string") return detail;
  if (!Array.isArray(detail)) return null;
  const said = detail.map(finding).filter((it) => it !== null);
  return said.length === 0 ? null : said.join(" ");
}
