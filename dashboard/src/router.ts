/** Which page the address stands for, without reloading. */

import { useEffect, useState } from "preact/hooks";
import { isDay } from "./people/days";

export type Route =
  | { page: "live"; focus: string | null }
  | { page: "sessions"; offset: number }
  | { page: "replay"; id: string; at_s: number | null }
  | { page: "people"; add: string }
  | { page: "person"; id: number }
  | { page: "day"; id: number; date: string | null }
  | { page: "calibrate"; id: number; session: string | null }
  | { page: "choose-test"; session: string | null; protocol: string | null }
  | { page: "test"; id: string }
  | { page: "tests"; person: string | null }
  | { page: "watch"; id: string }
  | { page: "alerts"; person: string | null }
  | { page: "alert"; id: string }
  | { page: "happened" }
  | { page: "care"; person: string }
  | { page: "stumbles"; person: string; date: string | null }
  | { page: "login" }
  | { page: "unknown" };

/** A moment of a session, in seconds; null when the address names none. */
function momentOf(text: string | null): number | null {
  const at_s = text === null || text === "" ? NaN : Number(text);
  return Number.isFinite(at_s) ? at_s : null;
}

function personRoute(id: string, place: string | undefined, query: URLSearchParams): Route {
  if (!/^[1-9]\d{0,15}$/.test(id)) return { page: "unknown" };
  const date = query.get("date");
  if (place === undefined) return { page: "person", id: Number(id) };
  if (place === "today") return { page: "day", id: Number(id), date: date !== null && isDay(date) ? date : null };
  if (place === "calibrate") return { page: "calibrate", id: Number(id), session: query.get("session") };
  return { page: "unknown" };
}

function testRoute([page, id, ...more]: string[], query: URLSearchParams): Route {
  if (more.length > 0) return { page: "unknown" };
  if (page === "tests") return id === undefined ? { page, person: query.get("person") || null } : { page: "unknown" };
  if (page === "test") {
    if (id !== undefined) return { page, id: decodeURIComponent(id) };
    return { page: "choose-test", session: query.get("session"), protocol: query.get("protocol") };
  }
  return page === "watch" && id !== undefined ? { page, id: decodeURIComponent(id) } : { page: "unknown" };
}

function stumblesRoute(query: URLSearchParams): Route {
  const person = query.get("person");
  const date = query.get("date");
  if (person === null || person === "") return { page: "unknown" };
  return { page: "stumbles", person, date: date !== null && isDay(date) ? date : null };
}

export function routeOf(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return { page: "live", focus: query.get("focus") };
  if (parts.length === 1 && parts[0] === "login") return { page: "login" };
  if (parts[0] === "sessions") {
    if (parts.length === 1) return { page: "sessions", offset: Math.max(0, Number(query.get("offset")) || 0) };
    if (parts.length === 2) {
      return { page: "replay", id: decodeURIComponent(parts[1] as string), at_s: momentOf(query.get("at")) };
    }
  }
  if (parts[0] === "people") {
    if (parts.length === 1) return { page: "people", add: query.get("add") ?? "" };
    if (parts.length <= 3) return personRoute(parts[1] as string, parts[2], query);
  }
  if (parts.length === 1 && parts[0] === "stumbles") return stumblesRoute(query);
  return alarmRoute(parts, query) ?? testRoute(parts, query);
}

function alarmRoute(parts: string[], query: URLSearchParams): Route | null {
  const [page, id] = parts;
  if (page === "alerts" && parts.length === 1) return { page, person: query.get("person") || null };
  if (page === "alerts" && parts.length === 2) return { page: "alert", id: decodeURIComponent(id as string) };
  if (page === "what-happened" && parts.length === 1) return { page: "happened" };
  if (page === "care" && parts.length === 1) return { page, person: query.get("person") ?? "" };
  return null;
}

const listeners = new Set<() => void>();

export function go(url: string, replace = false): void {
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  for (const listener of listeners) listener();
}

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.pathname, location.search));
  useEffect(() => {
    const read = (): void => setRoute(routeOf(location.pathname, location.search));
    listeners.add(read);
    window.addEventListener("popstate", read);
    return () => {
      listeners.delete(read);
      window.removeEventListener("popstate", read);
    };
  }, []);
  return route;
}

/** Follows an ordinary click on a link of ours without reloading the page. */
export function followInside(click: MouseEvent): void {
  if (click.defaultPrevented || click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) {
    return;
  }
  const link = (click.target as Element).closest("a");
  if (!link || link.target !== "" || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname.startsWith("/api/") || (link.hash !== "" && link.pathname === location.pathname)) return;
  click.preventDefault();
  go(link.pathname + link.search);
}

/** To the log-in, and back here afterwards. */
export function toLogin(): void {
  if (location.pathname === "/login") return;
  go(`/login?to=${encodeURIComponent(location.pathname + location.search)}`, true);
}
