/** A walk test: laps and rests over time, figures so far, minute by minute, stride times. */

import { StrideStrip, StrideTable } from "../../chart/StrideStrip";
import { DASH, clockTime, duration, fixed, whole } from "../../format";
import { lengthEnds_s, minuteRows } from "../../watch/moment";
import { WALK_LIMITS_S, startOf, whenWords } from "../../watch/look";
import { OnDemand } from "../OnDemand";
import { MinuteBars } from "./MinuteBars";
import type { Look } from "../../watch/look";
import type { Progress } from "../../wire/tests";


export function WalkView({ look }: { look: Look }) {
  const { progress, event, run } = look;
  const start_s = startOf(run, progress, event);
  const at_s = look.at_s ?? start_s ?? 0;
  const until_s = Math.min(at_s, event?.end_s ?? at_s);
  const limit_s = WALK_LIMITS_S[run.protocol] ?? null;
  const rows = progress === null ? [] : minuteRows(progress, event);
  const name = run.person || "the person";
  return (
    <>
      <WalkFigures progress={progress} when={whenWords(look)} live={look.live} course_m={run.course_length_m} />
      {start_s !== null && (
        <Course
          progress={progress}
          turns_s={lengthEnds_s(look.source.marks, start_s, until_s)}
          start_s={start_s}
          at_s={until_s}
          whole_s={limit_s ?? Math.max(20, (event?.end_s ?? until_s) - start_s)}
          counted={run.course_length_m !== null}
        />
      )}
      {limit_s !== null && <MinuteBars rows={rows} minutes={limit_s / 60} live={look.live} />}
      <StrideStrip source={look.source} name={name} edge={look.live ? "now" : clockTime(at_s - (start_s ?? 0))} />
      <OnDemand title="Stride times as a table">{() => <StrideTable source={look.source} edge_s={at_s} />}</OnDemand>
    </>
  );
}

interface FiguresProps {
  progress: Progress | null;
  /** What the figures are of: so far, by then, in all. */
  when: string;
  live: boolean;
  course_m: number | null;
}

function WalkFigures({ progress, when, live, course_m }: FiguresProps) {
  const figures: [string, string, string][] = [
    ["Distance", progress?.distance_m == null ? DASH : `${whole(progress.distance_m)} m`, when],
    ["Whole lengths", progress?.laps == null ? DASH : String(progress.laps), course_m === null ? "no known course" : `of ${course_m} m`],
    ["Rests", progress === null ? DASH : String(progress.rests.length), progress?.resting ? "resting now" : restsWords(progress)],
  ];
  if (live) figures.push(["Cadence", progress?.cadence_spm == null ? DASH : whole(progress.cadence_spm), "steps/min now"]);
  return (
    <dl class="figures test-figures">
      {figures.map(([name, value, note]) => (
        <div key={name} class="figure">
          <dt>{name}</dt>
          <dd>
            <span class="figure-value" data-unknown={value === DASH}>
              {value}
            </span>
            <span class="figure-note" data-alert={note === "resting now"}>
              {note}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function restsWords(progress: Progress | null): string {
  const rested_s = (progress?.rests ?? []).reduce((sum, rest) => sum + (rest.end_s ?? rest.start_s) - rest.start_s, 0);
  return rested_s > 0 ? `${duration(rested_s)} together` : "none";
}

interface CourseProps {
  progress: Progress | null;
  turns_s: readonly number[];
  start_s: number;
  at_s: number;
  whole_s: number;
  /** Turns end lengths of a corridor that is known. */
  counted: boolean;
}

/** The walk over time: a line for every turn, rests hatched, the part to come empty. */
function Course({ progress, turns_s, start_s, at_s, whole_s, counted }: CourseProps) {
  const share = (seconds: number): string => `${(100 * Math.min(1, Math.max(0, seconds / whole_s))).toFixed(2)}%`;
  const rests = progress?.rests ?? [];
  return (
    <section class="course" aria-labelledby="course-heading">
      <h2 id="course-heading">{counted ? "Lengths and rests" : "Turns and rests"}</h2>
      <div class="course-bar" aria-hidden="true">
        <span class="course-walked" style={{ width: share(at_s - start_s) }} />
        {rests.map((rest) => (
          <span
            key={rest.start_s}
            class="course-rest"
            style={{ left: share(rest.start_s - start_s), width: share((rest.end_s ?? at_s) - rest.start_s) }}
          />
        ))}
        {turns_s.map((turn_s) => (
          <span key={turn_s} class="course-turn" style={{ left: share(turn_s - start_s) }} />
        ))}
      </div>
      <p class="course-axis" aria-hidden="true">
        <span>0:00</span>
        <span>{clockTime(whole_s / 2)}</span>
        <span>{clockTime(whole_s)}</span>
      </p>
      <p class="course-words">
        {turns_s.length === 0 ? "No turn yet." : `${turns_s.length} turn${turns_s.length === 1 ? "" : "s"}, the last at ${clockTime((turns_s.at(-1) as number) - start_s)}.`}
        {rests.map((rest) => (
          <span key={rest.start_s}>
            {" "}
            Rest from {clockTime(rest.start_s - start_s)}
            {rest.end_s === null ? " on." : ` for ${duration(rest.end_s - rest.start_s)}.`}
          </span>
        ))}
      </p>
      <OnDemand title="Turns as a table">
        {() => (
          <table class="plain-table">
            <caption class="visually-hidden">Turns of the walk</caption>
            <thead>
              <tr>
                <th scope="col">Turn</th>
                <th scope="col">At</th>
                <th scope="col">Since the one before</th>
              </tr>
            </thead>
            <tbody>
              {turns_s.map((turn_s, i) => (
                <tr key={turn_s}>
                  <th scope="row">{i + 1}</th>
                  <td>{clockTime(turn_s - start_s)}</td>
                  <td>{fixed(turn_s - (turns_s[i - 1] ?? start_s), 1)} s</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </OnDemand>
    </section>
  );
}
