/** Which page the address stands for, without reloading. */

import { useEffect, useState } from "preact/hooks";

export type Route =
  | { page: "live"; focus: string | null }
  | { page: "sessions"; offset: number }
  | { page: "replay"; id: string }
  | { page: "login" }
  | { page: "unknown" };

export function routeOf(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return { page: "live", focus: query.get("focus") };
  if (parts.length === 1 && parts[0] === "login") return { page: "login" };
  if (parts[0] === "sessions") {
    if (parts.length === 1) return { page: "sessions", offset: Math.max(0, Number(query.get("offset")) || 0) };
    if (parts.length === 2) return { page: "replay", id: decodeURIComponent(parts[1] as string) };
  }
  return { page: "unknown" };
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
