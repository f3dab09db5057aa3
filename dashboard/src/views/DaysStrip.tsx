/** Walking time of the last four weeks and this day, one column each; the same as a table on demand. */

import { DASH, duration, fixed, minutes, whole } from "../format";
import { LEAST_RECORDED_S } from "../people/compare";
import { shortDay } from "../people/days";
import { OnDemand } from "./OnDemand";
import type { DaySummary, UsualDay } from "../wire/people";

const WIDTH = 580;
const HEIGHT = 84;
const BOTTOM = 74;
const BAR = 13;

interface Props {
  days: DaySummary[];
  usual: UsualDay | null;
  id: number;
}

export function DaysStrip({ days, usual, id }: Props) {
  return (
    <section class="panel" aria-labelledby="strip-heading">
      <h2 id="strip-heading">Four weeks</h2>
      <p class="panel-note">
        Walking time of each day{usual?.walking_s ? "; shaded: what is usual" : ""}. Pale: less than an hour recorded. A
        small line: nothing recorded.
      </p>
      <Columns days={days} usual={usual} />
      <OnDemand title="These days as a table">{() => <DayTable days={days} id={id} />}</OnDemand>
    </section>
  );
}

function Columns({ days, usual }: Pick<Props, "days" | "usual">) {
  const most_s = Math.max(...days.map((day) => day.walking_s ?? 0));
  const top_s = Math.max(most_s, usual?.walking_s?.high ?? 0, 60);
  const y = (seconds: number): number => BOTTOM - (seconds / top_s) * (BOTTOM - 4);
  const step = WIDTH / Math.max(1, days.length);
  const first = days[0];
  const last = days.at(-1);
  const range = usual?.walking_s;
  return (
    <figure class="days-strip">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Walking time of ${days.length} days, the most ${minutes(most_s)} minutes. A table of them can be opened.`}
      >
        {range && <rect class="days-usual" x={0} width={WIDTH} y={y(range.high)} height={Math.max(1, y(range.low) - y(range.high))} />}
        {range && <path class="days-median" vector-effect="non-scaling-stroke" d={`M0 ${y(range.median).toFixed(1)}H${WIDTH}`} />}
        <path class="days-ground" vector-effect="non-scaling-stroke" d={`M0 ${BOTTOM + 0.5}H${WIDTH}`} />
        {days.map((day, i) => {
          const x = i * step + (step - BAR) / 2;
          const chosen = i === days.length - 1;
          if (day.walking_s === null) {
            return <path key={day.date} class="days-none" vector-effect="non-scaling-stroke" d={`M${x.toFixed(1)} ${BOTTOM + 5}h${BAR}`} />;
          }
          const top = Math.min(BOTTOM - 1.5, y(day.walking_s));
          return (
            <rect
              key={day.date}
              class="days-bar"
              data-short={day.recorded_s < LEAST_RECORDED_S}
              data-chosen={chosen}
              x={x.toFixed(1)}
              width={BAR}
              y={top.toFixed(1)}
              height={(BOTTOM - top).toFixed(1)}
            />
          );
        })}
      </svg>
      <figcaption aria-hidden="true">
        <span>{first ? shortDay(first.date) : ""}</span>
        <span>most: {minutes(most_s)} min</span>
        <span>{last ? shortDay(last.date) : ""}</span>
      </figcaption>
    </figure>
  );
}

function DayTable({ days, id }: { days: DaySummary[]; id: number }) {
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label="Days">
      <table class="plain-table">
        <caption class="visually-hidden">Days, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Recorded</th>
            <th scope="col">Walking, min</th>
            <th scope="col">Steps</th>
            <th scope="col">Walks</th>
            <th scope="col">Longest</th>
            <th scope="col">Typical speed, m/s</th>
          </tr>
        </thead>
        <tbody>
          {[...days].reverse().map((day) => (
            <tr key={day.date}>
              <th scope="row">
                <a class="button-quiet" href={`/people/${id}/today?date=${day.date}`}>
                  {shortDay(day.date)}
                </a>
              </th>
              <td>{day.recorded_s === 0 ? "nothing" : duration(day.recorded_s)}</td>
              <td>{day.walking_s === null ? DASH : minutes(day.walking_s)}</td>
              <td>{whole(day.steps)}</td>
              <td>{whole(day.bouts)}</td>
              <td>{duration(day.longest_bout_s)}</td>
              <td>{fixed(day.median_speed_mps, 2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
