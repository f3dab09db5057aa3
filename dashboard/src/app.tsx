/** The frame around every page: header, connection, navigation; the live connection outlives page changes. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import { LiveConnection } from "./live/connection";
import { fillPast } from "./live/history";
import { LiveStore } from "./live/store";
import { followInside, toLogin, useRoute } from "./router";
import { AlertPage } from "./views/AlertPage";
import { AlertsPage } from "./views/AlertsPage";
import { AlarmLayer } from "./views/alarm/Layer";
import { EveningQuestion } from "./views/care/EveningQuestion";
import { NoticeBar } from "./views/care/NoticeBar";
import { StumblesPage } from "./views/care/StumblesPage";
import { CalibratePage } from "./views/CalibratePage";
import { CarePage } from "./views/CarePage";
import { ChooseTestPage } from "./views/ChooseTestPage";
import { DayPage } from "./views/DayPage";
import { HappenedPage } from "./views/HappenedPage";
import { Header } from "./views/Header";
import { Lazily } from "./views/Lazily";
import { LivePage } from "./views/LivePage";
import { LoginPage } from "./views/LoginPage";
import { NotFoundPage } from "./views/NotFoundPage";
import { PeoplePage } from "./views/PeoplePage";
import { PersonPage } from "./views/PersonPage";
import { ReplayPage } from "./views/ReplayPage";
import { SessionsPage } from "./views/SessionsPage";
import { StaleBanner } from "./views/StaleBanner";
import { TestPage } from "./views/TestPage";
import { TestsPage } from "./views/TestsPage";
import { useStore } from "./views/useStore";
import type { Route } from "./router";

const TITLES: Record<Route["page"], string> = {
  live: "Live",
  sessions: "Sessions",
  replay: "Session",
  people: "People",
  person: "Height and calibration",
  day: "Today",
  calibrate: "Calibration walk",
  "choose-test": "Do a test",
  test: "Test",
  tests: "Tests",
  watch: "Watch a test",
  alerts: "Alarms",
  alert: "Alarm",
  happened: "What happened",
  care: "Who is told",
  stumbles: "Possible stumbles",
  login: "Log in",
  unknown: "Not found",
};

const loadWatch = () => import("./views/WatchPage").then((it) => it.WatchPage);

export function App() {
  const route = useRoute();
  const store = useMemo(() => new LiveStore(performance.now(), (live) => void fillPast(live)), []);
  const connection = useMemo(() => new LiveConnection(store, toLogin), [store]);
  const main = useRef<HTMLElement>(null);
  const firstPage = useRef(true);
  useStore(store);

  // The person who does a test sees the test and nothing else.
  const bare = route.page === "choose-test" || route.page === "test";
  const listening = route.page !== "login";
  useEffect(() => {
    if (!listening) return;
    connection.start();
    return () => connection.stop();
  }, [connection, listening]);

  useEffect(() => {
    document.title = `${TITLES[route.page]} · Surefoot`;
    if (firstPage.current) firstPage.current = false;
    else if (route.page !== "login") {
      // A page that gave the focus to a part of itself knows better.
      if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
      window.scrollTo(0, 0);
    }
  }, [route.page]);

  return (
    <div class="app" onClick={followInside}>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      {!bare && <Header route={route} store={store} />}
      {route.page === "live" && <StaleBanner store={store} onTryNow={connection.hurry} />}
      {!bare && listening && <NoticeBar store={store} />}
      {!bare && listening && route.page !== "stumbles" && <EveningQuestion />}
      <main id="main" class="page" tabIndex={-1} ref={main}>
        {route.page === "live" && <LivePage store={store} focus={route.focus} />}
        {route.page === "sessions" && <SessionsPage offset={route.offset} />}
        {route.page === "replay" && <ReplayPage key={`${route.id} ${route.at_s}`} id={route.id} at_s={route.at_s} />}
        {route.page === "people" && <PeoplePage add={route.add} />}
        {route.page === "person" && <PersonPage key={route.id} id={route.id} />}
        {route.page === "day" && <DayPage key={route.id} id={route.id} date={route.date} />}
        {route.page === "calibrate" && <CalibratePage key={route.id} id={route.id} session={route.session} store={store} />}
        {route.page === "choose-test" && (
          <ChooseTestPage key={`${route.session} ${route.protocol}`} session={route.session} protocol={route.protocol} store={store} />
        )}
        {route.page === "test" && <TestPage key={route.id} id={route.id} store={store} />}
        {route.page === "tests" && <TestsPage key={route.person} person={route.person} />}
        {route.page === "watch" && <Lazily key={route.id} load={loadWatch} with={{ id: route.id, store }} />}
        {route.page === "alerts" && <AlertsPage key={route.person} person={route.person} store={store} />}
        {route.page === "alert" && <AlertPage key={route.id} id={route.id} store={store} />}
        {route.page === "happened" && <HappenedPage store={store} />}
        {route.page === "care" && <CarePage key={route.person} person={route.person} />}
        {route.page === "stumbles" && (
          <StumblesPage key={`${route.person} ${route.date}`} person={route.person} date={route.date} />
        )}
        {route.page === "login" && <LoginPage />}
        {route.page === "unknown" && <NotFoundPage />}
      </main>
      {listening && <AlarmLayer store={store} route={route} />}
      <p class="visually-hidden" role="status" aria-live="polite">
        {listening ? store.announcement : ""}
      </p>
    </div>
  );
}
