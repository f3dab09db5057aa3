/** One day of one person: how much, how long at a time and how fast they walked, against the four weeks before. */

import { useEffect, useState } from "preact/hooks";
import { ApiError, getDay, getPerson } from "../api";
import { clockTime, duration, fixed, timeOfDay, whole } from "../format";
import { wornLess } from "../people/compare";
import { dayOf, longDay, utcOffset_min } from "../people/days";
import { toLogin } from "../router";
import { positionWords } from "../words";
import { DayFigures } from "./DayFigures";
import { DaySwitcher } from "./DaySwitcher";
import { DaysStrip } from "./DaysStrip";
import { LengthBars, SpeedBars } from "./DayBars";
import { PersonHead } from "./PersonHead";
import { Refused } from "./Refused";
import type { Day, Person } from "../wire/people";

/** So often a day that is not over is fetched again while somebody looks. */
const REFRESH_MS = 20_000;

interface Shown {
  person: Person;
  day: Day;
}

export function DayPage({ id, date }: { id: number; date: string | null }) {
  const today = dayOf(new Date());
  const wanted = date ?? today;
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const abort = new AbortController();
    Promise.all([getPerson(id, abort.signal), getDay(id, wanted, utcOffset_min(wanted), abort.signal)]).then(
      ([person, day]) => {
        setShown({ person, day });
        setProblem(null);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (error.status === 401) toLogin();
        else setProblem(error);
      },
    );
    const again = wanted === today ? setTimeout(() => setAttempt(attempt + 1), REFRESH_MS) : undefined;
    return () => {
      clearTimeout(again);
      abort.abort();
    };
  }, [id, wanted, today, attempt]);

  if (problem && (shown === null || problem.status === 404)) {
    return <Refused problem={problem} missing="There is no such person" onAgain={() => setAttempt(attempt + 1)} />;
  }
  if (!shown) return <p class="loading">Loading the day…</p>;
  const { person, day } = shown;
  return (
    <>
      <PersonHead person={person} page="day" />
      {problem && (
        <p class="notice" data-tone="bad" role="alert">
          {problem.message} What you see may be out of date.
        </p>
      )}
      <DaySwitcher id={id} date={wanted} today={today} />
      <div class="day" data-loading={day.date !== wanted} aria-busy={day.date !== wanted}>
        <h2 class="day-date">{day.date === today ? `Today, ${longDay(day.date)}` : longDay(day.date)}</h2>
        <Recorded day={day} />
        {day.recorded_s > 0 && (
          <>
            <DayFigures day={day} isToday={day.date === today} />
            <div class="day-parts">
              <LengthBars classes={day.by_length} />
              <SpeedBars speeds={day.speeds} personId={id} />
            </div>
          </>
        )}
        <DaysStrip days={day.days} usual={day.usual} id={id} />
        <div class="day-parts">
          <Longest day={day} />
          <DaySessions day={day} />
        </div>
      </div>
    </>
  );
}

function Recorded({ day }: { day: Day }) {
  if (day.recorded_s === 0) {
    return (
      <p class="notice" data-tone="quiet" data-testid="nothing-recorded">
        No sensor was worn on this day. That says nothing about how much was walked.
      </p>
    );
  }
  const usual = day.usual?.recorded_s;
  return (
    <p class="day-recorded">
      Recorded for {duration(day.recorded_s)}.
      {usual && ` Usually ${duration(usual.median)}.`}
      {wornLess(day) && " The sensor was worn for less time than usual, so totals may be lower for that reason alone."}
    </p>
  );
}

function Longest({ day }: { day: Day }) {
  const longest = day.longest_bout;
  if (longest === null) return null;
  const { session_id, start_s, duration_s, steps, speed_mps } = longest;
  return (
    <section class="panel longest" aria-labelledby="longest-heading">
      <h2 id="longest-heading">Longest walk</h2>
      <p>
        <strong>{duration(duration_s)}</strong>, {whole(steps)} steps
        {speed_mps === null ? ", speed not known" : `, ${fixed(speed_mps, 2)} m/s`}, at {clockTime(start_s)} of its session.
      </p>
      <a class="button" href={`/sessions/${encodeURIComponent(session_id)}?at=${start_s.toFixed(1)}`}>
        Look at this walk
      </a>
    </section>
  );
}

function DaySessions({ day }: { day: Day }) {
  if (day.sessions.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="day-sessions-heading">
      <h2 id="day-sessions-heading">Sessions of this day</h2>
      <ul class="day-sessions">
        {day.sessions.map(({ id, started_at, duration_s, position, simulated }) => (
          <li key={id}>
            <a class="button" href={`/sessions/${encodeURIComponent(id)}`}>
              {timeOfDay(started_at)}, {positionWords(position).toLowerCase()}
            </a>
            <span class="day-session-length">
              {duration(duration_s)}
              {simulated ? ", simulated" : ""}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
