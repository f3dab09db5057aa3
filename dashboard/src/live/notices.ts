/** The notices that are open, as the live connection tells them. */

import type { Notice } from "../wire/care";

export class LiveNotices {
  private known = new Map<string, Notice>();

  /** What is open at the beginning of a connection. */
  greet(notices: readonly Notice[]): void {
    this.known = new Map(notices.filter((notice) => notice.open).map((notice) => [notice.id, notice]));
  }

  /** Returns whether it is for people to hear of from now on, and not only on a screen. */
  take(notice: Notice): boolean {
    const before = this.known.get(notice.id);
    if (notice.open) this.known.set(notice.id, notice);
    else this.known.delete(notice.id);
    const told = notice.open && notice.level !== "screen" && notice.kind !== "advice";
    return told && (before === undefined || before.level === "screen");
  }

  /** Those that are for a screen: what a person has to hear of first, then the oldest. Notes are not technical. */
  shown(): Notice[] {
    const technical = [...this.known.values()].filter((notice) => notice.kind !== "advice");
    return technical.sort((a, b) => Number(a.level === "screen") - Number(b.level === "screen") || a.at.localeCompare(b.at));
  }
}
