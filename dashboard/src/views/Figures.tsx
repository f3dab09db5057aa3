/** The big numbers: cadence, steps and the bout in progress, each with its unit and its age. */

import { DASH, clockTime, whole } from "../format";
import type { Bout } from "../wire/types";

interface FigureProps {
  name: string;
  value: string;
  unit?: string;
  /** The unit stands behind the value instead of before the note. */
  unitBeside?: boolean;
  /** One short line under the number: how old it is or why there is none. */
  note: string;
  testid?: string;
  primary?: boolean;
  /** The note says that the number is not of now. */
  alert?: boolean;
}

export function Figure({
  name,
  value,
  unit = "",
  unitBeside = false,
  note,
  testid,
  primary = false,
  alert = false,
}: FigureProps) {
  const known = unit !== "" && value !== DASH;
  return (
    <div class={primary ? "figure figure-primary" : "figure"}>
      <dt>{name}</dt>
      <dd>
        <span class="figure-value" data-testid={testid} data-unknown={value === DASH}>
          {value}
          {known && unitBeside && <small> {unit}</small>}
        </span>
        <span class="figure-note" data-alert={alert}>
          {known && !unitBeside && `${unit}, `}
          {note}
        </span>
      </dd>
    </div>
  );
}

export interface FiguresProps {
  cadence_spm: number | null;
  cadenceNote: string;
  steps: number | null;
  stepsNote: string;
  bout: Bout | null;
  boutNote: string;
  /** Greyed: the numbers are from the past. */
  old: boolean;
}

export function Figures({ cadence_spm, cadenceNote, steps, stepsNote, bout, boutNote, old }: FiguresProps) {
  return (
    <dl class="figures" data-old={old}>
      <Figure name="Cadence" value={whole(cadence_spm)} unit="steps/min" note={cadenceNote} testid="cadence" primary alert={old} />
      <Figure name="Steps" value={whole(steps)} note={stepsNote} testid="steps" primary />
      <Figure
        name="Walking now"
        value={bout ? clockTime(bout.duration_s) : DASH}
        alert={old && !bout}
        note={bout ? `${whole(bout.steps)} steps${bout.cadence_spm === null ? "" : `, ${whole(bout.cadence_spm)}/min`}` : boutNote}
        testid="bout"
      />
    </dl>
  );
}
