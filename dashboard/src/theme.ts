/** Light or dark: the system's choice unless the reader chose otherwise, kept in this browser. */

export type Theme = "auto" | "light" | "dark";

const KEY = "surefoot-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

function stored(): Theme {
  const value = localStorage.getItem(KEY);
  return value === "light" || value === "dark" ? value : "auto";
}

let chosen: Theme = stored();

function apply(): void {
  const inForce = chosen === "auto" ? (system.matches ? "dark" : "light") : chosen;
  document.documentElement.dataset["theme"] = inForce;
  for (const listener of listeners) listener();
}

export function theme(): Theme {
  return chosen;
}

export function chooseTheme(next: Theme): void {
  chosen = next;
  if (next === "auto") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, next);
  apply();
}

/** Calls back whenever the colours in force may have changed. */
export function onThemeChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

system.addEventListener("change", apply);
apply();
