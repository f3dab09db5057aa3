/** Name, navigation, connection and colour choice, on every page. */

import { useState } from "preact/hooks";
import { hasLoggedIn, logOut } from "../api";
import { go } from "../router";
import { chooseTheme, theme } from "../theme";
import { AutoIcon, Logo, MoonIcon, SunIcon } from "./icons";
import type { LiveStore } from "../live/store";
import type { Route } from "../router";
import type { Theme } from "../theme";

const NEXT: Record<Theme, Theme> = { auto: "light", light: "dark", dark: "auto" };
const THEME_WORDS: Record<Theme, string> = { auto: "as the system", light: "light", dark: "dark" };

function ThemeButton() {
  const [chosen, setChosen] = useState(theme());
  const next = NEXT[chosen];
  return (
    <button
      type="button"
      class="button-icon"
      title={`Colours: ${THEME_WORDS[chosen]}`}
      aria-label={`Colours: ${THEME_WORDS[chosen]}. Change to ${THEME_WORDS[next]}.`}
      onClick={() => {
        chooseTheme(next);
        setChosen(next);
      }}
    >
      {chosen === "auto" ? <AutoIcon /> : chosen === "light" ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}

function Connection({ store }: { store: LiveStore }) {
  const words = { waiting: "Connecting", fresh: "Connected", stale: "No connection" }[store.freshness];
  return (
    <span class="connection" data-freshness={store.freshness}>
      <span class="dot" aria-hidden="true" />
      {words}
    </span>
  );
}

export function Header({ route, store }: { route: Route; store: LiveStore }) {
  const inside = route.page !== "login";
  const waiting = store.alerts.waiting();
  const current = (...pages: Route["page"][]): "page" | undefined => (pages.includes(route.page) ? "page" : undefined);
  return (
    <header class="header">
      <a class="brand" href="/" aria-label="Surefoot, live page">
        <Logo />
        <span>Surefoot</span>
      </a>
      {inside && (
        <nav aria-label="Pages">
          <a href="/" aria-current={current("live")}>
            Live
          </a>
          <a href="/sessions" aria-current={current("sessions", "replay")}>
            Sessions
          </a>
          <a href="/people" aria-current={current("people", "person", "day", "calibrate")}>
            People
          </a>
          <a href="/tests" aria-current={current("tests", "choose-test", "test", "watch")}>
            Tests
          </a>
          <a href="/alerts" aria-current={current("alerts", "alert", "care", "happened")}>
            Alarms
            {waiting > 0 && (
              <span class="nav-count">
                {waiting}
                <span class="visually-hidden"> not taken</span>
              </span>
            )}
          </a>
        </nav>
      )}
      <div class="header-end">
        {inside && <Connection store={store} />}
        <ThemeButton />
        {inside && hasLoggedIn() && (
          <button type="button" class="button-quiet" onClick={() => void logOut().then(() => go("/login"))}>
            Log out
          </button>
        )}
      </div>
    </header>
  );
}
