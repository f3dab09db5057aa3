/** The day's totals, each beside what is usual for this person. */

import { DASH, duration, fixed, minutes, whole } from "../format";
import { scaleOf, standing, standingWords } from "../people/compare";
import type { Day, Usual } from "../wire/people";

interface Row {
  id: string;
  name: string;
  unit: string;
  value: number | null;
  usual: Usual | null;
  show: (value: number) => string;
  /** Why there is none. */
  unknown: string;
}

function rowsOf(day: Day): Row[] {
  const usual = day.usual;
  return [
    { id: "walking", name: "Walking time", unit: "min", value: day.walking_s, usual: usual?.walking_s ?? null, show: minutes, unknown: "not recorded" },
    { id: "day-steps", name: "Steps", unit: "", value: day.steps, usual: usual?.steps ?? null, show: whole, unknown: "not recorded" },
    { id: "day-bouts", name: "Walks", unit: "", value: day.bouts, usual: usual?.bouts ?? null, show: whole, unknown: "not recorded" },
    { id: "longest", name: "Longest walk", unit: "", value: day.longest_bout_s, usual: usual?.longest_bout_s ?? null, show: duration, unknown: "no walk" },
    {
      id: "median-speed",
      name: "Typical speed",
      unit: "m/s",
      value: day.median_speed_mps,
      usual: usual?.median_speed_mps ?? null,
      show: (value) => fixed(value, 2),
      unknown: "not known",
    },
    { id: "distance", name: "Distance", unit: "m", value: day.distance_m, usual: null, show: whole, unknown: "not known" },
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
  const { id, name, unit, value, usual, show, unknown } = row;
  const unitAfter = unit === "" ? "" : ` ${unit}`;
  // A typical speed does not grow during the day as a total does.
  const grows = id !== "median-speed";
  const words = standingWords(standing(value, usual, recorded_s, isToday && grows));
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
          {value === null && `${unknown}. `}
          {words}
          {usual !== null && ` Usually ${show(usual.median)}${unitAfter}, most often ${show(usual.low)} to ${show(usual.high)}.`}
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
