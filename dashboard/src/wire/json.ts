/** Reading JSON from the server without trusting it: what is missing or of another type is not known. */

export type Json = Record<string, unknown>;

export const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};

export const text = (value: unknown, otherwise = ""): string => (typeof value === "string" ? value : otherwise);

export const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);

export const numberOrNull = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;

export const number = (value: unknown): number => numberOrNull(value) ?? 0;

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const texts = (value: unknown): string[] => list(value).filter((it) => typeof it === "string");

/** Null for what is null or missing, else what `read` makes of it. */
export const orNull = <T>(value: unknown, read: (value: unknown) => T): T | null =>
  value === null || value === undefined ? null : read(value);
