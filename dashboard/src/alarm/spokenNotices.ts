/** What the wearer's own device says about the sensor: calm, once, never like an alarm. */

import { nameKey } from "../people/known";
import type { Care } from "../wire/alerts";
import type { Notice } from "../wire/care";

/** What the wearer can do something about; a full disk is nothing for them. */
const WORDS: Record<string, string> = {
  no_data: "I hear nothing from your sensor. Please see whether it is switched on and near. There is no hurry.",
  not_worn: "Your sensor is not being worn. Please put it on again when you are up.",
  battery: "The battery of your sensor is low. Please charge it when it suits you.",
};

const KEY = "surefoot.said-notices";
const KEPT = 50;

/** Null where a notice is nothing for this wearer's ears. */
export function noticeWords(notice: Notice, name: string): string | null {
  if (!notice.open || notice.level === "screen" || nameKey(notice.person) !== nameKey(name)) return null;
  return WORDS[notice.kind] ?? null;
}

/** The first that has not been said yet, the oldest first. */
export function nextToSay(notices: readonly Notice[], name: string, said: ReadonlySet<string>): Notice | null {
  const new_ = notices.filter((notice) => noticeWords(notice, name) !== null && !said.has(notice.id));
  return new_.sort((a, b) => a.at.localeCompare(b.at))[0] ?? null;
}

/** Remembered by this browser, so that a reload says nothing a second time. */
export const saidNotices = (): Set<string> => new Set((localStorage.getItem(KEY) ?? "").split(" "));

export function rememberSaid(id: string): void {
  localStorage.setItem(KEY, [...saidNotices(), id].filter((one) => one !== "").slice(-KEPT).join(" "));
}

/** Whether it is one of a care plan's quiet hours; they may go over midnight. */
export function isQuiet({ quiet_from, quiet_until }: Pick<Care, "quiet_from" | "quiet_until">, at: Date): boolean {
  if (quiet_from === null || quiet_until === null) return false;
  const now = `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
  return quiet_from <= quiet_until ? quiet_from <= now && now < quiet_until : now >= quiet_from || now < quiet_until;
}
