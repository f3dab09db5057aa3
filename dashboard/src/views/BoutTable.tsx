/** Walk by walk: what was measured over each, with its quality and, on demand, the reasons. */

import { DASH, clockTime, duration, fixed, milliseconds, share, whole } from "../format";
import { qualityWords } from "../words";
import type { Walk } from "../live/bouts";

interface Props {
  walks: readonly Walk[];
  /** Newest first, at most so many; null shows all in order of time. */
  newest: number | null;
  /** Goes to a walk's start, where that can be done. */
  onGo?: (to_s: number) => void;
  /** Start of the walk that is being looked at. */
  current_s?: number | null;
}

const COLUMNS = ["Start", "Duration", "Steps", "Cadence", "Stride time", "Variability", "Asymmetry", "Speed", "Stride length", "Quality"];

export function BoutTable({ walks, newest, onGo, current_s = null }: Props) {
  if (walks.length === 0) return <p class="table-empty">No walk has ended yet.</p>;
  const shown = newest === null ? walks : walks.slice(-newest).reverse();
  const hidden = walks.length - shown.length;
  return (
    <div class="bouts-scroll" tabIndex={0} role="region" aria-label="Walks">
      <table class="bouts" role="table">
        <caption class="visually-hidden">Walks, {newest === null ? "in order of time" : "newest first"}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {COLUMNS.map((name) => (
              <th key={name} role="columnheader" scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map((walk) => (
            <BoutRow key={walk.time_s} walk={walk} current={walk.time_s === current_s} {...(onGo ? { onGo } : {})} />
          ))}
        </tbody>
      </table>
      {hidden > 0 && <p class="table-empty">{whole(hidden)} earlier walks are in the recording.</p>}
    </div>
  );
}

/** The value with its unit, a dash without. */
function valued(value: string, unit: string) {
  return value === DASH ? DASH : `${value} ${unit}`;
}

function BoutRow({ walk, current, onGo }: { walk: Walk; current: boolean; onGo?: (to_s: number) => void }) {
  const speed_mps = walk.speed_mps ?? null;
  const error_mps = walk.speed_expected_error_mps ?? null;
  const cv = walk.stride_time_cv ?? null;
  const sd_s = walk.stride_time_sd_s ?? null;
  const start = clockTime(walk.time_s);
  const cells: [name: string, value: string, small?: string][] = [
    ["Duration", duration(walk.end_s - walk.time_s)],
    ["Steps", whole(walk.steps ?? null)],
    ["Cadence", valued(whole(walk.cadence_spm ?? null), "/min")],
    ["Stride time", valued(fixed(walk.stride_time_s ?? null, 2), "s")],
    [
      "Variability",
      valued(share(cv, 1), "%"),
      cv === null ? "" : `${sd_s === null ? "" : `± ${milliseconds(sd_s)} ms, `}n ${walk.strides ?? DASH}`,
    ],
    ["Asymmetry", valued(share(walk.step_time_asymmetry ?? null, 0), "%")],
    ["Speed", valued(fixed(speed_mps, 2), "m/s"), speed_mps === null ? "" : error_mps === null ? "error not known" : `± ${fixed(error_mps, 2)}`],
    ["Stride length", valued(fixed(walk.stride_length_m ?? null, 2), "m")],
  ];
  return (
    <tr role="row" aria-current={current ? "true" : undefined}>
      <th role="rowheader" scope="row">
        {onGo ? (
          <button type="button" class="button-quiet" onClick={() => onGo(walk.time_s)} aria-label={`Go to the walk at ${start}`}>
            {start}
          </button>
        ) : (
          start
        )}
      </th>
      {cells.map(([name, value, small]) => (
        <td key={name} role="cell" data-name={name}>
          {value}
          {small ? <small>{small}</small> : null}
        </td>
      ))}
      <td role="cell" data-name="Quality">
        <Quality walk={walk} />
      </td>
    </tr>
  );
}

function Quality({ walk }: { walk: Walk }) {
  const words = qualityWords(walk.quality ?? null);
  const reasons = walk.quality_reasons ?? [];
  const badge = (
    <span class="badge" data-tone={words.tone}>
      <span class="badge-sign" aria-hidden="true" />
      {words.label}
    </span>
  );
  if (reasons.length === 0) return badge;
  return (
    <details class="quality">
      <summary>{badge}</summary>
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </details>
  );
}
