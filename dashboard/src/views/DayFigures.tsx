/** The day's totals, each beside what is usual for this person. */

import { DASH, duration, fixed, minutes, whole } from "../format";
import { scaleOf, standing, standingWords } from "../people/compare";
import type { Kind } from "../people/compare";
import type { Day, Usual } from "../wire/people";

interface Row {
  id: string;
  name: string;
  unit: string;
  kind: Kind;
  value: number | null;
  usual: Usual | null;
  show: (value: number) => string;
  /** Why there is none. */
  unknown: string;
}

function rowsOf(day: Day): Row[] {
  const of = (field: "walking_s" | "steps" | "bouts" | "longest_bout_s" | "median_speed_mps") => ({
    value: day[field],
    usual: day.usual?.[field] ?? null,
    unknown: "Not recorded.",
  });
  const metres = (value: number): string => fixed(value, 2);
  return [
    { id: "walking", name: "Walking time", unit: "min", kind: "amount", show: minutes, ...of("walking_s") },
    { id: "day-steps", name: "Steps", unit: "", kind: "amount", show: whole, ...of("steps") },
    { id: "day-bouts", name: "Walks", unit: "", kind: "amount", show: whole, ...of("bouts") },
    { id: "longest", name: "Longest walk", unit: "", kind: "duration", show: duration, ...of("longest_bout_s"), unknown: "No walk." },
    { id: "median-speed", name: "Typical speed", unit: "m/s", kind: "speed", show: metres, ...of("median_speed_mps"), unknown: "Not known." },
    { id: "distance", name: "Distance", unit: "m", kind: "amount", show: whole, value: day.distance_m, usual: null, unknown: "Not known." },
  ];
}

export function DayFigures({ day, isToday }: { day: Day; isToday: boolean }) {
  return (
    <section class="panel" aria-labelledby="day-figures-heading">
      <h2 id="day-figures-heading">How much</h2>
      <p class="panel-note" data-testid="compared-with">
        {day.usual === null
          ? "Not enough days yet to compare: it takes three days with an hour recorded on each."
          : `The bar shows what is usual: half of the ${day.usual.days} days compared lie in it, the line is the middle one, the dot this day.`}
      </p>
      <dl class="day-figures">
        {rowsOf(day).map((row) => (
          <DayFigure key={row.id} row={row} recorded_s={day.recorded_s} isToday={isToday} />
        ))}
      </dl>
    </section>
  );
}

function DayFigure({ row, recorded_s, isToday }: { row: Row; recorded_s: number; isToday: boolean }) {
  const { id, name, unit, kind, value, usual, show, unknown } = row;
  const unitAfter = unit === "" ? "" : ` ${unit}`;
  // A typical speed does not grow during the day as a total does.
  const grows = kind !== "speed";
  const words = standingWords(standing(value, usual, recorded_s, isToday && grows), kind);
  return (
    <div class="day-figure">
      <dt>{name}</dt>
      <dd>
        <span class="figure-value" data-testid={id} data-unknown={value === null}>
          {value === null ? DASH : show(value)}
          {value !== null && unit !== "" && <small>{unitAfter}</small>}
        </span>
        {usual !== null && <UsualBar value={value} usual={usual} />}
        <span class="figure-note">
          {value === null && `${unknown} `}
          {words}
          {usual !== null && ` Usually ${show(usual.low)} to ${show(usual.high)}${unitAfter}, in the middle ${show(usual.median)}.`}
        </span>
      </dd>
    </div>
  );
}

function UsualBar({ value, usual }: { value: number | null; usual: Usual }) {
  const scale = scaleOf(value, usual);
  const at = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return (
    <span class="usual" aria-hidden="true">
      <span class="usual-range" style={{ left: at(scale.low), width: at(Math.max(0.01, scale.high - scale.low)) }} />
      <span class="usual-median" style={{ left: at(scale.median) }} />
      {scale.value !== null && <span class="usual-value" style={{ left: at(scale.value) }} />}
    </span>
  );
}
