/** A Timed Up and Go: its six phases, trunk rotation with their boundaries, step times. */

import { fixed } from "../../format";
import { stepRows } from "../../watch/moment";
import { startOf } from "../../watch/look";
import { PHASES, phaseWords } from "../../watch/words";
import { RateChart } from "./RateChart";
import { StepTimes } from "./StepTimes";
import type { Look } from "../../watch/look";
import type { PhaseProgress } from "../../wire/tests";
import type { Lane } from "../../chart/ratePlot";

const LANES: readonly Lane[] = ["pitch", "yaw"];
const NO_PHASES: readonly PhaseProgress[] = [];

export function TugView({ look }: { look: Look }) {
  const phases = look.progress?.phases ?? NO_PHASES;
  const start_s = startOf(look.run, look.progress, look.event);
  const at_s = look.at_s ?? start_s ?? 0;
  const until_s = Math.min(at_s, look.event?.end_s ?? at_s);
  return (
    <>
      <Phases phases={phases} start_s={start_s} at_s={until_s} />
      <RateChart
        look={look}
        lanes={LANES}
        parts={phases}
        label="Trunk tilt and turning over the test, with its six parts. The parts are in the table of phases."
      />
      <StepTimes rows={start_s === null ? [] : stepRows(look.source.marks, start_s, until_s)} start_s={start_s ?? 0} />
    </>
  );
}

interface PhasesProps {
  phases: readonly PhaseProgress[];
  start_s: number | null;
  at_s: number;
}

/** A bar to scale, and the same as a table: numbers join the two with the chart. */
function Phases({ phases, start_s, at_s }: PhasesProps) {
  const lasting_s = (phase: PhaseProgress): number => Math.max(0, (phase.end_s ?? at_s) - phase.start_s);
  const rows = PHASES.map(({ name, label }) => ({ name, label, phase: phases.find((it) => it.name === name) ?? null }));
  const whole_s = Math.max(...phases.map(lasting_s), 1);
  return (
    <section class="phases" aria-labelledby="phases-heading">
      <h2 id="phases-heading">Phases</h2>
      <div class="phase-bar" aria-hidden="true">
        {rows.map(({ name, phase }, i) => (
          <span
            key={name}
            data-state={phase === null ? "to-come" : phase.end_s === null ? "now" : "done"}
            style={{ flexGrow: phase === null ? 0.4 : Math.max(0.25, lasting_s(phase) / whole_s) }}
          >
            {i + 1}
          </span>
        ))}
      </div>
      <table class="phase-table">
        <caption class="visually-hidden">Phases of the test, in seconds from its beginning</caption>
        <thead>
          <tr>
            <th scope="col">Phase</th>
            <th scope="col">From</th>
            <th scope="col">Lasted</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, phase }, i) => (
            <tr key={name} data-state={phase === null ? "to-come" : phase.end_s === null ? "now" : "done"}>
              <th scope="row">
                <span class="phase-number" aria-hidden="true">
                  {i + 1}
                </span>
                {phaseWords(name)}
              </th>
              <td>{phase === null || start_s === null ? "" : `${fixed(Math.max(0, phase.start_s - start_s), 1)} s`}</td>
              <td>{phase === null ? "not yet" : phase.end_s === null ? `${fixed(lasting_s(phase), 1)} s …` : `${fixed(lasting_s(phase), 2)} s`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
