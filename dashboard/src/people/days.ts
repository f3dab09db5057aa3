/** Days of the calendar where the reader is, written YYYY-MM-DD. */

const DAY_MS = 86_400_000;

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** The local day of this moment. */
export function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** Whether this names a day that there is. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && shiftDay(text, 0) === text;
}

/** So many days later, or earlier where `by` is negative. */
export function shiftDay(day: string, by: number): string {
  return new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10);
}

/** Local time less UTC at noon of that day, in minutes: clocks change at night. */
export function utcOffset_min(day: string): number {
  return -new Date(`${day}T12:00:00`).getTimezoneOffset();
}

const LONG = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const SHORT = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

/** Wednesday 25 November 2026 */
export function longDay(day: string): string {
  return LONG.format(Date.parse(day));
}

/** Wed 25 Nov */
export function shortDay(day: string): string {
  return SHORT.format(Date.parse(day));
}
