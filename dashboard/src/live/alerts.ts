/** The alerts that are open, as the live connection tells them, and how long it is until they go on. */

import type { Alert } from "../wire/alerts";

/** What is over stays for a while, so that whoever was asked sees how it ended. */
const KEPT = 30;

export interface LiveAlert {
  alert: Alert;
  /** When it came, on the page's clock (ms). */
  heardAt_ms: number;
}

export const isOpen = (alert: Pick<Alert, "state">): boolean => alert.state !== "resolved";

/** Nobody has taken it, and it is no test. */
export const needsSomebody = (alert: Pick<Alert, "state" | "kind">): boolean =>
  isOpen(alert) && alert.state !== "acknowledged" && alert.kind !== "test";

export class LiveAlerts {
  private readonly known = new Map<string, LiveAlert>();

  /** Returns whether a reader should see it at once. A word older than the last one is left out. */
  take(alert: Alert, now_ms: number): boolean {
    const before = this.known.get(alert.id)?.alert;
    if (before && alert.now < before.now) return false;
    this.known.delete(alert.id);
    this.known.set(alert.id, { alert, heardAt_ms: now_ms });
    for (const [id, one] of this.known) {
      if (this.known.size <= KEPT) break;
      if (!isOpen(one.alert)) this.known.delete(id);
    }
    return before?.state !== alert.state || before.loud !== alert.loud;
  }

  /** The open alerts as a greeting lists them: what it does not name is over. */
  greet(alerts: Alert[], now_ms: number): void {
    const present = new Set(alerts.map(({ id }) => id));
    for (const [id, one] of this.known) if (isOpen(one.alert) && !present.has(id)) this.known.delete(id);
    for (const alert of alerts) this.take(alert, now_ms);
  }

  get(id: string): LiveAlert | undefined {
    return this.known.get(id);
  }

  all(): LiveAlert[] {
    return [...this.known.values()];
  }

  open(): LiveAlert[] {
    return this.all().filter(({ alert }) => isOpen(alert));
  }

  waiting(): number {
    return this.all().filter(({ alert }) => needsSomebody(alert)).length;
  }
}

/** Seconds until an alert goes on by itself, null where it waits for people. */
export function left_s({ alert, heardAt_ms }: LiveAlert, now_ms: number): number | null {
  return alert.next_in_s === null ? null : Math.max(0, alert.next_in_s - (now_ms - heardAt_ms) / 1000);
}

/** How much of the time until an alert goes on is left, from 1 to 0; null where nothing is counted down. */
export function leftShare(live: LiveAlert, now_ms: number): number | null {
  const left = left_s(live, now_ms);
  if (left === null) return null;
  const { now, since, next_in_s } = live.alert;
  const whole_s = (Date.parse(now) - Date.parse(since)) / 1000 + (next_in_s ?? 0);
  return whole_s > 0 ? Math.min(1, left / whole_s) : 0;
}

/** Seconds since a moment that an alert names, by the server's clock and this page's. */
export function ago_s({ alert, heardAt_ms }: LiveAlert, at: string | null, now_ms: number): number | null {
  const then_ms = Date.parse(at ?? "");
  return Number.isNaN(then_ms) ? null : Math.max(0, (Date.parse(alert.now) - then_ms + now_ms - heardAt_ms) / 1000);
}
