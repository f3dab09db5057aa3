/** Numbers and times as people read them; a dash for what is not known. */

export const DASH = "–";

/** 0:07, 12:34, 1:02:03 */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

/** 42 s, 3 min 05 s, 1 h 02 min */
export function duration(seconds: number | null): string {
  if (seconds === null) return DASH;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** How long ago, in the largest unit that fits: 12 s, 3 min, 2 h. */
export function age(seconds: number | null): string {
  if (seconds === null) return DASH;
  if (seconds < 1) return "under 1 s";
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

/** 0:42 min, one figure that compares well down a column. */
export function minutes(seconds: number): string {
  return seconds === 0 ? "0" : (seconds / 60).toFixed(1);
}

export function whole(value: number | null): string {
  return value === null ? DASH : Math.round(value).toLocaleString("en-GB");
}

export function fixed(value: number | null, digits: number): string {
  return value === null ? DASH : value.toFixed(digits).replace("-", "−");
}

/** With a capital letter and a full stop. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}

/** A fraction as the number before a per cent sign. */
export function share(fraction: number | null, digits: number): string {
  return fixed(fraction === null ? null : 100 * fraction, digits);
}

export function milliseconds(seconds: number | null): string {
  return fixed(seconds === null ? null : 1000 * seconds, 0);
}

export function percent(fraction: number | null): string {
  if (fraction === null) return DASH;
  if (fraction === 0) return "0 %";
  const value = fraction * 100;
  return value < 0.1 ? "< 0.1 %" : `${value.toFixed(value < 10 ? 1 : 0)} %`;
}

const DATE = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", year: "numeric" });
const SHORT_DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

export function date(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? DASH : DATE.format(moment);
}

/** 20 Nov 2026, for columns. */
export function shortDate(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? DASH : SHORT_DATE.format(moment);
}

export function timeOfDay(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? DASH : TIME.format(moment);
}
