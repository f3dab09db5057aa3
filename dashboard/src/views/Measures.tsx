/** The rolling figures: three always, the others on demand. */

import { DASH } from "../format";
import { mainMeasures, moreMeasures } from "../measures";
import { Figure } from "./Figures";
import type { MeasureContext } from "../measures";
import type { Rolling } from "../wire/types";

interface Props {
  rolling: Rolling | null;
  context: MeasureContext;
  /** Greyed: from the past. */
  old: boolean;
}

export function MainMeasures({ rolling, context, old }: Props) {
  return (
    <dl class="figures figures-rolling" data-old={old} data-testid="rolling">
      {mainMeasures(rolling, context).map(({ id, name, value, unit, note }) => (
        <Figure key={id} name={name} value={value} unit={unit} unitBeside note={note} testid={id} alert={old} />
      ))}
    </dl>
  );
}

/** What the figures rest on, in one line. */
function basis(rolling: Rolling | null, { when, why }: MeasureContext): string {
  if (rolling === null) return `No figures: ${why}.`;
  const { strides, window_s } = rolling;
  const from = strides === null ? "the last strides" : `the last ${strides} strides`;
  return `From ${from}${window_s === null ? "" : `, over ${Math.round(window_s)} s`}; ${when}.`;
}

export function MoreMeasures({ rolling, context }: Omit<Props, "old">) {
  return (
    <details class="details">
      <summary>More gait figures</summary>
      <p class="details-basis">{basis(rolling, context)}</p>
      <dl class="measures">
        {moreMeasures(rolling, context).map(({ id, name, value, unit, note, meaning }) => (
          <div key={id}>
            <dt>
              {name}
              <span>{meaning}</span>
            </dt>
            <dd>
              <span class="measure-value">{value === DASH ? DASH : `${value}${unit === "" ? "" : ` ${unit}`}`}</span>
              {note !== "" && <span class="measure-note">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
